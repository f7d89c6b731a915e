"""Numbers of a whole sitting that stand beside it in the library."""

from dataclasses import dataclass, fields


@dataclass(frozen=True, slots=True)
class Summary:
    """Numbers of a whole sitting, None where not known; the facts can tell them again."""

    hr_mean_bpm: float | None = None
    rmssd_ms: float | None = None
    sdnn_ms: float | None = None
    swing_bpm: float | None = None
    coherence: float | None = None
    breaths_per_minute: float | None = None
    corrected_share: float | None = None
    metrics_version: int = 0


SUMMARY_COLUMNS = tuple(field.name for field in fields(Summary))
