import sys
from collections.abc import Callable
from types import FrameType
from typing import Any

import pytest

from medsum.dialogue.sentences import sentences
from medsum.facts import context, reading
from medsum.facts.allergies import allergies
from medsum.facts.blocks import LONGEST_BLOCK, LONGEST_SENTENCE, blocks, pieces
from medsum.facts.courses import courses
from medsum.facts.extraction import extract, extract_dialogue
from medsum.facts.plans import plans

HOSTILE = [
    "no pain, ", "no pain and ", "fever and chills ", "never had any ", "since the fever ", "my mother had ", "12 ",
    "10 mg ", "twenty five ", "1,000,", "1/2/", "3 x ", "left ", "both my knees ", "every day ", "lisinopril 10 ",
    "what? ", "...", "\"'", "A B ", "blood pressure ", "   ", "one or two ", "one point five ", "in may ",
]  # fmt: skip


def calls(run: Callable[[], object]) -> int:
    """Return the number of calls of functions, of Python and of C, that `run` takes."""
    found = 0

    def count(_frame: FrameType, event: str, _argument: Any) -> None:
        nonlocal found
        found += event in ("call", "c_call")

    sys.setprofile(count)
    try:
        run()
    finally:
        sys.setprofile(None)
    return found


def work(text: str) -> int:
    """Return the calls that reading a dialogue of one long answer takes."""
    return calls(lambda: extract_dialogue(f"Doctor: Any pain?\nPatient: {text}"))


@pytest.mark.parametrize("shape", HOSTILE)
def test_work_grows_no_faster_than_a_hostile_turn(shape: str) -> None:
    work(shape)  # fills caches
    short, long = (work((shape * length)[:length]) for length in (1500, 6000))
    assert long <= 4.6 * short + 500


STATEMENTS = [
    "allergic to eggs, ", "no allergies, ", "nuts make me itch, ", "can't take codeine ", "tolerates eggs, ", "NKDA ",
    "worse with movement ", "cough is better, ", "stop lisinopril, ", "eggs, nuts, ", "if it bleeds, ", "q4 ",
]  # fmt: skip


@pytest.mark.parametrize("shape", STATEMENTS)
@pytest.mark.parametrize("read", [allergies, courses, plans])
def test_work_on_statements_grows_no_faster_than_the_text(shape: str, read: Any) -> None:
    def calls_of(length: int) -> int:
        text = f"Doctor: Any allergies?\nPatient: {(shape * length)[:length]}"
        facts = extract_dialogue(text)
        return calls(lambda: read(text, facts))

    calls_of(1500)  # fills caches
    short, long = calls_of(1500), calls_of(6000)
    assert long <= 4.6 * short + 500


@pytest.mark.parametrize("shape", HOSTILE)
def test_no_pattern_is_given_more_than_a_block(shape: str, monkeypatch: pytest.MonkeyPatch) -> None:
    blocks_read, sentences_read = [], []
    read_block, contexts = reading._read_block, context.contexts

    def block(text: str, *rest: Any) -> reading.Reading:
        blocks_read.append(len(text))
        return read_block(text, *rest)

    def sentence(text: str, start: int, end: int, *rest: Any) -> Any:
        sentences_read.append(end - start)
        return contexts(text, start, end, *rest)

    monkeypatch.setattr(reading, "_read_block", block)
    monkeypatch.setattr(reading, "contexts", sentence)
    extract((shape * 5000)[:5000])
    assert max(blocks_read) <= LONGEST_BLOCK
    assert max(sentences_read, default=0) <= LONGEST_SENTENCE


@pytest.mark.parametrize("text", ["", "One. Two.", "No full stop " * 400, "Pain. " * 400, "x" * 5000, " " * 3000])
def test_blocks_and_pieces_are_the_text_without_gaps(text: str) -> None:
    assert "".join(text[start:end] for start, end in blocks(text)) == text
    spans = sentences(text)
    assert "".join(text[start:end] for start, end in pieces(text, spans)) == "".join(text[s:e] for s, e in spans)


def test_a_text_is_cut_at_the_end_of_a_sentence_where_there_is_one() -> None:
    text = "The cough is worse at night. " * 60
    assert all(text[start:end].endswith("night. ") for start, end in blocks(text))


def test_a_finding_far_into_a_long_turn_keeps_its_place_and_its_negation() -> None:
    text = "and then I went home " * 300 + "with no fever"
    (fact,) = [fact for fact in extract(text) if fact.kind == "finding"]
    assert (text[fact.start : fact.end], fact.context) == ("fever", frozenset({"negated"}))
