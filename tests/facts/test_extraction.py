"""Extraction stands any text, always says the same, and holds its measured quality."""

import json
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from benchmarks.judge.facts import read_rows, scores
from medsum.facts.extraction import extract, extract_dialogue
from medsum.facts.fact import Fact

ROOT = Path(__file__).resolve().parents[2]
WORDS = [
    *(
        "no",
        "denies",
        "not",
        "n't",
        "fever",
        "pain",
        "left",
        "right",
        "both",
        "knee",
        "my",
        "mother",
        "I",
        "had",
        "Tylenol",
    ),
    *(
        "one",
        "twenty",
        "over",
        "half",
        "a",
        "and",
        "or",
        "to",
        "two point five",
        "thirty first",
        "O eight",
        "years old",
    ),
    *("4-6", "every", "hours", "mg", "12/", "07/31/2008", "b.i.d.", "May", "march", "98.6", "F", "if", "history of"),
    *(",", ".", "?", ":", ";", "-", "\n", "Doctor:", "Patient:", "Guest_family:", "ſ", "ı", "K", "٣", "½"),
]
ANY_TEXT = st.text(max_size=120) | st.lists(st.sampled_from(WORDS), max_size=25).map(" ".join)


def both(text: str) -> list[list[Fact]]:
    return [extract(text), extract_dialogue(text)]


@given(ANY_TEXT)
@settings(max_examples=150, deadline=None)
def test_any_text_gives_facts_within_it(text: str) -> None:
    for facts in both(text):
        assert all(0 <= fact.start < fact.end <= len(text) for fact in facts)
        assert facts == sorted(facts, key=lambda fact: fact.start)
        assert len({hash(fact.key) for fact in facts}) <= len(facts)


@given(ANY_TEXT)
@settings(max_examples=50, deadline=None)
def test_the_same_text_gives_the_same_facts(text: str) -> None:
    assert both(text) == both(text)


def test_an_empty_text_has_no_facts() -> None:
    assert both("") == [[], []]


def test_the_labelled_set_is_as_described() -> None:
    rows = [row for name in ("dev", "test") for row in read_rows(name)]
    assert len(rows) >= 300
    assert sum(row["style"] == "dialogue" for row in rows) >= 0.4 * len(rows)
    assert len({row["id"] for row in rows}) == len({row["text"] for row in rows}) == len(rows)
    assert all(set(row) == {"id", "style", "text", "facts"} for row in rows)


@pytest.mark.parametrize("half", ["dev", "test"])
def test_measured_quality_holds(half: str) -> None:
    table = scores(read_rows(half))
    for kind, least in (("quantity", 0.95), ("negated", 0.95), ("medication", 0.9)):
        assert table[kind][3] >= least, kind


def test_labels_are_canonical_json() -> None:
    for path in (ROOT / "benchmarks" / "labelled_sentences").glob("*.jsonl"):
        for line in path.read_text(encoding="utf-8").splitlines():
            assert json.dumps(json.loads(line), ensure_ascii=False) == line
