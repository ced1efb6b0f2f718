"""Files of summaries and the records that they summarise; a mistake is told in a sentence."""

import json
from pathlib import Path
from typing import Any

import pytest

from medsum.core.errors import UserError
from medsum.dialogue.predictions import read_predictions, read_references
from medsum.dialogue.record import Record

RECORDS = [Record(name, "Doctor: Well?\nPatient: Yes.", "Well.", None, "test") for name in ("a", "b")]


def lines(path: Path, rows: list[Any]) -> Path:
    path.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    return path


def test_predictions_come_in_the_order_of_the_records(tmp_path: Path) -> None:
    path = lines(tmp_path / "p.jsonl", [{"id": "b", "text": "second"}, {"id": "a", "text": "first"}])
    assert read_predictions(path, RECORDS) == ["first", "second"]


def test_numeric_ids_are_their_digits(tmp_path: Path) -> None:
    path = lines(tmp_path / "p.jsonl", [{"id": 7, "text": "seventh"}])
    record = {"id": 7, "dialogue": "Doctor: Well?", "summary": "Well."}
    assert read_predictions(path, read_references(lines(tmp_path / "r.jsonl", [record]))) == ["seventh"]


def test_what_a_batch_wrote_is_read_as_predictions(tmp_path: Path) -> None:
    path = lines(tmp_path / "p.jsonl", [{"id": "a", "summary": "first"}, {"id": "b", "summary": "second"}])
    assert read_predictions(path, RECORDS) == ["first", "second"]


@pytest.mark.parametrize(
    ("rows", "told"),
    [
        ([{"id": "a", "text": "x"}], "{} has no summary of record 'b'; run `dvc repro` to make it again"),
        ([{"id": "a", "text": "secret"}, {"id": "a", "text": "x"}], "{}, line 2: a second summary of record 'a'; keep"),
        ([{"id": "a", "note": "secret"}], "{}, line 1: not a summary; write a JSON object with id and text"),
        (["secret"], "{}, line 1: not a summary; write a JSON object with id and text"),
    ],
)
def test_predictions_that_do_not_fit_are_told_without_their_text(rows: list[Any], told: str, tmp_path: Path) -> None:
    path = lines(tmp_path / "p.jsonl", rows)
    with pytest.raises(UserError) as caught:
        read_predictions(path, RECORDS)
    assert str(caught.value).startswith(told.format(path))
    assert "secret" not in str(caught.value)


@pytest.mark.parametrize(
    "row",
    [{"id": "1", "dialogue": "Doctor: secret"}, {"id": "1", "dialogue": "Doctor: secret", "summary": " "}, ["secret"]],
)
def test_a_record_without_reference_is_told_without_its_text(row: Any, tmp_path: Path) -> None:
    path = lines(tmp_path / "r.jsonl", [row])
    with pytest.raises(UserError) as caught:
        read_references(path)
    assert str(caught.value) == f"{path}, line 1: not a record; write a JSON object with id, dialogue and summary"
