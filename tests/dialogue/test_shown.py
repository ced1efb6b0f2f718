"""What messages and metrics may show of a record's own values."""

import pytest

from medsum.dialogue.shown import shown_id, shown_section


@pytest.mark.parametrize("record_id", ["1", "train-17", "D2N001", "a", "visit/2024-01-02.3", "x" * 39 + "1"])
def test_an_id_that_looks_like_one_is_shown(record_id: str) -> None:
    assert shown_id(record_id) == f"'{record_id}'"


@pytest.mark.parametrize(
    "record_id", ["Zebulon", "Zebulon Smith 3", "zebulon_smith", "x" * 40 + "1", "", "1\n", "é1", "He has had 2 falls."]
)
def test_an_id_that_may_be_a_name_or_a_text_is_not_shown(record_id: str) -> None:
    assert shown_id(record_id) == f"of {len(record_id)} characters (not shown, because it may be a name)"


def test_only_known_section_headers_are_shown() -> None:
    cells = ["GENHX", None, "ZEBULON SMITH, 3 MAY 1950", "genhx"]
    assert [shown_section(cell) for cell in cells] == ["GENHX", "none", "other", "other"]
