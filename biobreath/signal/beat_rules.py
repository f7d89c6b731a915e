"""What the judge of beats goes by: the few numbers that were tuned, in one place.

Steps are natural logarithms of ratios of neighbouring intervals: 0.1 is about 10 %. Prices are
steps too: a correction has to save more of them than it costs.
"""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Rules:
    """One set for every heart; `benchmarks/beats.py` tells how much each record had to do with it.

    The benchmark tunes other sets on all records but one and judges that one with them.
    """

    ectopic: float = 0.20
    couplet: float = 0.45
    no_pause: float = 1.2
    """Added, where every beat lately was premature, for a long interval after an early one that is
    taken for anything but the pause; less where fewer were."""
    known_step: float = 0.05
    """What is left of a big step to a slower rate that came with earlier breaths, too."""
    run: float = 0.45
    """Three premature beats in a row, whose pause is not seen yet."""
    extra: float = 0.27
    missed: float = 0.27
    left_out: float = 0.45
    usual: float = 0.2
    """Added for a couplet or an extra beat whose intervals are no shorter than lately usual."""
    restless: float = 4.0
    """How much a restless rhythm adds to every price, per mean step of accepted neighbours."""
    beyond: float = 1.4
    """What a normal beat costs per step beyond what was lately usual."""
    again: float = 0.85
    """How much cheaper a premature beat is where every beat lately was one."""
    premature: float = 0.92
    """A premature beat comes before this share of the interval before it."""
    coupled: float = 0.85
    """Two in a row are earlier still: breathing in shortens interval after interval a little."""
    long_pause: float = 1.45
    stays_long: float = 0.92
    """After a pause this long the next interval is shorter by this; in a slow breath it stays."""
    deep: float = 0.87
    """One earlier than this, and shorter than lately usual, is no foot of a slow breath's step."""
    alike: float = 1.2
    """Three intervals within this ratio, far from the one before, are another rhythm."""


RULES = Rules()
