def bars(tall):
    return {
        "data": {"values": [{"a": tall["count"].value}]},
        "mark": "bar",
        "encoding": {"x": {"field": "a", "type": "ordinal"}},
    }
