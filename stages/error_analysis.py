"""Report which errors the summaries have, how often the errors occur, and which records have the worst summaries.

    python -m stages.error_analysis
    python -m stages.error_analysis --scores FILE.jsonl [FILE.jsonl] --predictions FILE.jsonl [FILE.jsonl]
        --records FILE.jsonl --output FOLDER

The pipeline runs the first form. It reads data/scores/*.jsonl, which hold the errors that stages.evaluate found.
It also reads data/predictions/*.jsonl, data/splits/test.jsonl, benchmarks/results/counterfactual.json, and the scores
of trivial summaries in reports/evaluation.json. It writes reports/errors.json and plots/errors/*.csv, which contain no
text of records. It also writes reports/error_analysis.{md,html}. The last two files quote dialogues, so Git ignores
them.

The second form is for use outside the pipeline. It reports on one model or compares two models. It reads the scores
that the second form of stages.evaluate wrote. If there is a file evaluation.json in the same folder, it reads this
file, too. It writes errors.json and error_analysis.{md,html} into FOLDER, which must not belong to the pipeline.
"""

import argparse
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from medsum.core.atomic import write_csv, write_json, write_text
from medsum.core.errors import UserError, run_script
from medsum.core.output_folder import require_outside
from medsum.core.paths import BY_CATEGORY, ERRORS_REPORT, EVALUATION_REPORT, PREDICTIONS, REPORTS, SCORES, TEST_SPLIT
from medsum.core.reading import read_json
from medsum.dialogue.predictions import read_predictions, read_references
from medsum.dialogue.record import Record, read_jsonl
from medsum.metrics.names import CHECKERS_OFF, MODELS
from medsum.params import error_analysis
from medsum.params.error_analysis import ErrorAnalysisParams
from medsum.report import aggregate, unchecked
from medsum.report.cases import example, shown
from medsum.report.counterfactual import rates_of
from medsum.report.pages import render
from medsum.report.risk_coverage import COLUMNS, RISK_COVERAGE, curve
from medsum.report.score_rows import REMEDY, ScoreRow, require_scores
from medsum.report.selection import Selection, select
from medsum.report.unchecked import is_unchecked

REPORT = REPORTS / "error_analysis"
Rows = list[dict[str, Any]]


def read_scores(path: Path, records: Sequence[Record]) -> Rows:
    """Return the rows in the order of the records.

    To save memory, keep only the category and severity of each error.
    """
    require_scores(path, records)
    rows = []
    for row in read_jsonl(path):
        errors = [{key: error[key] for key in ("category", "severity")} for error in row["errors"]]
        rows.append({**row, "errors": errors, "sentences": []})
    return rows


def read_floors(path: Path) -> dict[str, dict[str, float]]:
    """Return the scores of trivial summaries of the same records, or {} if stages.evaluate wrote no file."""
    if not path.is_file():
        return {}
    floors = read_json(path, REMEDY).get("floors")
    if not (isinstance(floors, dict) and all(map(_are_numbers, floors.values()))):
        raise UserError(f"{path} has no scores of trivial summaries; {REMEDY}")
    return floors


def _are_numbers(scores: Any) -> bool:
    return isinstance(scores, dict) and all(isinstance(score, int | float) for score in scores.values())


def summarise(models: aggregate.Models, params: ErrorAnalysisParams) -> dict[str, Any]:
    """Return all numbers of the analysis."""
    return {
        **aggregate.headline(models),
        "categories": aggregate.categories(models),
        "sections": aggregate.by_section(models, params.small_group_records),
        "lengths": aggregate.by_length(models, params.small_group_records),
        "risk_coverage": curve(models),
    }


def whole_records(
    chosen: Selection,
    worst: int,
    records: Sequence[Record],
    scores: Mapping[str, Path],
    texts: Mapping[str, Sequence[str]],
) -> dict[str, Any]:
    """Return the chosen records as the report shows them. Read the complete rows of these records from the files."""
    places = chosen.places(worst)
    rows = {
        name: {place: row for place, row in enumerate(read_jsonl(path)) if place in places}
        for name, path in scores.items()
    }

    def whole(place: int) -> dict[str, Any]:
        of_models = {name: found[place] for name, found in rows.items()}
        return shown(records[place], of_models, {name: texts[name][place] for name in rows})

    return {
        "worst": [whole(place) for place in chosen.worst[:worst]],
        "better": [whole(place) for place in chosen.better],
        "worse": [whole(place) for place in chosen.worse],
        "examples": {
            category: [
                {"model": model, **example(category, records[place], rows[model][place], texts[model][place])}
                for model, place in found
            ]
            for category, found in chosen.examples.items()
        },
    }


def analyse(
    records: Sequence[Record],
    scores: dict[str, Path],
    predictions: dict[str, Path],
    metrics: Path,
    report: Path,
    floors: Mapping[str, Any],
    counterfactual: dict[str, Any] | None = None,
) -> dict[str, Any]:
    """Read the rows, choose the records to show, and write the numbers and the report. Return the numbers."""
    params = error_analysis.load()
    texts = {name: read_predictions(path, records) for name, path in predictions.items()}
    if all(map(is_unchecked, scores.values())):
        return analyse_unchecked(records, scores, texts, metrics, report)
    models = {name: read_scores(path, records) for name, path in scores.items()}
    summary = summarise(models, params)
    whole = whole_records(select(models), params.worst_records, records, scores, texts)
    view = {**summary, **whole, "floors": floors, "counterfactual": counterfactual}
    for kind in ("md", "html"):
        write_text(report.with_suffix(f".{kind}"), render(kind, list(models), view))
    write_json(metrics, summary)
    majors = ", ".join(f"{name} {found['major_errors']:.2f}" for name, found in summary["models"].items())
    print(f"{report}.html: {summary['records']} records; major errors per summary: {majors}")
    return summary


def analyse_unchecked(
    records: Sequence[Record],
    scores: Mapping[str, Path],
    texts: Mapping[str, Sequence[str]],
    metrics: Path,
    report: Path,
) -> dict[str, Any]:
    """Write the numbers and the report for summaries that were not checked for errors. Return the numbers."""
    for path in scores.values():
        require_scores(path, records, ScoreRow)
    models = {name: list(read_jsonl(path)) for name, path in scores.items()}
    summary = unchecked.summarise(models)
    view = unchecked.view_of(summary, models, texts, records, error_analysis.load().worst_records)
    for kind in ("md", "html"):
        write_text(report.with_suffix(f".{kind}"), render(kind, list(models), view, "unchecked"))
    write_json(metrics, summary)
    print(f"{report}.html: {summary['records']} records; the summaries were not checked for errors ({CHECKERS_OFF})")
    return summary


def by_category(categories: dict[str, dict[str, Any]]) -> Rows:
    """Return a row for each category and model.

    A row has the number of errors, the share of summaries with an error, and the interval of this share.
    """
    keys = ("errors", "share", "low", "high")
    return [
        {"category": category, "model": model, **{key: found["models"][model][key] for key in keys}}
        for category, found in categories.items()
        for model in MODELS
    ]


def arguments() -> argparse.Namespace:
    """Return the options of the command line. Either no option or all four options must be given."""
    parser = argparse.ArgumentParser(prog="python -m stages.error_analysis", description="Report errors.")
    parser.add_argument("--scores", type=Path, nargs="+", help="scores.jsonl of one model, or of two models to compare")
    parser.add_argument("--predictions", type=Path, nargs="+", help="one file of summaries for each model")
    parser.add_argument("--records", type=Path, help="JSON lines with id, dialogue, summary and section")
    parser.add_argument("--output", type=Path, help="a folder that does not belong to the pipeline")
    chosen = parser.parse_args()
    if len({value is None for value in vars(chosen).values()}) == 2:
        parser.error("give --scores, --predictions, --records and --output together, or none of these options")
    if chosen.scores and not len(chosen.scores) == len(chosen.predictions) <= 2:
        parser.error("give --scores of one or two models, and a file of --predictions for each")
    return chosen


def main() -> None:
    """Analyse the pipeline's models, or the files that the command line names."""
    chosen = arguments()
    if chosen.output:
        require_outside(chosen.output)
        names = [path.stem for path in chosen.predictions]
        if len(set(names)) < len(names):
            raise UserError(f"both files of predictions are called {names[0]}; rename one of them")
        records = read_references(chosen.records)
        scores, predictions = (dict(zip(names, paths, strict=True)) for paths in (chosen.scores, chosen.predictions))
        floors = read_floors(chosen.scores[0].with_name(EVALUATION_REPORT.name))
        analyse(records, scores, predictions, chosen.output / ERRORS_REPORT.name, chosen.output / REPORT.name, floors)
        return
    records = read_references(TEST_SPLIT)
    scores, predictions = ({name: folder / f"{name}.jsonl" for name in MODELS} for folder in (SCORES, PREDICTIONS))
    summary = analyse(
        records, scores, predictions, ERRORS_REPORT, REPORT, read_floors(EVALUATION_REPORT), rates_of(predictions)
    )
    if "categories" in summary:
        write_csv(BY_CATEGORY, by_category(summary["categories"]))
        write_csv(RISK_COVERAGE, summary["risk_coverage"])
    else:
        write_text(RISK_COVERAGE, ",".join(COLUMNS) + "\n")
        write_text(BY_CATEGORY, "category,model,errors,share,low,high\n")


if __name__ == "__main__":
    run_script(main)
