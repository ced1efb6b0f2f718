"""Make the tab of the page that shows the pipeline's measurements: scores, charts and categories of errors."""

import csv
import json
from html import escape
from pathlib import Path
from typing import Any

from medsum.core.errors import UserError
from medsum.core.paths import BY_CATEGORY, BY_MODEL, BY_SECTION, ERRORS_REPORT, EVALUATION_REPORT, EXPORT_REPORT
from medsum.generation.model_choice import PIPELINE_MODELS, model_folder
from medsum.metrics.names import METRIC_LABELS, MODELS, SYSTEM_LABELS, with_direction
from medsum.report.risk_coverage import RISK_COVERAGE
from medsum.review import promoted
from medsum.review.chart_definitions import chart_of
from medsum.serve import intervals
from medsum.serve.render import message

LABELS = {name: with_direction(name) for name in METRIC_LABELS}
SYSTEMS = {name: SYSTEM_LABELS[name] for name in ("copy_dialogue", *MODELS)}
TRAINED = {name: SYSTEM_LABELS[name] for name in MODELS}
COLUMNS = {**SYSTEMS, "against_baseline": "difference"}
SERVED = {
    "serving": "the fine-tuned model, converted for serving",
    "finetuned": "the fine-tuned model",
    "baseline": "the baseline, which is not trained",
}


def quality_html(model: str = "serving") -> str:
    """Return HTML that names the served model and shows the pipeline's measurements.

    If there are no measurements yet, the HTML names the command that makes them.
    """
    served = _served_html(model)
    evaluation = _read(EVALUATION_REPORT)
    if not evaluation:
        return served + message("Nothing has been measured yet; run `dvc repro`.")
    try:
        return served + _measured_html(evaluation)
    except (AttributeError, ArithmeticError, LookupError, OSError, TypeError, ValueError, csv.Error):
        return served + message("The reports or plots of the pipeline are damaged; run `dvc repro`.", "error")


def _measured_html(evaluation: dict[str, Any]) -> str:
    evaluation = {**evaluation.get("floors", {}), **evaluation}
    columns = {name: label for name, label in COLUMNS.items() if isinstance(evaluation.get(name), dict)}
    head = "".join(f"<th>{escape(label)}</th>" for label in columns.values())
    body = "".join(
        f"<tr><th>{escape(label)}</th>{''.join(f'<td>{_cell(evaluation[c].get(name))}</td>' for c in columns)}</tr>"
        for name, label in LABELS.items()
    )
    parts = [
        f"<h3>Scores on {evaluation.get('records', '?')} test dialogues</h3>",
        f'<div class="scroll"><table><thead><tr><th></th>{head}</tr></thead><tbody>{body}</tbody></table></div>',
        "<p>ROUGE and BERTScore are 1 if the summary equals the reference word for word. Factual F1, omission and"
        " hallucination estimate the score that a person would give, from 0 to 1. All intervals, in brackets or drawn"
        " as lines, are 95 % intervals.</p>",
        _export_html(_read(EXPORT_REPORT)),
        _chart_html(BY_MODEL, SYSTEMS, LABELS),
        _chart_html(BY_SECTION, TRAINED, {}),
        _errors_html(_read(ERRORS_REPORT)),
        _chart_html(BY_CATEGORY, TRAINED, {}),
        _chart_html(RISK_COVERAGE, TRAINED, {}),
    ]
    return "".join(parts)


def _chart_html(path: Path, systems: dict[str, str], labels: dict[str, str]) -> str:
    """Return one of the pipeline's charts, or an empty text if the pipeline has not drawn this chart."""
    if not path.is_file():
        return ""
    chart = chart_of(path)
    return intervals.chart(chart.title, intervals.read(path, chart.y, chart.x, systems), labels)


def _served_html(model: str) -> str:
    """Return a sentence that names the page's model. The name of a model in a folder is the name of the folder."""
    folder = Path(model).resolve()
    name = next((one for one in PIPELINE_MODELS if one == model or _folder(one) == folder), None)
    if name:
        return f"<p>Served here: {SERVED[name]}.</p>"
    if promoted.told(model):
        return (
            f"<p>Served here: the promoted version <code>{escape(folder.name)}</code>. <strong>The figures below are"
            " for the models of the last run of the pipeline; models/promoted has this version's figures.</strong></p>"
        )
    return (
        f"<p>Served here: the model in the folder <code>{escape(folder.name)}</code>. <strong>The figures below are for"
        " the pipeline's models, not for this model.</strong></p>"
    )


def _folder(name: str) -> Path | None:
    try:
        return model_folder(name).resolve()
    except UserError:
        return None


def _read(path: Path) -> dict[str, Any]:
    try:
        found = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError, RecursionError):
        return {}
    return found if isinstance(found, dict) else {}


def _cell(value: Any) -> str:
    """Return a number as text. If the number has an interval, add the interval."""
    if isinstance(value, dict):
        mean = value.get("mean", value.get("difference"))
        return f"{_cell(mean)} [{_cell(value.get('low'))}, {_cell(value.get('high'))}]"
    return f"{value:.3f}" if isinstance(value, int | float) else ""


def _export_html(export: dict[str, Any]) -> str:
    search = export.get("beam") or export.get("greedy")
    if not search:
        return ""
    change = search["rouge1"]
    return (
        f"<p>The fine-tuned model was converted for serving ({escape(str(export['precision']))}). Its ROUGE-1 differs"
        f" by {_signed(change)} from the unconverted model on {export['records']} validation dialogues.</p>"
    )


def _signed(change: dict[str, Any]) -> str:
    return f"{change['difference']:+.3f} [{change['low']:+.3f}, {change['high']:+.3f}]"


def _errors_html(errors: dict[str, Any]) -> str:
    """Return a table of error categories by model.

    The columns are the number of errors, the number of major errors, and the share of summaries with an error.
    """
    categories = {name: found["models"] for name, found in errors.get("categories", {}).items()}
    if not categories:
        return ""
    models = list(next(iter(categories.values())))
    head = "".join(
        f"<th>{escape(SYSTEM_LABELS.get(model, model))}: errors (major)</th><th>share of summaries</th>"
        for model in models
    )
    rows = "".join(
        f"<tr><th>{escape(name)}</th>{''.join(_counts(found[model]) for model in models)}</tr>"
        for name, found in categories.items()
    )
    return (
        f'<h3>Errors found</h3><div class="scroll"><table><thead><tr><th></th>{head}</tr></thead>'
        f"<tbody>{rows}</tbody></table></div><p>The report with the worst records: <code>reports/error_analysis.html"
        "</code>.</p>"
    )


def _counts(found: dict[str, Any]) -> str:
    share = {"mean": found["share"], "low": found["low"], "high": found["high"]}
    return f"<td>{found['errors']} ({found['major']})</td><td>{_cell(share)}</td>"
