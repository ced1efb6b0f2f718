"""Make the HTML of the page. All text from persons and models is escaped, so that a browser shows it only as text."""

import json
from html import escape
from typing import Any

from medsum.serve.check_workers import in_worker
from medsum.serve.holding import told as told_of_risk
from medsum.serve.note_check import counted, explained
from medsum.serve.note_sections import heading
from medsum.serve.sign_messages import told
from medsum.serve.visit import names_of
from medsum.serve.visit import told as told_of_visit

KEYS = (
    '<p class="keys">Keys: <kbd>Alt</kbd>+<kbd>N</kbd> next flag, <kbd>Alt</kbd>+<kbd>A</kbd> dismiss the flag or'
    " accept the sentence, <kbd>Alt</kbd>+<kbd>E</kbd> correct its words, <kbd>Alt</kbd>+<kbd>C</kbd> copy the"
    " note.</p>"
)


def message(text: str, kind: str = "info") -> str:
    """Return a message that a screen reader reads aloud. `kind` is `info` or `error`."""
    return f'<p class="message {kind}" role="{"alert" if kind == "error" else "status"}">{escape(text)}</p>'


@in_worker
def views(note: dict[str, Any]) -> tuple[str, str, str, str]:
    """Return the flags, the evidence, the turns and the JSON of a note."""
    saved = json.dumps(note, ensure_ascii=False, indent=2)
    return flags_html(note), evidence_html(note), turns_html(note["dialogue"]), saved


def draft_html(note: dict[str, Any]) -> str:
    """Return an invisible element with the note that the model wrote. page.js adds the time of the draft to it.

    The note and the time are stored if a person signs the note.
    """
    return f'<span hidden data-draft="{escape(json.dumps(note, ensure_ascii=False))}"></span>'


def turns_html(turns: list[str]) -> str:
    """Return the numbered turns of the dialogue. page.js highlights the turns of a sentence or a flag."""
    rows = "".join(
        f'<li id="turn-{number}" data-turn="{number}">{escape(turn)}</li>' for number, turn in enumerate(turns, start=1)
    )
    return f'<section aria-label="Dialogue"><ol class="turns" tabindex="0" aria-label="Turns">{rows}</ol></section>'


def evidence_html(note: dict[str, Any]) -> str:
    """Return the sentences of the note as HTML. Each sentence has its turns and its flags.

    The HTML has the positions of sentences and flags in the note. With these positions, page.js selects the words that
    a person corrects.
    """
    rows = []
    for number, row in enumerate(note["evidence"], start=1):
        of = f"{heading(row['section'])}, " if row.get("section") else ""
        where = f"{of}{row['standing']}: {_named(row['turns'])}"
        text = _flagged(note["summary"], row["start"], row["end"], note["flags"])
        flags = "".join(_flag(flag) for flag in note["flags"] if row["start"] <= flag["start"] < row["end"])
        rows.append(
            f'<li {_place(row)}><button type="button" class="sentence {row["standing"].replace(" ", "-")}"'
            f' {_turns(row)} id="sentence-{number}">{text} <span class="where">({escape(where)})</span></button>'
            f"{_marks('accept', f'sentence {number}')}{f'<ul>{flags}</ul>' if flags else ''}</li>"
        )
    return f'<section class="evidence" aria-label="Sentences"><h3>Sentences</h3><ol>{"".join(rows)}</ol></section>'


def _flag(flag: dict[str, Any]) -> str:
    return (
        f'<li class="flag" {_place(flag)}><button type="button" class="sentence" {_turns(flag)}>'
        f"<strong>{escape(flag['severity'])}, {escape(flag['category'])}</strong>: {escape(explained(flag))}</button>"
        f"{_marks('dismiss', 'the flag on ' + flag['text'])}</li>"
    )


def _marks(settle: str, of: str) -> str:
    """Return two buttons for a sentence or a flag: one to settle it, and one to select its words for a correction.

    `settle` is the word on the first button: `accept` for a sentence and `dismiss` for a flag.
    """
    return "".join(
        f'<button type="button" class="mark" data-mark="{does}"{" aria-pressed=false" if does == settle else ""}'
        f' aria-label="{does.title()} {escape(of)}">{does.title()}</button>'
        for does in (settle, "correct")
    )


def _place(row: dict[str, Any]) -> str:
    return f'data-start="{row["start"]}" data-end="{row["end"]}"'


def _turns(row: dict[str, Any]) -> str:
    return f'data-turns="{" ".join(map(str, row["turns"]))}"'


def _named(turns: list[int]) -> str:
    """Return `turn 2`, `turns 2, 6` or `no turn`."""
    if not turns:
        return "no turn"
    return f"turn{'s' if len(turns) > 1 else ''} {', '.join(map(str, turns))}"


def _flagged(summary: str, start: int, end: int, flags: list[dict[str, Any]]) -> str:
    """Return a sentence with its flagged words marked. If flags overlap, only the first flag is marked."""
    html, place = "", start
    for flag in sorted(flags, key=lambda flag: (flag["start"], -flag["end"])):
        first, last = max(flag["start"], place), min(flag["end"], end)
        if first < last:
            html += escape(summary[place:first])
            html += f'<mark class="{escape(flag["severity"])}" title="{escape(flag["reason"])}">'
            html += escape(summary[first:last]) + "</mark>"
            place = last
    return (html + escape(summary[place:end])).strip()


def flags_html(note: dict[str, Any]) -> str:
    """Return how many sentences are checked and flagged, and the flags that belong to no sentence."""
    said = told_of_risk(note)
    risk = message(said, "error" if note.get("held_back") else "info") if said else ""
    if "unchecked" in note:
        return risk + message(note["unchecked"])
    if not note["flags"]:
        return risk + message(
            f"Nothing was flagged. {counted(note)} The checks do not find what the note leaves out: compare it with"
            " the dialogue."
        )
    places = [(row["start"], row["end"]) for row in note["evidence"]]
    other = [flag for flag in note["flags"] if not any(start <= flag["start"] < end for start, end in places)]
    rows = "".join(map(_flag, other))
    return f"{risk}{message(counted(note))}{KEYS}{f'<ul>{rows}</ul>' if rows else ''}"


def _text_of(row: dict[str, Any]) -> str:
    """Return the summary or the error of a batch row. For a note that is held back, return what to do."""
    return told_of_risk(row) if row.get("held_back") else row.get("summary") or row.get("error", "")


def rows_html(rows: list[dict[str, Any]]) -> str:
    """Return the rows of a batch as a table. Rows with errors are marked. Messages about a note are below the note."""
    cells = "".join(
        f'<tr class="{"error" if "error" in row else ""}"><td>{row["line"]}</td><td>{escape(str(row["id"] or ""))}</td>'
        f"<td>{escape(', '.join(names_of(row)))}</td><td>{escape(_text_of(row))}"
        f"{''.join(f'<br><small>{escape(said)}</small>' for said in told(row) + told_of_visit(row))}</td></tr>"
        for row in rows
    )
    head = "<tr><th>row</th><th>id</th><th>section</th><th>summary or error</th></tr>"
    return f'<div class="scroll"><table><thead>{head}</thead><tbody>{cells}</tbody></table></div>'
