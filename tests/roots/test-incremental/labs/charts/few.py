def bars(few):
    return {
        "data": {"values": [{"a": few["count"].value}]},
        "mark": "bar",
        "encoding": {"x": {"field": "a", "type": "ordinal"}},
    }
