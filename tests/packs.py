"""A small practice that tests can change, and the content they play."""

import random
from functools import cache

from biobreath import places
from biobreath.practice.content import load_content
from biobreath.practice.display import Display
from biobreath.practice.phases import PhaseType

SMALL = """
schema = "biobreath-pack/1"
kind = "practice"
id = "test.small"
version = "1.0.0"
lang = "en"
tool = "test"
title = "A small one"
summary = "A practice for tests."
minutes = 3
licence = "CC0-1.0"
easier = "soft"

[sensor]
use = "optional"
display = "wave"

[[phase]]
id = "welcome"
type = "prompt"
title = "Welcome"
seconds = 10
lines = [
  { at = 0, text = "Hello." },
  { at = 5, text = "You had it checked.", if = "pain_checked" },
  { at = 5, text = "You are cared for.", if_not = "pain_checked" },
]

[[phase]]
id = "before"
type = "rating"
title = "Before"
scales = ["fear", "peace"]

[[phase]]
id = "ask"
type = "choice"
title = "Which way?"
ask = "Which way?"
timeout = { seconds = 20, pick = "on" }
options = [
  { id = "on", label = "On", goto = "breathe" },
  { id = "new", label = "New", show = "red_flags", goto = "close" },
  { id = "dizzy", label = "Dizzy", stop = "dizzy" },
  { id = "hide", label = "Hide it", set_flags = ["hide_heart"], goto = "breathe" },
]

[[phase]]
id = "breathe"
type = "breathe"
title = "Breathe"
seconds = 60
stretch = true
pattern = "long-out"
lines = [ { at = 0, text = "Small and slow." }, { at = 30, text = "And on." } ]

[[phase]]
id = "after"
type = "rating"
title = "After"
scales = ["fear"]

[[phase]]
id = "note"
type = "journal"
title = "A word"
ask = "A word?"
chips = ["calm"]
save_as = "safety_list"
win = true

[[phase]]
id = "close"
type = "prompt"
title = "Thank you"
seconds = 5
lines = [ { at = 0, text = "Thank you." } ]

[[phase]]
id = "soft"
type = "breathe"
title = "Soft"
side = true
seconds = 30
pattern = "gentle"
display = "ambient"
next = "after"

[[phase]]
id = "rest"
type = "breathe"
title = "Rest"
side = true
seconds = 30
pattern = "natural"
next = "after"

[[phase]]
id = "ground"
type = "prompt"
title = "Ground"
side = true
use = "core.safety#ground"
next = "rest"

[[rule]]
after = "after"
if = { scale = "fear", op = ">=", value = 7 }
then = { goto = "ground", say = "Let us come back.", next_time = { pattern = "gentle" } }

[[rule]]
after = "note"
if = { scale = "fear", op = "rise>=", value = 2, from = "before" }
then = { say = "never: the scale is not asked here" }
"""


@cache
def content():
    return load_content(places.assets(), places.assets() / "none")


class Walk:
    """Plays a practice to its end with random answers, as somebody with a will of their own."""

    def __init__(self, player, seed, *, stops=0.02):
        self.player = player
        self.chance = random.Random(seed)
        self.stops = stops
        self.now = 0.0
        self.said = set()
        self.seen = []

    def play(self, most=4000):
        for _ in range(most):
            if self.player.over:
                return self
            self.look()
            self.step()
        raise AssertionError(f"it does not end: {self.player.phase.id}")

    def look(self):
        player = self.player
        self.said.update(player.said(self.now))
        self.seen.append((player.phase, player.display(), player.card))

    def step(self):
        player, chance = self.player, self.chance
        if chance.random() < self.stops:
            self.interrupt()
        elif player.card is not None:
            chance.choice([player.dismiss, player.accept])(self.now)
            if player.card is not None:
                player.dismiss(self.now)
        elif player.length_s() is not None and chance.random() < 0.9:
            # Looked at in the middle, so that every sentence is heard.
            for share in (0.25, 0.5, 0.75, 0.99, 1.0):
                if not player.over and player.length_s() is not None:
                    self.now += share * 0.3 * player.length_s()
                    self.look()
                    player.tick(self.now)
        else:
            self.answer()

    def interrupt(self):
        player, chance = self.player, self.chance
        acts = [player.easier, player.ground, player.close, player.pause, player.go_on]
        acts += [lambda now, stop=stop: player.stop(now, stop.id) for stop in player.stops]
        chance.choice(acts)(self.now)
        if player.paused and player.card is None and chance.random() < 0.7:
            self.now += chance.uniform(0, 100)
            player.resume(self.now)

    def answer(self):
        player, chance, phase = self.player, self.chance, self.player.phase
        self.now += chance.uniform(0, 20)
        if chance.random() < 0.15:
            player.go_on(self.now)
            return
        match phase.type:
            case PhaseType.RATING:
                values = {one: chance.choice([None, *range(11)]) for one in phase.scales}
                player.rate(self.now, values)
            case PhaseType.CHOICE:
                player.choose(self.now, [chance.choice(phase.options).id])
            case PhaseType.BODY_MAP:
                player.mark(self.now, ["left_hand"], phase.qualities[:1])
            case PhaseType.JOURNAL:
                player.write(self.now, [*phase.chips[:1], "mine"])
            case PhaseType.QUIZ:
                for number, question in enumerate(phase.questions):
                    player.answer(self.now, number, chance.randrange(len(question.options)))
                player.go_on(self.now)
            case PhaseType.LADDER_STEP:
                player.tell_value("step.fear", chance.randrange(11))
                player.go_on(self.now)
            case _:
                player.go_on(self.now)


LEVELS = tuple(Display)
