"""A little text to pre-train on, laid out as the catalogue data/pretraining/ is."""

import csv
from pathlib import Path
from random import Random

import pytest

from pretraining import synthetic, text


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """A folder with both texts, to run the recipe in."""
    folder = tmp_path / "data/pretraining"
    folder.mkdir(parents=True)
    rng = Random(0)
    drawn = [synthetic.draw(rng) for _ in range(120)]
    headers = {section: header for header, section in text.SECTIONS.items()}
    (folder / "medquad.txt").write_text("\n".join(example.note for example in drawn), encoding="utf-8")
    with (folder / "mts-dialog-augmented.csv").open("w", encoding="utf-8", newline="") as file:
        table = csv.writer(file, lineterminator="\n")
        table.writerow(["ID", "section_header", "section_text", "dialogue"])
        table.writerows(
            [number, headers[example.section], example.note, example.dialogue] for number, example in enumerate(drawn)
        )
    return tmp_path
