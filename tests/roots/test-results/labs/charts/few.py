def bars(few, noise):
    rows = [{"a": few["count"].value}, {"a": noise["runs"].value}]
    return {
        "data": {"values": rows},
        "mark": "bar",
        "encoding": {"x": {"field": "a", "type": "ordinal"}},
    }
