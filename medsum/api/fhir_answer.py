"""Return a note as a FHIR R4 Composition.

The status of the Composition is preliminary, and its author is a device. It lists what a person must check before
signing the note.
"""

import html
import re
from typing import Any

from medsum.api.fhir_request import Transcript
from medsum.api.served import Served
from medsum.core.utc import utc_now
from medsum.dialogue.section_headers import in_words
from medsum.serve.holding import told
from medsum.serve.note_check import counted, explained
from medsum.serve.note_sections import heading

LOINC = "http://loinc.org"
SECTION_CODES = {  # the LOINC codes of sections in C-CDA; a section without a code has only a title
    "ALLERGY": "48765-2",
    "ASSESSMENT": "51848-0",
    "CC": "10154-3",
    "EXAM": "29545-1",
    "GENHX": "10164-2",
    "IMMUNIZATIONS": "11369-6",
    "LABS": "30954-2",
    "MEDICATIONS": "10160-0",
    "PASTMEDICALHX": "11348-0",
    "PLAN": "18776-5",
    "PROCEDURES": "47519-4",
    "ROS": "10187-3",
}
MODEL = {"reference": "#model"}
DRAFT = "Draft written by a machine. It leaves out facts and may invent others. Not signed."
_SEVERITY = {"major": "high", "minor": "low"}
_NOT_XML = re.compile(r"[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def composition(served: Served, transcript: Transcript, note: dict[str, Any]) -> dict[str, Any]:
    """Return the Composition of a note. It contains each flag as a DetectedIssue."""
    now = utc_now()
    issues = [_issue(number, flag, transcript, now) for number, flag in enumerate(note["flags"], start=1)]
    found: dict[str, Any] = {
        "resourceType": "Composition",
        "language": "en",
        "text": _narrative([DRAFT, *note["summary"].split("\n")]),
        "contained": [_device(served), _provenance(transcript, now), *issues],
        "status": "preliminary",
        "type": {"coding": [{"system": LOINC, "code": "34109-9", "display": "Note"}]},
        "date": now,
        "author": [MODEL],
        "title": f"Draft: {in_words(note['section']) if 'section' in note else 'note of a visit'}",
        "section": [*map(_note_section, note.get("sections", [note])), _check_section(note, issues)],
    }
    if transcript.subject:
        found["subject"] = transcript.subject
    if transcript.encounter:
        found["encounter"] = transcript.encounter
    if transcript.source:
        found["relatesTo"] = [{"code": "transforms", "targetReference": transcript.source}]
    return found


def _note_section(row: dict[str, Any]) -> dict[str, Any]:
    """Return a section of the note, or the note if it has one section. An empty section has a reason, as FHIR asks."""
    words = in_words(row["section"])
    section: dict[str, Any] = {"title": row.get("heading") or words[:1].upper() + words[1:]}
    if code := SECTION_CODES.get(row["section"]):
        section["code"] = {"coding": [{"system": LOINC, "code": code}]}
    if row["summary"].strip():
        return {**section, "text": _narrative(row["summary"].split("\n"))}
    reason = {"system": "http://terminology.hl7.org/CodeSystem/list-empty-reason", "code": "unavailable"}
    return {**section, "emptyReason": {"coding": [reason]}}


def _check_section(note: dict[str, Any], issues: list[dict[str, Any]]) -> dict[str, Any]:
    """Return the section that lists the risk, the standing of each sentence, and the flags."""
    lines = [*filter(None, [told(note)]), *_risks(note), counted(note)]
    for row in note["evidence"]:
        turns = ", ".join(map(str, row["turns"])) or "no turn"
        lines.append(f"{_of_section(row)}{row['sentence']} [{row['standing']}: {turns}]")
    lines += [f"{_of_section(flag)}{flag['severity']}, {flag['category']}: {explained(flag)}" for flag in note["flags"]]
    section: dict[str, Any] = {"title": "Check before signing", "text": _narrative(lines)}
    if issues:
        section["entry"] = [{"reference": f"#{issue['id']}"} for issue in issues]
    return section


def _risks(note: dict[str, Any]) -> list[str]:
    """Return a line with the risk of each section, or no line if the note has one section or was not checked."""
    rows = [row for row in note.get("sections", ()) if row.get("risk") is not None]
    return ["Risk of each section: " + ", ".join(f"{row['heading']} {row['risk']:.0%}" for row in rows)] if rows else []


def _of_section(row: dict[str, Any]) -> str:
    """Return the heading for the section of a sentence or a flag, or an empty text if the note has one section."""
    return f"{heading(row['section'])}: " if row.get("section") else ""


def _issue(number: int, flag: dict[str, Any], transcript: Transcript, now: str) -> dict[str, Any]:
    issue: dict[str, Any] = {
        "resourceType": "DetectedIssue",
        "id": f"flag-{number}",
        "status": "preliminary",
        "code": {"text": flag["category"]},
        "severity": _SEVERITY.get(flag["severity"], "moderate"),
        "identifiedDateTime": now,
        "author": MODEL,
        "detail": _NOT_XML.sub("", explained(flag)),
    }
    if transcript.subject:
        issue["patient"] = transcript.subject
    return issue


def _device(served: Served) -> dict[str, Any]:
    """Return the device: the model with the hash of its files, and the software that ran the model."""
    return {
        "resourceType": "Device",
        "id": "model",
        "identifier": [{"type": {"text": "SHA-256 of the model's files"}, "value": served.sha256}],
        "deviceName": [{"name": served.id, "type": "model-name"}],
        "type": {"text": "language model that summarises dialogues"},
        "version": [{"type": {"text": "commit of medsum"}, "value": served.software}],
    }


def _provenance(transcript: Transcript, now: str) -> dict[str, Any]:
    system = "http://terminology.hl7.org/CodeSystem/provenance-participant-type"
    agent = {"type": {"coding": [{"system": system, "code": "assembler"}]}, "who": MODEL}
    found: dict[str, Any] = {
        "resourceType": "Provenance",
        "id": "provenance",
        "target": [{"reference": "#"}],
        "recorded": now,
        "agent": [agent],
    }
    if transcript.source:
        found["entity"] = [{"role": "source", "what": transcript.source}]
    return found


def _narrative(lines: list[str]) -> dict[str, str]:
    shown = "".join(f"<p>{html.escape(_NOT_XML.sub('', line), quote=False)}</p>" for line in lines if line.strip())
    return {"status": "generated", "div": f'<div xmlns="http://www.w3.org/1999/xhtml">{shown}</div>'}
