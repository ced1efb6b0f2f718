"""The labelled sentences of the privacy benchmark, and what screening reaches on those that its rules were made on."""

import pytest

from benchmarks.privacy.screening import FOLDER, OTHER_SETS, Sentence, count, read_sentences, summary
from medsum.privacy.kinds import KINDS
from medsum.privacy.span import Span

NAMES = ["dev", *OTHER_SETS]


@pytest.mark.parametrize("name", NAMES)
def test_labels_lie_within_their_texts_and_name_every_kind(name: str) -> None:
    sentences = read_sentences(FOLDER / f"{name}.jsonl")
    spans = [(span, text) for text, found in sentences for span in found]
    assert all(0 <= span.start < span.end <= len(text) and text[span.start : span.end].strip() for span, text in spans)
    halves = (
        ("third_dev", "third_frozen") if name.startswith("third") else (name,)
    )  # a rare kind may be in one half only
    kinds = {span.kind for half in halves for _, found in read_sentences(FOLDER / f"{half}.jsonl") for span in found}
    assert kinds == set(KINDS)
    least = 300 if name in ("dev", "styles", "frozen") else 40
    assert sum(not found for _, found in sentences) > least
    assert sum(bool(found) for _, found in sentences) > least


def test_no_text_stands_in_two_sets() -> None:
    texts = [text for name in NAMES for text in {text for text, _ in read_sentences(FOLDER / f"{name}.jsonl")}]
    twice = len(texts) - len(set(texts))  # a number: a failing test must not show the texts of frozen
    assert twice == 0


def test_screening_reaches_its_aims_on_the_sentences_that_it_was_made_on() -> None:
    result = summary(read_sentences(FOLDER / "dev.jsonl"))
    assert result["recall"]["share"] >= 0.97
    assert result["recall_by_kind"]["NAME"]["share"] >= 0.95
    assert result["precision"]["share"] >= 0.85


def test_an_identifier_that_is_found_in_part_is_touched_and_not_found() -> None:
    counts = count([Sentence("I saw Dr. Okafor, the tall one.", [Span(6, 31, "NAME")])])
    assert (counts.found.total(), counts.touched.total(), counts.right.total()) == (0, 1, 1)
