"""Check a summary against its dialogue. Return the evidence and the flags as JSON, or as marks in a text."""

from collections import Counter
from typing import Any

from medsum.faithfulness.dialogue_facts import DialogueFacts, read_dialogue_facts
from medsum.faithfulness.evidence import evidence_in
from medsum.metrics.names import NOT_CHECKED
from medsum.serve.dialogue_input import is_english_asked
from medsum.serve.holding import told
from medsum.serve.note_sections import heading

_IN_WORDS = {
    "supported": "supported by the dialogue",
    "contradicted": "contradicted by the dialogue",
    "not found": "not found in the dialogue",
    "not checkable": "not checkable by rules",
}


def check(dialogue: str, summary: str, dialogue_facts: DialogueFacts | None = None) -> dict[str, Any]:
    """Return the keys `evidence` and `flags` of a summary.

    `evidence` lists each sentence with the turns that support it and with its standing. The standing is supported,
    contradicted, not found or not checkable (standing.py). `flags` lists text that no turn supports. The first turn has
    the number 1. `start` and `end` are positions of characters in the summary. `support` is the share of a sentence's
    content words that also occur in its turns.

    If the caller has already extracted the facts of the dialogue, it gives them as `dialogue_facts`. If dialogues may
    be in languages other than English, `evidence` and `flags` are empty, and the key `unchecked` says why.
    """
    if not is_english_asked():
        return {"evidence": [], "flags": [], "unchecked": NOT_CHECKED}
    found = evidence_in(dialogue_facts or read_dialogue_facts(dialogue), summary)
    return {
        "evidence": [
            {
                "sentence": summary[s.start : s.end].strip(),
                "start": s.start,
                "end": s.end,
                "turns": [turn + 1 for turn in s.turns],
                "support": s.support,
                "standing": s.standing,
            }
            for s in found.sentences
        ],
        "flags": [
            {
                "category": flag.category,
                "severity": flag.severity,
                "text": summary[flag.start : flag.end],
                "start": flag.start,
                "end": flag.end,
                "reason": flag.reason,
                "turns": [turn + 1 for turn in flag.turns],
            }
            for flag in found.flags
        ],
    }


def traceable(dialogue: str, summary: str) -> dict[str, Any]:
    """Return the result of `check` with one more key: `dialogue`, the list of the turns."""
    return {**check(dialogue, summary), "dialogue": dialogue.split("\n")}


def counted(note: dict[str, Any]) -> str:
    """Return one sentence with the number of sentences of each standing, or the reason why nothing was checked."""
    if "unchecked" in note:
        return str(note["unchecked"])
    counts = Counter(row["standing"] for row in note["evidence"])
    said = ", ".join(f"{counts[standing]} {_IN_WORDS[standing]}" for standing in _IN_WORDS if counts[standing])
    return f"Of {counts.total()} sentences: {said}." if said else "There is no sentence to check."


def explained(flag: dict[str, Any]) -> str:
    """Return the reason for a flag, together with the flagged words."""
    words = f"“{flag['text']}”"
    return str(flag["reason"]) if words in flag["reason"] else f"{words}: {flag['reason']}"


def marked(dialogue: str, note: dict[str, Any], key: str = "summary") -> str:
    """Return a note as text for a reader, with flagged words between >> and <<.

    The standing and the turns of a sentence follow the sentence. The flags and the dialogue are at the end. `key` is
    the key in `note` that has the text.
    """
    lines: list[str] = []
    last = None
    for sentence in note["evidence"]:
        section = sentence.get("section")
        if section and section != last:
            lines += [*([""] if lines else []), f"{heading(section)}:"]
        last = section
        text = _mark(note[key], sentence["start"], sentence["end"], note["flags"]).strip()
        turns = ", ".join(map(str, sentence["turns"])) or "no turn"
        lines.append(f"{text} [{sentence['standing']}: {turns}]")
    lines += [note[key]] if "unchecked" in note else []
    lines += ["", counted(note), *filter(None, [told(note)])]
    if note["flags"]:
        lines += ["", "Check:"]
        lines += [f"  {flag['severity']}, {flag['category']}: {explained(flag)}" for flag in note["flags"]]
    lines += ["", "Turns:", *(f"{number:3}  {turn}" for number, turn in enumerate(dialogue.split("\n"), start=1))]
    return "\n".join(lines)


def _mark(summary: str, start: int, end: int, flags: list[dict[str, Any]]) -> str:
    """Return a part of the summary with its flagged words between >> and <<. Overlapping flags share one mark."""
    inside = [False] * (len(summary) + 1)
    for flag in flags:
        for place in range(flag["start"], min(flag["end"], len(summary))):
            inside[place] = True
    text = ""
    for place in range(start, end):
        opens = inside[place] and not (place > start and inside[place - 1])
        closes = inside[place] and not (place + 1 < end and inside[place + 1])
        text += (">>" if opens else "") + summary[place] + ("<<" if closes else "")
    return text
