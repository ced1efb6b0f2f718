"""HTML of the page: everything that a person or a model wrote is escaped, so that it is only ever text."""

import json
from html import escape
from pathlib import Path
from typing import Any

from medsum.serve.check import explained

EVALUATION = Path("metrics/evaluation.json")
EXPORT = Path("metrics/export.json")
ERRORS = Path("metrics/errors.json")
NAMES = {
    "rouge1": "ROUGE-1", "rouge2": "ROUGE-2", "rougeL": "ROUGE-L", "bertscore": "BERTScore",
    "factual_f1": "factual F1", "omission": "omission (less is better)",
    "hallucination": "hallucination (less is better)",
    "major_errors": "major errors a summary", "length_ratio": "words of summary / words of reference",
}  # fmt: skip
MODELS = {"copy_dialogue": "copy of the dialogue", "baseline": "baseline", "finetuned": "fine-tuned",
          "against_baseline": "difference"}  # fmt: skip


def message(text: str, kind: str = "info") -> str:
    """A line that a screen reader speaks; `kind` is info or error."""
    return f'<p class="message {kind}" role="{"alert" if kind == "error" else "status"}">{escape(text)}</p>'


def evidence_html(dialogue: str, note: dict[str, Any]) -> str:
    """Sentences beside turns; a sentence names its turns, and page.js highlights them."""
    sentences = []
    for number, row in enumerate(note["evidence"], start=1):
        turns = " ".join(map(str, row["turns"]))
        where = _named(row["turns"])
        text = _flagged(note["summary"], row["start"], row["end"], note["flags"])
        sentences.append(
            f'<li><button type="button" class="sentence" data-turns="{turns}" id="sentence-{number}">{text}'
            f' <span class="where">({where})</span></button></li>'
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
    """`turn 2`, `turns 2, 6`, or that there is none."""
    if not turns:
        return "no turn bears this out"
    return f"turn{'s' if len(turns) > 1 else ''} {', '.join(map(str, turns))}"


def _flagged(summary: str, start: int, end: int, flags: list[dict[str, Any]]) -> str:
    """A sentence with its flagged words marked; where flags overlap the first is marked."""
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
    """Every flag with its reason; a flag names its turns as a sentence does."""
    if not note["flags"]:
        return message(
            "No number, medication, negation or side was found that the dialogue does not bear out. Read on:"
            " what was left out is not checked here."
        )
    rows = "".join(
        f'<li><button type="button" class="sentence" data-turns="{" ".join(map(str, flag["turns"]))}">'
        f"<strong>{escape(flag['severity'])}, {escape(flag['category'])}</strong>: {escape(explained(flag))}"
        "</button></li>"
        for flag in note["flags"]
    )
    return f'<h3>To check</h3><ul class="flags">{rows}</ul>'


def rows_html(rows: list[dict[str, Any]]) -> str:
    """The rows of a batch, those with errors marked."""
    cells = "".join(
        f'<tr class="{"error" if "error" in row else ""}"><td>{row["line"]}</td><td>{escape(str(row["id"] or ""))}</td>'
        f"<td>{escape(row.get('section') or '')}</td><td>{escape(row.get('summary') or row.get('error', ''))}</td></tr>"
        for row in rows
    )
    head = "<tr><th>row</th><th>id</th><th>section</th><th>summary, or what was wrong</th></tr>"
    return f'<div class="scroll"><table><thead>{head}</thead><tbody>{cells}</tbody></table></div>'


def quality_html() -> str:
    """What the pipeline measured of these models, or how to measure it."""
    evaluation = _read(EVALUATION)
    if not evaluation:
        return message("Nothing has been measured yet; `dvc repro` does.")
    evaluation = {**evaluation.get("floors", {}), **evaluation}
    columns = {name: label for name, label in MODELS.items() if isinstance(evaluation.get(name), dict)}
    head = "".join(f"<th>{escape(label)}</th>" for label in columns.values())
    body = "".join(
        f"<tr><th>{escape(label)}</th>{''.join(f'<td>{_cell(evaluation[c].get(name))}</td>' for c in columns)}</tr>"
        for name, label in NAMES.items()
    )
    parts = [
        f"<h3>Scores on {evaluation.get('records', '?')} test dialogues</h3>",
        f'<div class="scroll"><table><thead><tr><th></th>{head}</tr></thead><tbody>{body}</tbody></table></div>',
        "<p>ROUGE and BERTScore: 1 would be the reference word for word. Factual F1, omission and hallucination: what a"
        " judge would give, from 0 to 1. Where a difference has an interval, it is one of 95 %.</p>",
        _bars(evaluation, columns),
        _export_html(_read(EXPORT)),
        _errors_html(_read(ERRORS)),
    ]
    return "".join(parts)


def _read(path: Path) -> dict[str, Any]:
    try:
        found = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return found if isinstance(found, dict) else {}


def _cell(value: Any) -> str:
    """A number, or one with its interval."""
    if isinstance(value, dict):
        mean = value.get("mean", value.get("difference"))
        return f"{_cell(mean)} [{_cell(value.get('low'))}, {_cell(value.get('high'))}]"
    return f"{value:.3f}" if isinstance(value, int | float) else ""


def _bars(evaluation: dict[str, Any], columns: dict[str, str]) -> str:
    """ROUGE-1 of each system as a bar, drawn without a script."""
    values = {label: evaluation[name].get("rouge1") for name, label in columns.items() if name != "against_baseline"}
    rows = "".join(
        f"<tr><th>{escape(label)}</th>"
        f'<td class="bar"><span style="width:{60 * value:.1f}%"></span>{value:.3f}</td></tr>'
        for label, value in values.items()
        if isinstance(value, int | float)
    )
    return f'<table class="bars"><caption>ROUGE-1</caption><tbody>{rows}</tbody></table>' if rows else ""


def _export_html(export: dict[str, Any]) -> str:
    search = export.get("beam") or export.get("greedy")
    if not search:
        return ""
    change = search["rouge1"]
    return (
        f"<p>The served model ({escape(str(export['precision']))}) scores {_cell(change)} in ROUGE-1 beside the exact"
        f" one on {export['records']} validation dialogues.</p>"
    )


def _errors_html(errors: dict[str, Any]) -> str:
    """Error categories by model: how many, how many of them major, and the share of summaries with one."""
    categories = {name: found["models"] for name, found in errors.get("categories", {}).items()}
    if not categories:
        return ""
    models = list(next(iter(categories.values())))
    head = "".join(
        f"<th>{escape(MODELS.get(model, model))}: errors (major)</th><th>share of summaries</th>" for model in models
    )
    rows = "".join(
        f"<tr><th>{escape(name)}</th>{''.join(_counts(found[model]) for model in models)}</tr>"
        for name, found in categories.items()
    )
    return (
        f'<h3>Errors found</h3><div class="scroll"><table><thead><tr><th></th>{head}</tr></thead>'
        f"<tbody>{rows}</tbody></table></div><p>The report with every worst record: <code>reports/error_analysis.html"
        "</code>.</p>"
    )


def _counts(found: dict[str, Any]) -> str:
    share = {"mean": found["share"], "low": found["low"], "high": found["high"]}
    return f"<td>{found['errors']} ({found['major']})</td><td>{_cell(share)}</td>"
