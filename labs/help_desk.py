"""Four notes of a help desk, in words and in numbers: the running example on dense and sparse."""

from __future__ import annotations

NOTES = {
    "A": "error E42 replace the cable",
    "B": "router error E24 restart the router",
    "C": "no internet restart the modem",
    "D": "the bill for the month comes by post",
}
#: Vectors of two numbers as a model might put them out, before their lengths are made one.
RAW = {"A": (0.6, 0.8), "B": (4.0, 3.0), "C": (2.4, 0.7), "D": (-1.2, 1.6)}
#: Of questions, of length one: the wifi that is down; error E42.
WIFI, E42 = (1.0, 0.0), (0.8, 0.6)
#: Weights that a learned sparse model might give: words of the text, and others that mean the same.
EXPANDED = {
    "A": {"error": 0.9, "e42": 1.4, "cable": 1.3, "replace": 0.7, "broken": 0.5},
    "B": {"router": 1.5, "error": 0.8, "e24": 1.4, "restart": 0.9, "reboot": 0.6, "wifi": 0.4},
    "C": {"internet": 1.5, "modem": 1.2, "restart": 0.9, "wifi": 0.9, "down": 0.6},
    "D": {"bill": 1.6, "post": 1.1, "month": 0.7, "invoice": 0.8},
}
WIFI_EXPANDED = {"wifi": 1.2, "down": 0.7, "internet": 0.8}
