"""Earlier sittings with practices, as far as later ones look at them."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class PastRating:
    """A number that was told in ``phase``; None where it was skipped."""

    scale: str
    phase: str
    value: float | None


@dataclass(frozen=True, slots=True)
class PastSitting:
    """One sitting with ``pack``; times in UTC seconds."""

    session_id: int
    uuid: str
    pack: str
    version: str
    started_utc_s: float
    ended_utc_s: float
    how: str
    ratings: tuple[PastRating, ...] = ()
    answers: tuple[tuple[str, tuple[str, ...], str], ...] = ()
    stops: tuple[str, ...] = ()
    carried: tuple[tuple[str, str], ...] = ()
