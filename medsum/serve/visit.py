"""Make the note of a visit: sections with headings, evidence and flags."""

import re
from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple

from medsum.faithfulness.dialogue_facts import read_dialogue_facts
from medsum.generation.merging import Merged
from medsum.risk.features import said_in
from medsum.serve.check_workers import NotCheckedError, in_worker
from medsum.serve.dialogue_input import is_english_asked
from medsum.serve.holding import hold_back, risk_of
from medsum.serve.note_check import check
from medsum.serve.note_sections import heading
from medsum.serve.section_risks import with_risks

_LINE = re.compile(r"[^\n]*")


class Part(NamedTuple):
    """The place of a section's text in a note. `section` is None for text above the first heading."""

    section: str | None
    start: int
    end: int


def written(merged: Merged, sections: Sequence[str | None], several: bool) -> dict[str, Any]:
    """Return a note without evidence: its summary, its section or sections, and the dropped sentences.

    A dropped sentence is a sentence that the model wrote but that the merge of the texts left out. An empty section has
    no heading in the text. Its `start` and `end` are null.
    """
    dropped = [one._asdict() for one in merged.dropped]
    if not several:
        return {"summary": merged.texts[0], "section": sections[0], "dropped": dropped}
    text, rows = "", []
    for section, own in zip(sections, merged.texts, strict=True):
        name = section or ""
        row: dict[str, Any] = {"section": name, "heading": heading(name), "summary": own, "start": None, "end": None}
        if own:
            text += ("\n\n" if text else "") + f"{row['heading']}:\n"
            row |= {"start": len(text), "end": len(text) + len(own)}
            text += own
        rows.append(row)
    return {"summary": text, "sections": rows, "dropped": dropped}


def evidence_of(dialogue: str, note: dict[str, Any]) -> dict[str, Any]:
    """Return the keys `evidence`, `flags`, `risk` and `dialogue` of a note, and `held_back` if `note.hold_back` is set.

    If the note has several sections, also return the key `sections`, in which each section has its own `risk`. If the
    check fails or takes too long, there is no `risk`, and the key `unchecked` says so. If `note.hold_back` is
    set, such a note is held back.
    """
    try:
        return _evidence_of(dialogue, note)
    except NotCheckedError as error:
        held = {} if hold_back() is None else {"held_back": True}
        nothing = {"evidence": [], "flags": [], "unchecked": error.sentence()}
        return {**nothing, **held, "dialogue": dialogue.split("\n")}


@in_worker
def _evidence_of(dialogue: str, note: dict[str, Any]) -> dict[str, Any]:
    """Return the result of `evidence_of`, but without a worker process.

    Each section is checked separately, without its heading. `start` and `end` are positions of characters in the whole
    note. In a note of several sections, each sentence names its section.
    """
    if not is_english_asked():
        hold_back()  # nothing is checked here, so this call raises UserError if `note.hold_back` is set
        return {**check(dialogue, note["summary"]), "dialogue": dialogue.split("\n")}
    parts = _parts(note)
    several = "sections" in note
    dialogue_facts = read_dialogue_facts(dialogue)
    found: dict[str, Any] = {"evidence": [], "flags": []}
    for part in parts:
        one = check(dialogue, note["summary"][part.start : part.end], dialogue_facts)
        for key, rows in found.items():
            for row in one[key]:
                row["start"] += part.start
                row["end"] += part.start
                rows.append({**row, "section": part.section} if several else row)
    found["flags"] += _of_merging(note, found["evidence"])
    found["flags"].sort(key=lambda flag: (flag["start"], flag["end"], flag["category"]))
    said = said_in(dialogue)
    found |= risk_of(said, {**note, **found})
    if several:
        found["sections"] = with_risks(said, {**note, **found})
    return {**found, "dialogue": dialogue.split("\n")}


def edited(note: dict[str, Any], text: str) -> dict[str, Any]:
    """Return the note with the text that a person corrected. A section begins below its heading and ends at the next.

    If the person deleted a heading, the note no longer has this section. The result does not list dropped sentences.
    """
    if "sections" not in note:
        return {"summary": text, "section": note.get("section")}
    headings = {row["heading"]: row["section"] for row in note["sections"]}
    places = [
        (match.start(), match.end(), headings[match[0].strip()[:-1]])
        for match in _LINE.finditer(text)
        if match[0].strip().endswith(":") and match[0].strip()[:-1] in headings
    ]
    begins = [(0, 0, None), *places]
    ends = [start for start, _, _ in places] + [len(text)]
    rows = []
    for (_, begin, section), end in zip(begins, ends, strict=True):
        own = text[begin:end]
        if section is None and not own.strip():
            continue
        start = begin + len(own) - len(own.lstrip())
        row = {"section": section, "heading": heading(section) if section else "", "summary": own.strip()}
        rows.append({**row, "start": start, "end": start + len(own.strip())} if own.strip() else row)
    return {"summary": text, "sections": rows, "dropped": []}


def names_of(row: dict[str, Any]) -> list[str]:
    """Return the section or sections of a note, or an empty list if it has none."""
    return [name for one in row.get("sections", [row]) if (name := one.get("section"))]


def told(note: dict[str, Any]) -> list[str]:
    """Return messages for the reader about empty sections and about sentences that were dropped."""
    said = []
    empty = [row["heading"].lower() for row in note.get("sections", ()) if row["summary"] == ""]
    if empty:
        said.append(f"Empty sections: {', '.join(empty)}. The model wrote nothing, or the text is in another section.")
    contradicting = sum(one["reason"] == "contradiction" for one in note.get("dropped", ()))
    if contradicting:
        said.append(f"Sentences left out because another sentence contradicts them: {contradicting}; see the flags.")
    return said


def _parts(note: dict[str, Any]) -> list[Part]:
    if "sections" not in note:
        return [Part(None, 0, len(note["summary"]))]
    return [Part(row["section"], row["start"], row["end"]) for row in note["sections"] if row.get("start") is not None]


def _of_merging(note: dict[str, Any], evidence: Sequence[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    """Yield a flag for each sentence that was kept although a dropped sentence contradicts it."""
    for one in note.get("dropped", ()):
        row = next((row for row in evidence if row["sentence"] == one["kept"]), None)
        if one["reason"] != "contradiction" or row is None:
            continue
        start = note["summary"].index(row["sentence"], row["start"])
        flag = {
            "category": "contradiction",
            "severity": "major",
            "text": row["sentence"],
            "start": start,
            "end": start + len(row["sentence"]),
            "reason": f"the model also wrote “{one['sentence']}” from another part of the visit; that is left out",
            "turns": row["turns"],
        }
        yield {**flag, "section": row["section"]} if "section" in row else flag
