"""Changed packs for the reader and the checker: ``python benchmarks/fuzz_packs.py [--packs N]``.

Every pack of the content is changed in one to six places: values, keys, letters, whole lines. It
must be read, or refused with plain words; anything else ends this with the trace.
"""

import argparse
import random
import re
import time

from biobreath import places
from biobreath.practice.pack_check import Known, check
from biobreath.practice.pack_reading import BadPack, read_practice

_VALUES = (
    *('""', '"x"', "1e999", "nan", "-1", "[]", "{}", "true", "[[[]]]", '"\\u0000"'),
    *("9" * 50, '"' + "a" * 5000 + '"'),
)


def changed(text: str, chance: random.Random) -> str:
    """Return a pack with some places changed."""
    for _ in range(chance.randint(1, 6)):
        lines = text.split("\n")
        at = chance.randrange(len(lines))
        value = chance.choice(_VALUES)
        match chance.randrange(6):
            case 0:
                lines[at] = re.sub(r"= .*", lambda _, value=value: f"= {value}", lines[at])
            case 1 if len(lines) > 1:
                del lines[at]
            case 2:
                lines[at] = chance.choice(lines)
            case 3:
                lines[at] = re.sub(r'"[^"]*"', lambda _, value=value: value, lines[at], count=1)
            case 4:
                place = chance.randrange(len(lines[at]) + 1)
                letter = chr(chance.randrange(0x2000))
                lines[at] = lines[at][:place] + letter + lines[at][place:]
            case _:
                lines.insert(chance.randrange(len(lines)), lines[at])
        text = "\n".join(lines)
    return text


def main() -> None:
    """Change packs, read them, and print how many were still good."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--packs", type=int, default=10_000)
    parser.add_argument("--seed", type=int, default=0)
    asked = parser.parse_args()
    folder = places.assets() / "content" / "en"
    packs = [path.read_text(encoding="utf-8") for path in sorted(folder.glob("*.toml"))]
    chance = random.Random(asked.seed)
    read = refused = 0
    began = time.perf_counter()
    for _ in range(asked.packs):
        content = changed(chance.choice(packs), chance).encode("utf-8", "surrogatepass")
        check("changed", content, Known())
        try:
            read_practice(content)
            read += 1
        except BadPack:
            refused += 1
    took = time.perf_counter() - began
    print(
        f"{asked.packs} changed packs: {read} read, {refused} refused in plain words, {took:.0f} s"
    )


if __name__ == "__main__":
    main()
