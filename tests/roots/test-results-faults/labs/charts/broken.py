def good(results)
