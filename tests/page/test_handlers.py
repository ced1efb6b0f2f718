"""What the page's handlers answer to whatever comes, and how a run is stopped."""

import threading
from types import SimpleNamespace
from typing import Any

import pytest

from medsum.serve.audit_log import Uses
from medsum.serve.page import Page, open_file
from medsum.serve.turns_at_the_model import Runs
from tests.slow_summarizer import Slow

DIALOGUE = "Doctor: Any pain?\nPatient: In my left knee."


def page_of(slow: Slow) -> Any:
    page: Any = Page.__new__(Page)
    page.summarizer, page.runs, page.uses = slow, Runs(), Uses("ab" * 32)
    return page


def test_a_stopped_run_ends_at_its_next_window_and_the_next_visitor_waits_for_that() -> None:
    slow = Slow()
    page, first = page_of(slow), SimpleNamespace(session_hash="first")
    seen: list[Any] = []
    stopped = threading.Thread(
        target=lambda: seen.extend(page.generate(DIALOGUE, "CC", [], first, lambda *_, **__: None))
    )
    stopped.start()
    assert slow.begun.wait(20)
    page.stop(first)
    answers: list[Any] = []
    other = threading.Thread(target=lambda: answers.append(page.summarize(DIALOGUE, "CC")))
    other.start()
    slow.on.set()
    stopped.join(20)
    other.join(20)
    assert ["Stopped." in status for status, *_ in seen] == [False, False, True]  # Gradio repeats what was said last
    assert not any(seen[-1][1:-1])
    assert answers[0]["summary"] == "Pain in the left knee."
    assert (slow.most, slow.written) == (1, 1 + slow.windows)
    assert page.runs.stops == {}


def test_a_stopped_table_says_so_last() -> None:
    page, request = page_of(Slow(1)), SimpleNamespace(session_hash="one")
    page.summarizer.on.set()
    rows = "dialogue\n" + "Patient: No.\n" * 9
    running = page.batch(rows, "CC", [], request, lambda *_, **__: page.stop(request))
    assert ["Stopped." in status for status, *_ in running] == [False, True]


def test_progress_counts_windows() -> None:
    slow, told = Slow(3), []
    slow.on.set()
    request = SimpleNamespace(session_hash="one")
    [*_, last] = page_of(slow).generate(DIALOGUE, "CC", [], request, lambda step, **_: told.append(step))
    assert told == [(0, 3), (1, 3), (2, 3), (3, 3)]
    assert last[1] == "Pain in the left knee."


@pytest.mark.parametrize("junk", [None, 7, ["Patient: No."], {"a": 1}])
def test_what_is_no_text_gets_a_sentence(junk: object) -> None:
    page, request = page_of(Slow()), SimpleNamespace(session_hash=None)
    said = "the page sent a value that is not text"
    assert said in page.check_again(junk, "No pain.", "", "")[0]
    assert said in page.check_again(DIALOGUE, junk, "", "")[0]
    assert said in page.check_again(DIALOGUE, "No pain.", "", junk)[0]
    assert said in list(page.generate(junk, "CC", [], request))[-1][0]
    assert said in list(page.batch(junk, "CC", [], request))[-1][0]
    assert said in list(page.batch("dialogue\nPatient: No.\n", junk, [], request))[-1][0]
    assert said in page.compare(DIALOGUE, junk, [], "").value
    assert said in open_file(junk, "a.txt")[1]  # type: ignore[arg-type]
    assert said in page.check(DIALOGUE, junk)["error"]


def test_half_a_character_gets_a_sentence_wherever_it_is() -> None:
    page, half = page_of(Slow()), "Doctor: Any pain?\nPatient: No. \ud83d"
    said = "a character is cut in half"
    saved = '{"sections": [{"section": "CC", "heading": "\\ud83d"}]}'
    assert said in page.check_again(DIALOGUE, half, "", "")[0]
    assert said in page.check_again(DIALOGUE, "No pain.", "", half)[0]
    assert "is not one of its notes" in page.check_again(DIALOGUE, "No pain.", saved, "")[0]
    assert said in open_file(half, "a.txt")[1]
    assert said in page.check(DIALOGUE, half)["error"]


def test_a_note_by_anyone_is_checked_over_http_without_the_model() -> None:
    note = page_of(Slow()).check("Doctor: Any allergies?\nPatient: Yes, penicillin.", "NKDA.")
    assert [flag["category"] for flag in note["flags"]] == ["negation"]
    assert [row["standing"] for row in note["evidence"]] == ["contradicted"]


@pytest.mark.parametrize("saved", ["junk", "[]", "{}", '{"section": 7}', "[" * 100_000])
def test_a_note_that_is_none_gets_a_sentence(saved: str) -> None:
    assert "is not one of its notes" in page_of(Slow()).check_again(DIALOGUE, "No pain.", saved, "")[0]


def test_an_edited_summary_is_checked_against_its_own_dialogue() -> None:
    page = page_of(Slow())
    _, _, turns, _, source = page.check_again("Patient: Other.", "Pain in the left knee.", "", DIALOGUE)
    assert "Patient: In my left knee." in turns
    assert source == DIALOGUE
    assert page.check_again("Patient: My left knee hurts.", "Left knee.", "", "")[-1] == "Patient: My left knee hurts."


def test_a_file_of_two_visits_is_refused_with_the_tab_for_many() -> None:
    many = '[{"dialogue": "Patient: No."}, {"dialogue": "Patient: Yes."}]'
    for text, name in {
        many: "a.json",
        "dialogue\nPatient: No.\nPatient: Yes.\n": "a.csv",
        "Dialogue\nPatient: No.\nPatient: Yes.\n": "b.csv",
    }.items():
        said = open_file(text, name)[1]
        assert "holds 2 records" in said
        assert "Many dialogues" in said


def test_a_file_is_read_with_its_turns_and_speakers_told() -> None:
    for text, name in {
        '{"dialogue": "Doctor: Any pain?\\nPatient: No."}': "a.json",
        "D: Any pain? P: No.": "a.txt",
    }.items():
        assert "Read as 2 turns of Doctor and Patient." in open_file(text, name)[1]


def test_turns_and_speakers_are_shown_before_the_summary() -> None:
    slow, request = Slow(), SimpleNamespace(session_hash="one")
    slow.on.set()
    seen = [status for status, *_ in page_of(slow).generate("Dr: Any pain? Pt: My left knee.", "CC", [], request)]
    assert "Read as 2 turns of Doctor and Patient. Writing" in seen[1]
    assert "Done" in seen[-1]


def test_two_visits_in_the_field_are_never_one_note() -> None:
    note = page_of(Slow()).summarize("id,dialogue\n1,Doctor: Any pain? Patient: No.\n2,Patient: Yes.\n", "CC")
    assert "holds 2 records, and a note describes one visit" in note["error"]
