"""Claims on cleaning: what is normalised, what is left alone, and when a row is no record."""

from pathlib import Path
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from medsum.core.errors import UserError
from medsum.corpus.cleaning import clean_record
from medsum.corpus.raw import RawRow, official_split
from medsum.dialogue.characters import clean_text
from medsum.dialogue.record import Record
from medsum.params.data import Columns

COLUMNS = Columns(id="ID", dialogue="dialogue", summary="note", section="header", split="split")


def row(*, file: str = "visits.csv", **values: Any) -> RawRow:
    defaults = {"ID": "7", "dialogue": "Doctor: Any pain?", "note": "No pain.", "header": "hpi"}
    return RawRow(Path(file), 12, {**defaults, **values}, split=official_split(Path(file)))


def cleaned(**values: Any) -> Record | None:
    return clean_record(row(**values), COLUMNS, "mine")


def test_compatibility_forms_keep_their_meaning() -> None:
    assert clean_text("10⁹/L, ½ tablet, 5 µg, H₂O") == "10⁹/L, ½ tablet, 5 µg, H₂O"


def test_a_combined_letter_becomes_one_character() -> None:
    assert clean_text("cafe\u0301") == "caf\u00e9"


def test_curly_quotes_and_dashes_become_ascii() -> None:
    assert clean_text("\u201cdon\u2019t\u201d \u2013 20\u201430\u2026") == '"don\'t" - 20-30...'


def test_windows_signs_read_as_controls_come_back() -> None:
    assert clean_text("take 5\x9610 mg, don\x92t \x93stop\x94\x85") == 'take 5-10 mg, don\'t "stop"...'


@pytest.mark.parametrize("line_break", ["\n", "\r\n", "\r", "\u2028", "\u2029", "\r\n\r\n"])
def test_every_line_break_becomes_lf(line_break: str) -> None:
    assert clean_text(f"one{line_break}two") == "one\ntwo"


@pytest.mark.parametrize("invisible", ["\u200b", "\u200c", "\u200d", "\u2060", "\ufeff", "\u00ad"])
def test_invisible_characters_go(invisible: str) -> None:
    assert clean_text(f"{invisible}pa{invisible}in") == "pain"


def test_white_space_is_folded_and_empty_lines_go() -> None:
    assert clean_text(" a \t b\u00a0c \n\n \n d\x00e ") == "a b c\nd e"


@given(st.text())
@example("e\u200b\u0301")
def test_cleaning_twice_changes_nothing(text: str) -> None:
    assert clean_text(clean_text(text)) == clean_text(text)


def test_a_row_becomes_a_record() -> None:
    assert cleaned() == Record("7", "Doctor: Any pain?", "No pain.", "GENHX", "mine")


@pytest.mark.parametrize("empty", ["", " \n", "\u200b", None, "nan", "NaN", "N/A"])
@pytest.mark.parametrize("column", ["dialogue", "note"])
def test_an_empty_dialogue_or_note_gives_no_record(column: str, empty: str | None) -> None:
    assert cleaned(**{column: empty}) is None


def test_an_empty_row_at_the_end_of_a_sheet_gives_no_record() -> None:
    assert cleaned(ID="", dialogue="", note="", header="") is None


def test_a_record_without_an_id_is_an_error_that_names_the_line() -> None:
    with pytest.raises(UserError, match=r"visits\.csv, line 12: column 'ID' is empty"):
        cleaned(ID=" ")


def test_a_number_is_an_id() -> None:
    record = cleaned(ID=41)
    assert record is not None
    assert record.id == "41"


@pytest.mark.parametrize("value", [True, 1.5, ["a"], {"a": 1}])
def test_a_value_that_is_no_text_is_an_error(value: Any) -> None:
    with pytest.raises(UserError, match=r"line 12: 'dialogue' is not a text"):
        cleaned(dialogue=value)


@pytest.mark.parametrize("column", ["ID", "dialogue", "note", "header"])
def test_half_a_character_is_an_error(column: str) -> None:
    with pytest.raises(UserError, match=rf"line 12: '{column}'"):
        cleaned(**{column: "Doctor: \ud83d"})


@pytest.mark.parametrize(
    ("value", "split"), [("Train", "train"), (" valid ", "validation"), ("val", "validation"), ("TEST", "test")]
)
def test_a_split_column_names_the_split(value: str, split: str) -> None:
    record = cleaned(split=value)
    assert record is not None
    assert record.split == split


def test_the_split_column_stands_above_the_name_of_the_file() -> None:
    from_column, from_name = cleaned(file="TestSet.csv", split="train"), cleaned(file="TestSet.csv", split="")
    assert from_column is not None
    assert from_name is not None
    assert (from_column.split, from_name.split) == ("train", "test")


def test_an_unknown_split_is_an_error_that_names_the_line() -> None:
    with pytest.raises(UserError, match=r"line 12: 'other' in column 'split' is not a split"):
        cleaned(split="other")


def test_a_source_may_have_no_sections() -> None:
    columns = COLUMNS.model_copy(update={"section": None})
    record = clean_record(row(), columns, "mine")
    assert record is not None
    assert record.section is None


def test_a_dialogue_in_the_id_column_is_refused_without_being_shown() -> None:
    row = RawRow(
        Path("a.csv"), 2, {"ID": "Doctor: Any pain?\nPatient: In my knee.", "dialogue": "Doctor: x", "note": "y"}
    )
    columns = Columns(id="ID", dialogue="dialogue", summary="note", section=None, split=None)
    with pytest.raises(UserError, match=r"a\.csv, line 2: column 'ID' holds a text instead of an id") as error:
        clean_record(row, columns, "mine")
    assert "knee" not in str(error.value)
