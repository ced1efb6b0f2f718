"""What screening found decides whether an adapter of one's own data is published, and stands in its card."""

import json
from pathlib import Path
from typing import Any

import pytest

from medsum.core.errors import UserError
from medsum.publish.__main__ import tell_of_identifiers
from medsum.publish.card import screening_said
from medsum.publish.origin import OPEN, Data, require_screened

OWN = Data("ward-7", "Dialogues of whoever publishes this adapter.", "as agreed", "other", is_open=False)


@pytest.fixture(autouse=True)
def _in_a_folder_of_its_own(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "metrics").mkdir()


def measured(**identifiers: Any) -> None:
    Path("metrics/data.json").write_text(json.dumps({"records": 9, "identifiers": identifiers}), encoding="utf-8")


def test_data_of_ones_own_with_identifiers_left_are_refused() -> None:
    measured(action="report", records=2, left=3, found={"name": 3}, ids=["4", "7"])
    with pytest.raises(UserError, match=r"have 3 findings .* set privacy\.action to mask or drop"):
        require_screened(OWN)


def test_masked_data_and_open_data_are_published() -> None:
    measured(action="mask", records=2, left=0, found={"name": 3}, ids=[])
    require_screened(OWN)
    measured(action="report", records=2, left=3, found={"name": 3}, ids=[])
    require_screened(next(iter(OPEN.values())))


def test_data_that_nobody_screened_are_refused() -> None:
    Path("metrics/data.json").write_text('{"records": 9}', encoding="utf-8")
    with pytest.raises(UserError, match="does not say what screening found; run `dvc repro`"):
        require_screened(OWN)


@pytest.mark.parametrize(
    ("found", "action", "said"),
    [
        ({}, "report", "found nothing that may identify a person"),
        ({"name": 3, "phone": 1}, "mask", "found in 2 records 3 names, 1 telephone number, and they are masked"),
        ({"date": 1}, "report", "found in 2 records 1 date, and they are still there"),
    ],
)
def test_the_card_says_what_was_found_and_done(found: dict[str, int], action: str, said: str) -> None:
    measured(action=action, records=2, left=0, found=found, ids=[])
    assert screening_said() == said


def test_words_of_the_publisher_that_may_identify_a_person_are_told(capsys: pytest.CaptureFixture[str]) -> None:
    tell_of_identifiers("--data-license", "ask Dr. Okafor, okafor@example.org")
    tell_of_identifiers("--data-license", "CC BY 4.0")
    assert capsys.readouterr().err == (
        "Warning: --data-license has text that may identify a person (1 name, 1 e-mail address); the card shows it\n"
    )
