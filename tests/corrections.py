"""Made-up corrections of the sample, for tests: the draft is the note without its last sentence."""

import json
from pathlib import Path

from medsum.corpus.corrections import FILE, Correction, Part
from tests.conftest import sample_rows


def made_up(count: int) -> list[Correction]:
    """Return corrections of the first rows of the sample; every third draft is signed unchanged."""
    found = []
    for number, row in enumerate(sample_rows()[:count]):
        signed = row["section_text"]
        draft = signed if number % 3 == 0 else f"{signed.rpartition('. ')[0]} Takes warfarin 5 mg."
        parts = (Part(row["section_header"], draft, signed),)
        time = f"2026-{9 + number % 2:02}-0{1 + number % 9}T08:00:00Z"
        found.append(Correction(f"c{number:015}", time, "ab" * 32, 20.0 + number, row["dialogue"], parts))
    return found


def write(folder: Path, corrections: list[Correction], rest: str = "") -> Path:
    """Write corrections as the page does, and then the rest of a killed line."""
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / FILE
    path.write_text("".join(one.line() + "\n" for one in corrections) + rest, encoding="utf-8")
    assert all(json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()[: len(corrections)])
    return path
