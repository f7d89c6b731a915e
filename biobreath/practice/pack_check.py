"""The checker of packs: everything a writer wants to know before somebody in pain hears it."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass

from biobreath.practice.lessons import lessons_of, references_of
from biobreath.practice.pack_reading import BadPack, Problem, header_of, read_practice, table_of
from biobreath.practice.packs import Pack
from biobreath.practice.phases import Phase
from biobreath.practice.plain_tables import BadTable, Table
from biobreath.practice.profile import PAIN_CHECKED
from biobreath.practice.wording import (
    HARDEST_PACK,
    HARDEST_SENTENCE,
    avoided_in,
    claims_safety,
    reading_grade,
    shown_texts,
    whole_sentences,
)

_SLACK_S = 0.5


@dataclass(frozen=True, slots=True)
class Known:
    """What a pack may refer to; an empty set is not looked at."""

    patterns: Collection[str] = ()
    scales: Collection[str] = ()
    stops: Collection[str] = ()
    refs: Collection[str] = ()
    packs: Collection[str] = ()


@dataclass(frozen=True, slots=True)
class Checked:
    """What was found: the pack's name, and its problems. No problem is a good pack."""

    name: str
    kind: str
    problems: tuple[Problem, ...]
    grade: float = 0.0


def check(name: str, content: bytes, known: Known) -> Checked:
    """Check the bytes of a pack of any kind; never raises for what is in them."""
    try:
        table = table_of(content)
        header = header_of(table)
    except BadPack as bad:
        return Checked(name, "", bad.problems)
    problems = list(wording_problems(table))
    if header.kind == "practice":
        try:
            problems += practice_problems(read_practice(content), known)
        except BadPack as bad:
            problems += bad.problems
    elif header.kind in ("lessons", "refs"):
        problems += learning_problems(header.kind, table, known)
    grade = reading_grade("\n".join(whole_sentences(shown_texts(table))))
    return Checked(name, header.kind, tuple(problems), grade)


def learning_problems(kind: str, table: Table, known: Known) -> list[Problem]:
    """Return what is wrong with lessons or with sources."""
    try:
        if kind == "refs":
            references_of(table)
            return []
        lessons = lessons_of(table)
    except BadTable as error:
        return [Problem("", str(error))]
    return [
        Problem(f"lesson “{lesson.id}”", f"there is no source “{source}”")
        for lesson in lessons
        for source in lesson.sources
        if known.refs and " " not in source and source not in known.refs
    ]


def wording_problems(table: Table) -> list[Problem]:
    """Return what is better not said, or said more simply."""
    texts = list(shown_texts(table))
    found = [
        Problem("wording", f"better not said: “{around}”")
        for text in texts
        for around in avoided_in(text)
    ]
    sentences = whole_sentences(texts)
    found += [
        Problem("wording", f"hard to read: “{text[:80]}”")
        for text in sentences
        if reading_grade(text) > HARDEST_SENTENCE
    ]
    grade = reading_grade("\n".join(sentences))
    if grade > HARDEST_PACK:
        found.append(Problem("wording", f"hard to read as a whole: grade {grade:.1f}"))
    return found


def practice_problems(pack: Pack, known: Known) -> list[Problem]:
    """Return what is wrong with a practice that can be read."""
    return [
        *reference_problems(pack, known),
        *_unreached(pack),
        *(problem for phase in pack.phases for problem in _hurried(phase)),
        *_reassures_anybody(pack),
    ]


def reference_problems(pack: Pack, known: Known) -> list[Problem]:
    """Return what the pack refers to and nobody has."""
    found: list[Problem] = []

    def look(place: str, what: str, names: Iterable[str], among: Collection[str]) -> None:
        found.extend(
            Problem(place, f"there is no {what} “{name}”")
            for name in names
            if name and among and name not in among
        )

    look("evidence", "source", pack.evidence, known.refs)
    look("header", "practice", [pack.soften_with], known.packs)
    for phase in pack.phases:
        place = f"phase “{phase.id}”"
        look(place, "pattern", [phase.pattern], known.patterns)
        look(place, "scale", [*phase.scales, phase.scale], known.scales)
        look(place, "reason to stop", [option.stop for option in phase.options], known.stops)
    phases = {phase.id for phase in pack.phases}
    for number, rule in enumerate(pack.rules, 1):
        led = [rule.then.suggest, *([] if rule.then.offer in phases else [rule.then.offer])]
        look(f"rule {number}", "practice", led, known.packs)
    return found


def _reassures_anybody(pack: Pack) -> list[Problem]:
    """Return what tells somebody that all is safe whose pain no health worker has looked at."""
    if PAIN_CHECKED in pack.needs_flags:
        return []
    said = [
        (f"phase “{phase.id}”", text)
        for phase in pack.phases
        for text in (
            *(line.text for line in phase.lines if line.if_flag != PAIN_CHECKED),
            *(option.say for option in phase.options),
            *phase.chips,
        )
    ]
    said += [(f"rule {number}", rule.then.say) for number, rule in enumerate(pack.rules, 1)]
    return [
        Problem(place, f'only for whose pain was checked (if = "{PAIN_CHECKED}"): “{text}”')
        for place, text in said
        if claims_safety(text)
    ]


def _unreached(pack: Pack) -> list[Problem]:
    reached: set[str] = set()
    waiting = [pack.phases[0].id, "ground", "rest", pack.easier]
    while waiting:
        name = waiting.pop()
        if name in reached or not pack.has(name):
            continue
        reached.add(name)
        waiting += ways_from(pack, pack.phase(name))
    return [
        Problem(f"phase “{phase.id}”", "nothing leads there")
        for phase in pack.phases
        if phase.id not in reached
    ]


def ways_from(pack: Pack, phase: Phase) -> list[str]:
    """Return every part that may follow ``phase``."""
    after = pack.phases[pack.phases.index(phase) + 1 :]
    following = phase.next or next((one.id for one in after if not one.side), "")
    options = [option.goto for option in phase.options]
    rules = [r.then.goto or r.then.offer for r in pack.rules if r.after == phase.id]
    return [following, *options, *rules]


def _hurried(phase: Phase) -> list[Problem]:
    """Return the lines that cannot be said in their time."""
    found: list[Problem] = []
    ends = [*(line.at_s for line in phase.lines[1:]), phase.seconds]
    for line, until_s in zip(phase.lines, ends, strict=False):
        if until_s is None or until_s == line.at_s:
            continue  # two ways of saying it, for different people
        if line.at_s + line.spoken_s > until_s + _SLACK_S:
            place = f"phase “{phase.id}”"
            needs = f"{line.spoken_s:.0f} s, and has {until_s - line.at_s:.0f} s"
            found.append(Problem(place, f"the line at {line.at_s:g} needs {needs}"))
    return found
