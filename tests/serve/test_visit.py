"""A note of several sections: its order and headings, and evidence that counts in the whole note."""

import json
from pathlib import Path
from typing import Any

import pytest

from medsum.core.errors import UserError
from medsum.core.params_section import read_params
from medsum.generation.merging import Dropped, Merged
from medsum.serve import note_sections
from medsum.serve.downloads import as_csv
from medsum.serve.note_check import marked
from medsum.serve.opening import sections_of, wishes_of
from medsum.serve.render import evidence_html, rows_html
from medsum.serve.section_choice import SectionChoice, SectionsChoice
from medsum.serve.visit import edited, evidence_of, names_of, told, written
from tests.conftest import set_params

DIALOGUE = (
    "Doctor: What brings you in?\nPatient: I have had a cough for two weeks.\nDoctor: What do you take?\n"
    "Patient: Lisinopril, ten milligrams.\nDoctor: Any allergies?\nPatient: Penicillin gives me hives."
)
SECTIONS = ["GENHX", "MEDICATIONS", "ALLERGY"]
TEXTS = ("Cough for two weeks.", "Lisinopril 20 mg.", "Allergic to penicillin.")


@pytest.fixture(autouse=True)
def in_project(project: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(project)
    return project


def note_of(texts: tuple[str, ...] = TEXTS, dropped: tuple[Dropped, ...] = ()) -> dict[str, Any]:
    return written(Merged(texts, dropped), SECTIONS, several=True)


def test_a_note_has_its_sections_in_order_under_headings() -> None:
    note = note_of()
    assert note["summary"] == (
        "History of present illness:\nCough for two weeks.\n\nMedications:\nLisinopril 20 mg.\n\nAllergies:\n"
        "Allergic to penicillin."
    )
    assert [row["section"] for row in note["sections"]] == SECTIONS
    assert tuple(note["summary"][row["start"] : row["end"]] for row in note["sections"]) == TEXTS


def test_evidence_and_flags_count_characters_of_the_whole_note_and_turns_of_the_dialogue() -> None:
    note = note_of()
    found = evidence_of(DIALOGUE, note)
    assert [row["section"] for row in found["evidence"]] == SECTIONS
    assert [note["summary"][row["start"] : row["end"]] for row in found["evidence"]] == list(TEXTS)
    assert [row["turns"] for row in found["evidence"]] == [[2], [4], [5, 6]]
    [flag] = found["flags"]
    assert note["summary"][flag["start"] : flag["end"]] == flag["text"] == "20 mg"
    assert (flag["category"], flag["turns"], flag["section"]) == ("medication", [4], "MEDICATIONS")


def test_each_section_has_the_risk_that_its_text_has_as_a_note() -> None:
    note = written(Merged((*TEXTS, ""), ()), [*SECTIONS, "PLAN"], several=True)
    note |= evidence_of(DIALOGUE, note)
    alone = [evidence_of(DIALOGUE, {"summary": text, "section": None})["risk"] for text in TEXTS]
    assert [row["risk"] for row in note["sections"]] == [*alone, None]
    assert alone[1] > max(alone[0], alone[2])  # the dose is wrong


def test_a_sentence_that_stands_instead_of_another_is_flagged_with_it() -> None:
    dropped = (Dropped("She has no allergies.", "GENHX", "contradiction", "Allergic to penicillin."),)
    note = note_of(dropped=dropped)
    flag = evidence_of(DIALOGUE, note)["flags"][-1]
    assert (flag["category"], flag["text"], flag["turns"]) == ("contradiction", "Allergic to penicillin.", [5, 6])
    assert "the model also wrote “She has no allergies.” from another part of the visit" in flag["reason"]
    assert note["summary"][flag["start"] : flag["end"]] == "Allergic to penicillin."
    assert told(note) == ["Sentences left out because another sentence contradicts them: 1; see the flags."]


def test_marked_text_and_the_page_name_the_section_of_each_sentence() -> None:
    note = note_of()
    note |= evidence_of(DIALOGUE, note)
    text = marked(DIALOGUE, note)
    assert text.startswith(
        "History of present illness:\nCough for two weeks. [supported: 2]\n\nMedications:\nLisinopril >>"
    )
    assert "(Allergies, supported: turns 5, 6)" in evidence_html(note)
    assert "<td>GENHX, MEDICATIONS, ALLERGY</td>" in rows_html([{"line": 1, "id": "a", **note}])
    assert '"GENHX, MEDICATIONS, ALLERGY"' in as_csv([{"line": 1, "id": "a", **note}])


def test_a_section_of_which_nothing_is_left_has_no_heading_and_is_told() -> None:
    note = note_of(("Cough.", "", "Hives."))
    assert "Medications" not in note["summary"]
    assert note["sections"][1]["start"] is None
    assert told(note) == ["Empty sections: medications. The model wrote nothing, or the text is in another section."]
    assert [row["section"] for row in evidence_of(DIALOGUE, note)["evidence"]] == ["GENHX", "ALLERGY"]


def test_a_corrected_note_keeps_the_sections_whose_headings_stand() -> None:
    note = note_of()
    text = note["summary"].replace("20 mg", "10 mg").replace("\n\nAllergies:", "").replace("two", "3")
    again = edited(note, text)
    assert [row["section"] for row in again["sections"]] == ["GENHX", "MEDICATIONS"]
    assert [again["summary"][row["start"] : row["end"]] for row in again["sections"]] == [
        "Cough for 3 weeks.",
        "Lisinopril 10 mg.\nAllergic to penicillin.",
    ]
    assert [flag["text"] for flag in evidence_of(DIALOGUE, again)["flags"]] == ["3 weeks"]


def test_what_stands_above_all_headings_is_checked_too() -> None:
    again = edited(note_of(), "Fever of 103.\n\nMedications:\n")
    assert [(row["section"], row["summary"]) for row in again["sections"]] == [
        (None, "Fever of 103."), ("MEDICATIONS", "")
    ]  # fmt: skip
    assert evidence_of(DIALOGUE, again)["flags"]
    assert names_of(again) == ["MEDICATIONS"]


def test_sections_come_in_the_order_of_params_whatever_the_wish() -> None:
    assert SectionsChoice("allergies, HPI,meds,hpi").sections(DIALOGUE) == SECTIONS
    assert SectionChoice("hpi").sections(DIALOGUE) == ["GENHX"]


@pytest.mark.parametrize(
    ("wish", "said"),
    [("HPI,GENHXX", "did you mean 'GENHX'"), (",", "0 sections are named"), ("any", "no such section")],
)
def test_a_wish_for_what_is_no_section_is_told(wish: str, said: str) -> None:
    with pytest.raises(UserError, match=said):
        SectionsChoice(wish)


def test_own_sections_have_their_place_heading_and_instruction(in_project: Path) -> None:
    own = {"name": "follow up", "heading": "Next visit", "instruction": "Say when the patient comes back."}
    set_params(in_project, **{"note.sections": ["MEDICATIONS", own, "HPI"]})
    read_params.cache_clear()
    note_sections._templates.cache_clear()
    assert SectionsChoice("GENHX, Follow Up, ALLERGY, MEDICATIONS").sections(DIALOGUE) == [
        "MEDICATIONS", "FOLLOW UP", "GENHX", "ALLERGY"
    ]  # fmt: skip
    assert note_sections.heading("FOLLOW UP") == "Next visit"
    assert note_sections.instructions() == {"FOLLOW UP": "Say when the patient comes back."}


@pytest.mark.parametrize(
    "saved", ["{", "[]", '{"sections": 1}', '{"sections": [{"section": 1, "heading": "a"}]}', '{"section": 2}', "{}"]
)
def test_what_is_no_note_of_the_page_is_refused(saved: str) -> None:
    with pytest.raises(UserError, match="not one of its notes"):
        sections_of(saved)


def test_the_page_reads_back_its_own_notes_and_wishes() -> None:
    note = note_of()
    assert [row["section"] for row in sections_of(json.dumps(note))["sections"]] == SECTIONS
    assert sections_of('{"section": null}') == sections_of("") == {"section": None}
    assert wishes_of("auto", ["HPI", "MEDS"]) == ("auto", "HPI,MEDS")
    assert wishes_of("auto", None) == wishes_of("auto", []) == ("auto", None)
    with pytest.raises(UserError):
        wishes_of("auto", [1])
