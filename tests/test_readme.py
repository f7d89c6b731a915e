"""What the README shows to a researcher runs as it stands there."""

import re
from pathlib import Path

import numpy as np
import pytest

from biobreath.practice.protocols import PROTOCOLS
from biobreath.sensors.heart_model import HeartModel
from biobreath.sensors.people import person_of
from biobreath.signal import hrv

README = Path(__file__).parent.parent / "README.md"


def test_the_lines_for_researchers_compute_what_they_promise(tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    protocol = PROTOCOLS["sliding"]()
    person = person_of(5)
    model = HeartModel(person, 5, protocol.fullness)
    ticks = [beat.ticks for beat in model.advance(protocol.duration_s)]
    rr_ms = np.diff(ticks) * 125 / 128
    np.savetxt("walk.txt", rr_ms)
    paces = [fact for fact in protocol.facts(-ticks[0] / 1024) if hasattr(fact, "origin_s")]
    names = {"breath_starts_s": np.array([fact.origin_s for fact in paces])}
    for block in re.findall(r"```python\n(.*?)```", README.read_text("utf-8"), re.DOTALL):
        exec(block, names)
    rmssd, coherence, resonance = capsys.readouterr().out.splitlines()
    assert float(rmssd.split()[0]) == pytest.approx(hrv.rmssd_ms([rr_ms]), rel=0.02)
    assert 0.0 < float(coherence) < 1.0
    assert "reason=None" in resonance
    assert abs(names["sliding_resonance"](names["waves"]).breaths_per_minute
               - person.resonance_per_minute) < 0.7  # fmt: skip
