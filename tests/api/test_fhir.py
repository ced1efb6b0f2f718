"""FHIR in and out: what is read from a resource, and that the answer is valid FHIR R4."""

import base64
import hashlib
from types import SimpleNamespace
from typing import Any

import pytest
from fhir.resources.R4B.bundle import Bundle
from fhir.resources.R4B.composition import Composition
from fhir.resources.R4B.documentreference import DocumentReference

from medsum.api.fhir_answer import composition
from medsum.api.fhir_request import Transcript, transcript_of
from medsum.core.errors import UserError
from tests.api.conftest import DIALOGUE, SECRET

SERVED: Any = SimpleNamespace(id="serving", sha256="ab" * 32, software="1234567")
NOTE = {
    "summary": "Allergic to <penicillin> & latex.\x14",
    "section": "ALLERGY",
    "evidence": [{"sentence": "Allergic to <penicillin> & latex.", "turns": [2], "standing": "supported"}],
    "flags": [{"category": "fact", "severity": "major", "text": "latex", "reason": "no turn says it"}],
}


VISIT = {
    "summary": "History of present illness:\nA cough.\n\nMedications:\nTakes lisinopril.",
    "sections": [
        {"section": "GENHX", "heading": "History of present illness", "summary": "A cough.", "risk": 0.25},
        {"section": "MEDICATIONS", "heading": "Medications", "summary": "Takes lisinopril.", "risk": 0.75},
        {"section": "NEXT_VISIT", "heading": "Next <visit>", "summary": "", "risk": None},
    ],
    "risk": 0.5,
    "held_back": True,
    "evidence": [{"sentence": "A cough.", "turns": [2], "standing": "supported", "section": "GENHX"}],
    "flags": [
        {"category": "fact", "severity": "major", "text": "lisinopril", "reason": "no", "section": "MEDICATIONS"}
    ],
}


def encoded(content: str | bytes) -> str:
    return base64.b64encode(content.encode() if isinstance(content, str) else content).decode()


def document(**changes: Any) -> dict[str, Any]:
    found = {
        "resourceType": "DocumentReference",
        "id": "visit-1",
        "status": "current",
        "subject": {"reference": "Patient/7", "display": SECRET},
        "context": {"encounter": [{"reference": "Encounter/9"}]},
        "content": [{"attachment": {"contentType": "text/plain; charset=utf-8", "data": encoded(DIALOGUE)}}],
    }
    return {key: value for key, value in {**found, **changes}.items() if value is not None}


def bundle(*resources: object) -> dict[str, Any]:
    entries = [{"fullUrl": f"urn:uuid:{number}", "resource": resource} for number, resource in enumerate(resources)]
    return {"resourceType": "Bundle", "type": "collection", "entry": entries}


def attached(**attachment: Any) -> dict[str, Any]:
    return document(content=[{"attachment": attachment}])


def test_a_document_reference_gives_its_transcript_patient_visit_and_itself() -> None:
    DocumentReference.model_validate(document())
    assert transcript_of(document()) == Transcript(
        DIALOGUE, {"reference": "Patient/7"}, {"reference": "Encounter/9"}, {"reference": "DocumentReference/visit-1"}
    )


def test_a_bundle_gives_the_one_document_reference_in_it() -> None:
    patient = {"resourceType": "Patient", "id": "7"}
    sent = bundle(patient, document(id=None, subject=None, context=None))
    Bundle.model_validate(sent | {"entry": [{"resource": row["resource"]} for row in sent["entry"]]})
    assert transcript_of(sent) == Transcript(DIALOGUE, None, None, {"reference": "urn:uuid:1"})


def test_a_patient_known_by_number_alone_is_passed_on_without_a_name() -> None:
    number = {"system": "urn:oid:1.2.3", "value": "42"}
    subject = {"identifier": {**number, "assigner": {"display": SECRET}}, "display": SECRET}
    assert transcript_of(document(subject=subject)).subject == {"identifier": number}


@pytest.mark.parametrize(
    ("resource", "sentence"),
    [
        ({}, "resourceType is neither"),
        ({"resourceType": "Patient"}, "resourceType is neither"),
        ({"resourceType": "Bundle"}, "has 0 DocumentReferences"),
        ({"resourceType": "Bundle", "entry": SECRET}, "Bundle.entry is not a list of objects"),
        (bundle(SECRET), "resource is not an object"),
        (bundle(document(), document()), "has 2 DocumentReferences"),
        (document(status="entered-in-error"), "is entered-in-error"),
        (document(content=[]), "has 0 attachments"),
        (document(content=[SECRET]), "not a list of objects"),
        (document(content=[{"attachment": {}}] * 2), "has 2 attachments"),
        (attached(data=encoded(DIALOGUE), contentType="application/pdf"), "contentType is none of"),
        (attached(data=encoded(DIALOGUE), contentType=7), "contentType is none of"),
        (attached(url="http://192.0.2.1/x.txt"), "urls are not fetched"),
        (attached(data=f"{SECRET}!"), "is not base64"),
        (attached(data=encoded(b"\xff\xfe\xfa")), "is not UTF-8"),
        (attached(data=encoded(DIALOGUE), hash="AAAA"), "hash is not the SHA-1"),
        (document(subject={"display": SECRET}), "subject has neither"),
        (document(subject={"reference": "#p"}), "subject has neither"),
        (document(subject={"reference": "javascript:alert(1) "}), "subject has neither"),
        (document(subject=SECRET), "subject has neither"),
        (document(context=SECRET), "context is not an object"),
    ],
)
def test_what_is_no_transcript_is_refused_without_its_words(resource: dict[str, Any], sentence: str) -> None:
    with pytest.raises(UserError, match=sentence.replace("[", r"\[")) as refused:
        transcript_of(resource)
    assert SECRET not in str(refused.value)
    assert "\n" not in str(refused.value)


def test_a_hash_that_is_right_passes_and_data_may_be_broken_into_lines() -> None:
    data = encoded(DIALOGUE)
    right = base64.b64encode(hashlib.sha1(DIALOGUE.encode()).digest()).decode()
    assert transcript_of(attached(data=data[:40] + "\n " + data[40:], hash=right)).text == DIALOGUE


def test_the_composition_is_valid_preliminary_and_says_what_wrote_it() -> None:
    found = composition(SERVED, transcript_of(document()), NOTE)
    valid: Any = Composition.model_validate(found)
    assert (valid.status, valid.subject.reference, valid.encounter.reference) == (
        "preliminary", "Patient/7", "Encounter/9"
    )  # fmt: skip
    device, provenance, issue = found["contained"]
    assert device["identifier"][0]["value"] == SERVED.sha256
    assert device["version"][0]["value"] == SERVED.software
    assert provenance["recorded"] == found["date"]
    assert provenance["entity"] == [{"role": "source", "what": {"reference": "DocumentReference/visit-1"}}]
    assert issue["severity"] == "high"
    assert issue["patient"] == {"reference": "Patient/7"}
    note, check = found["section"]
    assert note["title"] == "Allergies"
    assert note["code"]["coding"][0]["code"] == "48765-2"
    assert "Allergic to &lt;penicillin&gt; &amp; latex.</p>" in note["text"]["div"]
    assert "[supported: 2]" in check["text"]["div"]
    assert check["entry"] == [{"reference": "#flag-1"}]
    assert SECRET not in str(found)


def test_every_reference_into_the_composition_leads_somewhere() -> None:
    found = composition(SERVED, transcript_of(document()), NOTE)
    ids = {f"#{one['id']}" for one in found["contained"]} | {"#"}
    named = {value for value in _references(found) if value.startswith("#")}
    assert named <= ids
    assert named == ids - {"#provenance"}  # which refers to the whole, as FHIR asks


def test_each_section_of_a_visit_is_a_section_of_the_composition() -> None:
    found = composition(SERVED, transcript_of(document()), VISIT)
    Composition.model_validate(found)
    history, medications, next_visit, check = found["section"]
    assert [history["title"], medications["title"], next_visit["title"]] == [
        "History of present illness", "Medications", "Next <visit>"
    ]  # fmt: skip
    assert [row.get("code", {}).get("coding", [{}])[0].get("code") for row in found["section"]] == [
        "10164-2", "10160-0", None, None
    ]  # fmt: skip
    assert "<p>A cough.</p>" in history["text"]["div"]
    assert "lisinopril" not in history["text"]["div"]
    assert next_visit["emptyReason"]
    assert "<p>Medications:</p><p>Takes lisinopril.</p>" in found["text"]["div"]
    said = check["text"]["div"]
    assert "held back because of its risk" in said
    assert "Risk of each section: History of present illness 25%, Medications 75%" in said
    assert "<p>History of present illness: A cough. [supported: 2]</p>" in said
    assert "<p>Medications: major, fact: “lisinopril”: no</p>" in said


def _references(value: Any) -> list[str]:
    if isinstance(value, dict):
        own = [value["reference"]] if isinstance(value.get("reference"), str) else []
        return own + [one for inner in value.values() for one in _references(inner)]
    return [one for inner in value for one in _references(inner)] if isinstance(value, list) else []


def test_an_empty_note_without_section_patient_or_source_is_valid_too() -> None:
    empty: dict[str, Any] = {"summary": "", "section": None, "evidence": [], "flags": []}
    found = composition(SERVED, Transcript(DIALOGUE, None, None, None), empty)
    Composition.model_validate(found)
    assert found["section"][0]["emptyReason"]["coding"][0]["code"] == "unavailable"
    assert not {"subject", "encounter", "relatesTo"} & found.keys()
