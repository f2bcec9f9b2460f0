extensions = ["website"]
