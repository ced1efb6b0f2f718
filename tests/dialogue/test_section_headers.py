"""Claims on section headers."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from medsum.dialogue.section_headers import ALIASES, SECTION_HEADERS, in_words, normalise


@pytest.mark.parametrize("header", ["hpi", "GenHx ", "History of  Present Illness", "GENHX"])
def test_names_of_one_section_become_one_header(header: str) -> None:
    assert normalise(header) == "GENHX"


def test_an_unknown_header_is_kept_in_capitals() -> None:
    assert normalise(" sleep  Log ") == "SLEEP LOG"
    assert in_words("SLEEP_LOG") == "sleep log"


def test_no_header_is_no_section() -> None:
    assert normalise(" ") is None
    assert in_words(None) == "clinical note"


def test_every_header_in_words_is_read_back() -> None:
    assert {normalise(in_words(header)) for header in SECTION_HEADERS} == SECTION_HEADERS.keys()


def test_every_alias_means_a_known_section() -> None:
    assert set(ALIASES.values()) <= SECTION_HEADERS.keys()


@given(st.text())
def test_normalising_twice_changes_nothing(header: str) -> None:
    once = normalise(header)
    assert normalise(once or "") == once
