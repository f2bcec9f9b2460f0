def good(results):
    return {
        "data": {"values": results.rows("size")},
        "mark": "bar",
        "encoding": {"x": {"field": "size", "type": "ordinal"}},
    }


def raises(results):
    return results["fall"].value / 0


def number(results):
    return 3


def address(results):
    return {"data": {"url": "https://example.org/x.csv"}, "mark": "bar"}


def nonsense(results):
    return {"mark": "nonsense", "data": {"values": []}}


def unserialisable(results):
    return good(results) | {"width": {1, 2}}


def infinite(results):
    return good(results) | {"data": {"values": [{"size": float("nan")}]}}
