"""How late straps tell their beats: median delay from heartbeat to notification, by model.

Measured with a synthetic ECG (Physiol. Meas. 2025 46(8) 085001). At 6 breaths a minute 2.6 s is a
quarter of a breath, so heart and breath are never compared in uncorrected time.
"""

_LATENCY_S = {
    ("demo", "heart"): 0.0,
    ("polar", "h10"): 2.6,
    ("wahoo", "trackr"): 2.1,
    ("trackr",): 2.1,
    ("hrm-dual",): 0.7,
    ("movesense",): 0.4,
}


def latency_s(device_name: str) -> float | None:
    """Return the model's median latency in seconds, None for a model nobody has measured.

    ``device_name`` is what the strap calls itself, or its manufacturer and model.
    """
    words = set(device_name.lower().split())
    return next((s for model, s in _LATENCY_S.items() if words.issuperset(model)), None)
