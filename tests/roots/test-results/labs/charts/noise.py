"""Two charts; dicts, so that Altair is not needed."""


def falling(results):
    rows = results.rows("size", "error")
    return {
        "data": {"values": rows},
        "mark": {"type": "line", "clip": True},
        "encoding": {
            "x": {"field": "size", "type": "quantitative"},
            "y": {"field": "error", "type": "quantitative", "title": "error < αβγ"},
            "color": {"value": "#b3450e"},
        },
    }


def set_by(results):
    return {
        "width": 400,
        "params": [
            {"name": "x", "value": 1, "bind": {"input": "range", "min": 1, "max": 9000, "step": 1}}
        ],
        "data": {"values": [{"a": 1}, {"a": 2}]},
        "transform": [{"calculate": "datum.a * x", "as": "b"}],
        "mark": "bar",
        "encoding": {
            "x": {"field": "a", "type": "ordinal"},
            "y": {"field": "b", "type": "quantitative"},
        },
    }
