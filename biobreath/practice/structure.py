"""Whether a translation is the same practice: other words and times, and nothing else."""

from dataclasses import replace
from itertools import zip_longest
from typing import Any

from biobreath.practice.packs import Header, LookedBack, Pack
from biobreath.practice.phases import Phase
from biobreath.practice.rules import Rule


def differences(original: Pack, translation: Pack) -> list[str]:
    """Say in plain words where a translation differs in more than words; empty for nowhere."""
    if original.id != translation.id:
        return [f"its id is “{translation.id}”, not “{original.id}”"]
    ours, theirs = _phase_ids(original), _phase_ids(translation)
    if ours != theirs:
        pairs = zip_longest(ours, theirs, fillvalue="")
        odd = next(one or other for one, other in pairs if one != other)
        return [f"its phases differ from “{odd}” on"]
    found = [
        f"phase “{one.id}” is not the same"
        for one, other in zip(original.phases, translation.phases, strict=True)
        if _shape(one) != _shape(other)
    ]
    if [_rule(rule) for rule in original.rules] != [_rule(rule) for rule in translation.rules]:
        found.append("its rules are not the same")
    if _rest(original) != _rest(translation):
        found.append("its header, its numbers or its review are not the same")
    return found


def _phase_ids(pack: Pack) -> tuple[str, ...]:
    return tuple(phase.id for phase in pack.phases)


def _shape(phase: Phase) -> Phase:
    """Return a part without its words and times."""
    return replace(
        phase,
        title="",
        seconds=None if phase.seconds is None else 0.0,
        lines=tuple(replace(line, at_s=0.0, text="") for line in phase.lines),
        ask="",
        ask_2="",
        hint="",
        qualities=("",) * len(phase.qualities),
        outside_option="yes" if phase.outside_option else "",
        none_option="yes" if phase.none_option else "",
        options=tuple(
            replace(option, label="", say="yes" if option.say else "") for option in phase.options
        ),
        labels=("",) * len(phase.labels),
        examples=(),
        chips=("",) * len(phase.chips),
        questions=tuple(
            replace(question, ask="", why="", options=("",) * len(question.options))
            for question in phase.questions
        ),
    )


def _rule(rule: Rule) -> Rule:
    return replace(rule, then=replace(rule.then, say="yes" if rule.then.say else ""))


def _rest(pack: Pack) -> dict[str, Any]:
    """Return what neither words nor parts are."""
    plain = Header("", "", "", "", "", "")
    looked_back: LookedBack = replace(pack.looked_back, words="")
    bare = replace(
        pack,
        header=plain,
        summary="",
        minutes=0.0,
        authors=(),
        review_state=replace(pack.review_state, status="", by="", on=""),
        looked_back=looked_back,
        phases=(),
        rules=(),
        ideas=tuple(replace(idea, group="", steps=()) for idea in pack.ideas),
        follow_ups=tuple(replace(one, ask="") for one in pack.follow_ups),
        text="",
    )
    return {"pack": bare}
