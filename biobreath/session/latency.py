"""How late straps tell their beats: median delay from heartbeat to notification, by model.

Measured with a synthetic ECG (Physiol. Meas. 2025 46(8) 085001). At 6 breaths a minute 2.6 s is a
quarter of a breath, so heart and breath are never compared in uncorrected time.
"""

_LATENCY_S = {
    "demo heart": 0.0,
    "Polar H10": 2.6,
    "Wahoo TRACKR": 2.1,
    "TRACKR": 2.1,
    "HRM-Dual": 0.7,
    "Movesense": 0.4,
}


def latency_s(device_name: str) -> float | None:
    """Return the model's median latency in seconds, None for a model nobody has measured."""
    name = device_name.lower()
    for model, seconds in _LATENCY_S.items():
        if model.lower() in name:
            return seconds
    return None
