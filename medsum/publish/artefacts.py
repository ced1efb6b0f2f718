"""Read the measurements of the pipeline and the benchmarks for the documents.

The measurements contain no text of a patient.
"""

from pathlib import Path
from typing import Any, NamedTuple

from medsum.core.errors import UserError
from medsum.core.lock import outputs, read_lock
from medsum.core.paths import (
    AUDIT_REPORT,
    BASES,
    DATA_REPORT,
    ERRORS_REPORT,
    EVALUATION_METRICS,
    EVALUATION_REPORT,
    EXPORT_REPORT,
    PLANTED_ERRORS,
    SCORES,
    SERVING,
    SPLITS_REPORT,
    TEST_SPLIT,
    TRAIN_REPORT,
)
from medsum.core.reading import read_json
from medsum.dialogue.record import read_jsonl, read_records
from medsum.faithfulness.flags import MEANINGS
from medsum.params import data, error_analysis, second_pass
from medsum.publish.origin import OPEN, Base, Data, base_of, recorded
from medsum.publish.specialties import specialties
from medsum.publish.subgroups import Group, table

SBOM = Path("bundle/sbom.cdx.json")  # `make bundle` writes this file
CORRECTIONS = Path("metrics/corrections/corrections.json")
FINETUNED = SCORES / "finetuned.jsonl"
MADE_BY = {  # the stage that makes each report
    DATA_REPORT: "prepare",
    SPLITS_REPORT: "split",
    AUDIT_REPORT: "audit",
    TRAIN_REPORT: "train",
    EXPORT_REPORT: "export",
    EVALUATION_REPORT: "evaluate",
    EVALUATION_METRICS: "evaluate",
    ERRORS_REPORT: "error-analysis",
}
PLANT = "run `python -m benchmarks.judge.planted_errors` to make it"
BUNDLE = "run `make bundle` to make it again"
CORRECT = "run `python -m medsum.review.corrections` to make it again"


class Artefacts(NamedTuple):
    """The measurements of one run.

    `reports` maps the name of a report to the report. `planted` maps a category of errors to the rates at which the
    checker found planted errors. A planted error is an error that a program put into a correct note.
    """

    reports: dict[str, dict[str, Any]]
    metrics: dict[str, Any]
    planted: dict[str, dict[str, Any]]
    groups: list[Group]
    origin: Data
    base: Base
    hashes: dict[str, str]
    packages: int | None
    corrections: dict[str, Any] | None

    @property
    def is_checked(self) -> bool:
        """Return whether the summaries were checked for errors. They are not checked if data.language is any."""
        return "categories" in self.reports["errors"]


def require_there() -> None:
    """Raise UserError if an artefact is missing or damaged. The message has the command that makes the artefact."""
    for path, stage in MADE_BY.items():
        read_json(path, f"run `dvc repro {stage}` to make it")
    for path in (TEST_SPLIT, FINETUNED):
        if not path.exists():
            raise UserError(f"{path} is not there; run `dvc repro` to make it")
    _planted()


def read_all(base: str) -> Artefacts:
    """Read every artefact of a run. The run must be complete and up to date."""
    found = {path: read_json(path, f"run `dvc repro {stage}` to make it") for path, stage in MADE_BY.items()}
    return Artefacts(
        reports={path.stem: report for path, report in found.items() if path != EVALUATION_METRICS},
        metrics=found[EVALUATION_METRICS],
        planted=_planted(),
        groups=_groups(),
        origin=_origin(),
        base=base_of(base),
        hashes=_hashes(),
        packages=len(read_json(SBOM, BUNDLE).get("components", [])) if SBOM.exists() else None,
        corrections=read_json(CORRECTIONS, CORRECT) if CORRECTIONS.exists() else None,
    )


def _planted() -> dict[str, dict[str, Any]]:
    """Return the rates at which the checker found planted errors, by category.

    Raise UserError if a category is missing.
    """
    found = read_json(PLANTED_ERRORS, PLANT).get("categories")
    if not (isinstance(found, dict) and set(MEANINGS) <= set(found)):
        raise UserError(f"{PLANTED_ERRORS} does not have every category of errors; {PLANT}")
    return found


def _groups() -> list[Group]:
    params, small = data.load(), error_analysis.load().small_group_records
    return table(read_records(TEST_SPLIT), list(read_jsonl(FINETUNED)), specialties(params), small)


def _origin() -> Data:
    """Return the data source of the run that dvc.lock records.

    The licence of the source is an empty text if the source is not known to be open data.
    """
    deps = {dep["path"]: dep["md5"] for dep in recorded()["prepare"]["deps"]}
    known = OPEN.get(deps[f"data/raw/{data.load().source}"])
    return known or Data("own", "The developer's own dialogues.", "", "other", is_open=False)


def _hashes() -> dict[str, str]:
    """Return the hashes in dvc.lock that identify the run."""
    recorded_outputs = outputs(read_lock())
    named = {"adapter": second_pass.adapter(), "served model": SERVING, "test split": TEST_SPLIT}
    return {name: recorded_outputs[path] for name, path in named.items()}


def base_card(base: Base) -> str | None:
    """Return the path of the base model's card in the project, or None if the project has no such card."""
    card = BASES / f"{base.name}.md"
    return card.as_posix() if card.is_file() else None
