"""How the content speaks: words that hurt, and sentences that are too hard for a tired reader."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, cast

AVOIDED = (
    r"\bcatastroph", r"\ball in your (head|mind)\b", r"\bpsychosomatic\b",
    r"\b(just|must|have to) relax\b", r"(?<!not by )(?<!not )\bpush(ing)? through\b",
    r"\bno pain,? no gain\b", r"(?<!treat or )\bcure[sd]?\b", r"\bheal your\b", r"\bfix your\b",
    r"\bdamaged (brain|nerves?)\b", r"\bbroken\b", r"\bdegenerat", r"\bsuffer", r"\bvictim",
    r"\bmalinger", r"\bnon-?complian", r"\bstreak", r"\byou missed\b", r"\bdays? in a row\b",
    r"\bgood score\b", r"\bscore of\b", r"\bpersonal best\b", r"\bdeep(ly|er)? breath",
    r"\bbreathe (more )?deep", r"\bshould (feel|be able|not feel)\b", r"\bonly (in )?your brain\b",
    r"\bpain is not real\b", r"\bbattle\b", r"\bfight(ing)? (the|your|against) pain",
    r"\bpain-?free guarantee", r"\bguarantee", r"\bwell done\b", r"\bgood job\b",
)  # fmt: skip
"""What is never said to somebody in pain (as patterns of small letters)."""

CLAIMS_SAFETY = (
    r"\b(?:am|are|is|you're|it's) safe\b", r"\bsafe enough\b", r"\bno (?:fire|danger)\b",
    r"\bnot (?:a sign of|mean) (?:new )?(?:harm|damage)\b", r"\bnot (?:dangerous|harmful)\b",
    r"\bno (?:new )?(?:harm|damage)\b", r"\bnothing is wrong\b",
)  # fmt: skip
"""What needs a pain that a health worker has looked at. A wish ("may you be safe") is no claim."""

HARDEST_SENTENCE = 12.0
HARDEST_PACK = 7.0
"""School years (Flesch-Kincaid) that one sentence, and a whole pack, may ask for."""
_SHORTEST_SENTENCE = 5

SHOWN_KEYS = frozenset(
    ("text", "ask", "ask_2", "say", "tell", "label", "why", "hint", "about", "words", "summary")
) | frozenset(
    ("title", "body", "points", "steps", "safety", "hello", "hello_again", "curious", "wins")
) | frozenset(
    ("chips", "options", "examples", "disclaimer", "emergency", "soon", "qualities", "low", "high")
) | frozenset(("outside_option", "none_option", "name", "group"))  # fmt: skip
"""Keys of a pack whose text a person reads or hears."""


def shown_texts(value: object, key: str = "") -> Iterator[str]:
    """Yield every text of a table of content that a person gets to see."""
    if isinstance(value, str):
        if key in SHOWN_KEYS:
            yield value
    elif isinstance(value, Mapping):
        for name, inner in cast("Mapping[str, Any]", value).items():
            yield from shown_texts(inner, name)
    elif isinstance(value, Sequence) and not isinstance(value, bytes):
        for inner in cast("Sequence[Any]", value):
            yield from shown_texts(inner, key)


def avoided_in(text: str) -> list[str]:
    """Return the words in ``text`` that are better not said, with a little around each."""
    found: list[str] = []
    for pattern in AVOIDED:
        for match in re.finditer(pattern, text, re.IGNORECASE):
            around = text[max(0, match.start() - 20) : match.end() + 20]
            found.append(" ".join(around.split()))
    return found


def claims_safety(text: str) -> bool:
    """Tell whether ``text`` says that all is well, which needs a pain that was checked."""
    return any(re.search(pattern, text, re.IGNORECASE) for pattern in CLAIMS_SAFETY)


def reading_grade(text: str) -> float:
    """Return the school year that reads ``text`` with ease.

    The grade of Kincaid et al. 1975: 0.39 words a sentence + 11.8 syllables a word - 15.59, with
    syllables counted from the letters, so for English only.
    """
    sentences = [part for part in re.split(r"[.!?:]+", text) if part.strip()]
    spoken = re.findall(r"[A-Za-z']+", text)
    if not spoken:
        return 0.0
    syllables = sum(_syllables(word) for word in spoken)
    return 0.39 * len(spoken) / len(sentences) + 11.8 * syllables / len(spoken) - 15.59


def _syllables(word: str) -> int:
    letters = re.sub(r"[^a-z]", "", word.lower())
    groups = len(re.findall(r"[aeiouy]+", letters))
    silent_e = letters.endswith("e") and not letters.endswith(("le", "ee"))
    silent_ed = letters.endswith("ed") and not letters.endswith(("ted", "ded"))
    return max(1, groups - (1 if groups > 1 and (silent_e or silent_ed) else 0))


def whole_sentences(texts: Iterable[str]) -> list[str]:
    """Return the texts that are sentences: a label of two words has no grade."""
    return [
        text
        for text in texts
        if text.rstrip()[-1:] in set(".!?") and len(text.split()) >= _SHORTEST_SENTENCE
    ]
