"""Make the HTML of the page. All text from persons and models is escaped, so a browser shows it only as text."""

from html import escape
from typing import Any

from medsum.serve.note_check import counted, explained
from medsum.serve.note_sections import heading
from medsum.serve.sign_messages import told
from medsum.serve.visit import names_of
from medsum.serve.visit import told as told_of_visit


def message(text: str, kind: str = "info") -> str:
    """Return a message that a screen reader speaks; `kind` is info or error."""
    return f'<p class="message {kind}" role="{"alert" if kind == "error" else "status"}">{escape(text)}</p>'


def evidence_html(dialogue: str, note: dict[str, Any]) -> str:
    """Return the sentences next to the turns. A sentence names its turns, and page.js highlights them."""
    sentences = []
    for number, row in enumerate(note["evidence"], start=1):
        turns = " ".join(map(str, row["turns"]))
        of = f"{heading(row['section'])}, " if row.get("section") else ""
        where = f"{of}{row['standing']}: {_named(row['turns'])}"
        kind = row["standing"].replace(" ", "-")
        text = _flagged(note["summary"], row["start"], row["end"], note["flags"])
        sentences.append(
            f'<li><button type="button" class="sentence {kind}" data-turns="{turns}" id="sentence-{number}">{text}'
            f' <span class="where">({escape(where)})</span></button></li>'
        )
    turns = "".join(
        f'<li id="turn-{number}" data-turn="{number}">{escape(turn)}</li>'
        for number, turn in enumerate(dialogue.split("\n"), start=1)
    )
    return (
        f'<div class="evidence"><section aria-label="Sentences"><h3>Sentences</h3>'
        f"<ol>{''.join(sentences)}</ol></section>"
        '<section aria-label="Dialogue"><h3>Dialogue</h3>'
        f'<ol class="turns" tabindex="0" aria-label="Turns">{turns}</ol></section></div>'
    )


def _named(turns: list[int]) -> str:
    """Return `turn 2`, `turns 2, 6` or `no turn`."""
    if not turns:
        return "no turn"
    return f"turn{'s' if len(turns) > 1 else ''} {', '.join(map(str, turns))}"


def _flagged(summary: str, start: int, end: int, flags: list[dict[str, Any]]) -> str:
    """Return a sentence with its flagged words marked. If flags overlap, the first one is marked."""
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
    """Return every flag with its reason. A flag names its turns in the same way as a sentence."""
    if "unchecked" in note:
        return message(note["unchecked"])
    if not note["flags"]:
        return message(
            f"Nothing was flagged. {counted(note)} The checks do not find what the note leaves out: compare it with"
            " the dialogue."
        )
    rows = "".join(
        f'<li><button type="button" class="sentence" data-turns="{" ".join(map(str, flag["turns"]))}">'
        f"<strong>{escape(flag['severity'])}, {escape(flag['category'])}</strong>: {escape(explained(flag))}"
        "</button></li>"
        for flag in note["flags"]
    )
    return f'<h3>To check</h3><ul class="flags">{rows}</ul>{message(counted(note))}'


def rows_html(rows: list[dict[str, Any]]) -> str:
    """Return the rows of a batch as a table. Rows with errors are marked; messages about a note come below it."""
    cells = "".join(
        f'<tr class="{"error" if "error" in row else ""}"><td>{row["line"]}</td><td>{escape(str(row["id"] or ""))}</td>'
        f"<td>{escape(', '.join(names_of(row)))}</td><td>{escape(row.get('summary') or row.get('error', ''))}"
        f"{''.join(f'<br><small>{escape(said)}</small>' for said in told(row) + told_of_visit(row))}</td></tr>"
        for row in rows
    )
    head = "<tr><th>row</th><th>id</th><th>section</th><th>summary or error</th></tr>"
    return f'<div class="scroll"><table><thead>{head}</thead><tbody>{cells}</tbody></table></div>'
