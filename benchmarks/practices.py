"""Random walks through every practice: ``python benchmarks/practices.py [--walks 2000]``.

Each walk answers, skips, waits and stops at random, without flags, with each of them alone, or with
some by chance, and must come to an end. What needs a check by a health worker is never said without
it, and no more of the heart is shown than is allowed. Prints a table of how the walks ended.
"""

import argparse
import random
import sys
import time
from collections import Counter
from pathlib import Path

from biobreath.events import PracticeEvent
from biobreath.practice.carried import Carried
from biobreath.practice.display import Display
from biobreath.practice.packs import FLAGS, Pack
from biobreath.practice.player import MOST_VISITS, Person, Player
from biobreath.practice.wording import claims_safety

sys.path.insert(0, str(Path(__file__).parent.parent / "tests"))
from packs import Walk, content

EACH_FLAG = sorted(FLAGS)


def flags_of(number: int, chance: random.Random) -> frozenset[str]:
    """Return the flags of a walk: none, each alone, some by chance, in turn."""
    place = number % (len(EACH_FLAG) + 2)
    if place <= len(EACH_FLAG):
        return frozenset(EACH_FLAG[place - 1 : place])
    return frozenset(flag for flag in EACH_FLAG if chance.random() < 0.3)


def walk(pack: Pack, number: int) -> tuple[str, int]:
    """Walk once; return how it ended and how many parts it had."""
    seed = f"{pack.id} {number}"
    chance = random.Random(seed)
    flags = flags_of(number, chance)
    user = chance.choice(list(Display))
    person = Person(
        flags,
        user,
        ("My scan was clear",),
        has_sensor=True,
        imagery_levels={"": chance.randrange(7)},
    )
    facts: list[PracticeEvent] = []
    player = Player(
        pack,
        content().shared(chance.choice([None, 5.5])),
        person,
        Carried(easier=chance.randrange(2)),
        facts.append,
        0.0,
        minutes=chance.choice([3.0, 6.0, None]),
        flare=chance.random() < 0.1,
    )
    walked = Walk(player, seed, stops=chance.choice([0.0, 0.02, 0.1])).play()
    assert player.how == "done" or player.how.startswith(("closed", "stopped:")), seed
    assert player.visits <= MOST_VISITS + 2
    checked = "pain_checked" in flags or "pain_checked" in pack.needs_flags
    assert checked or not any(claims_safety(one) for one in walked.said), seed
    for phase, shown, _card in walked.seen:
        assert shown.rank <= min(user.rank, (phase.display or pack.display).rank), seed
        assert not (flags & {"hide_heart", "hrv_off"} and shown.has_wave), seed
    return player.how.partition(":")[0], player.visits


def main() -> None:
    """Walk through all practices and print what came of it."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--walks", type=int, default=2000)
    walks = parser.parse_args().walks
    print("| practice | walks | done | stopped | closed | most parts | s |")
    print("|---|---|---|---|---|---|---|")
    for pack in content().library.packs:
        began = time.perf_counter()
        results = [walk(pack, number) for number in range(walks)]
        ways = Counter(how for how, _visits in results)
        most = max(visits for _how, visits in results)
        took = time.perf_counter() - began
        counts = " | ".join(str(ways[way]) for way in ("done", "stopped", "closed"))
        print(f"| {pack.id} | {walks} | {counts} | {most} | {took:.1f} |")


if __name__ == "__main__":
    main()
