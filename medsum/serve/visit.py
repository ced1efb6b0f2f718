"""The note of a visit: its sections under headings, and what supports each sentence or speaks against it."""

import re
from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple

from medsum.faithfulness.heard import hear
from medsum.generation.merging import Merged
from medsum.serve.dialogue_input import is_english_asked
from medsum.serve.note_check import check
from medsum.serve.note_sections import heading

_LINE = re.compile(r"[^\n]*")


class Part(NamedTuple):
    """A section's text in a note, by its characters; `section` is None for what stands above all headings."""

    section: str | None
    start: int
    end: int


def written(merged: Merged, sections: Sequence[str | None], several: bool) -> dict[str, Any]:
    """The keys of a note without evidence: summary, section or sections, and what was left out when it was merged.

    A section of which nothing is left has no heading in the text; its `start` and `end` are null.
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
    """The keys `evidence`, `flags` and `dialogue` of a note: each section is checked by itself, headings are not.

    `start` and `end` are characters of the whole note; each sentence of a note of several sections names its section.
    """
    if not is_english_asked():
        return {**check(dialogue, note["summary"]), "dialogue": dialogue.split("\n")}
    parts = _parts(note)
    several = "sections" in note
    heard = hear(dialogue)
    found: dict[str, Any] = {"evidence": [], "flags": []}
    for part in parts:
        one = check(dialogue, note["summary"][part.start : part.end], heard)
        for key, rows in found.items():
            for row in one[key]:
                row["start"] += part.start
                row["end"] += part.start
                rows.append({**row, "section": part.section} if several else row)
    found["flags"] += _of_merging(note, found["evidence"])
    found["flags"].sort(key=lambda flag: (flag["start"], flag["end"], flag["category"]))
    return {**found, "dialogue": dialogue.split("\n")}


def edited(note: dict[str, Any], text: str) -> dict[str, Any]:
    """The note with its text corrected: a section runs from its heading's line to the next heading's.

    A section whose heading is gone is no section any more. What was left out in merging is not told again.
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
    """The section or sections of a note; none where it has no section."""
    return [name for one in row.get("sections", [row]) if (name := one.get("section"))]


def told(note: dict[str, Any]) -> list[str]:
    """What a reader must know of how a note was put together, in sentences."""
    said = []
    empty = [row["heading"].lower() for row in note.get("sections", ()) if not row["summary"]]
    if empty:
        said.append(f"Nothing stands under {', '.join(empty)}: nothing was written, or it stands in another section.")
    contradicting = sum(one["reason"] == "contradiction" for one in note.get("dropped", ()))
    if contradicting:
        said.append(f"Sentences left out because another sentence contradicts them: {contradicting}; see the flags.")
    return said


def _parts(note: dict[str, Any]) -> list[Part]:
    if "sections" not in note:
        return [Part(None, 0, len(note["summary"]))]
    return [Part(row["section"], row["start"], row["end"]) for row in note["sections"] if row.get("start") is not None]


def _of_merging(note: dict[str, Any], evidence: Sequence[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    """A flag at each sentence that stands instead of one that contradicts it."""
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
            "reason": f"of another part of the visit “{one['sentence']}” was written, which is left out",
            "turns": row["turns"],
        }
        yield {**flag, "section": row["section"]} if "section" in row else flag
