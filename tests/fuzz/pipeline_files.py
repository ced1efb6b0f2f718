"""Files that the pipeline and its users write, damaged: parameters, records, summaries, scores, metrics, catalogues."""

import csv
import io
import json
import random
import shlex
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from medsum.core import catalogue, params_section
from medsum.core.atomic import write_json
from medsum.core.lock import read_lock
from medsum.core.paths import (
    BY_CATEGORY,
    BY_MODEL,
    BY_SECTION,
    COUNTERFACTUAL_RATES,
    ERRORS_REPORT,
    EVALUATION_REPORT,
    EXPORT_REPORT,
    LOCK,
    PARAMS,
    PRESETS,
)
from medsum.dialogue.predictions import read_predictions, read_references
from medsum.dialogue.record import Record, read_records
from medsum.evaluation.table import last_table
from medsum.params import generation, model, one_off, prompt, runtime, train
from medsum.report.counterfactual import rates_of
from medsum.report.risk_coverage import RISK_COVERAGE
from medsum.review import gate, promoted
from medsum.review.reader_answers import lines as told_answers
from medsum.review.reader_answers import read_answers, read_key, summary
from medsum.review.reader_questions import COLUMNS
from medsum.serve.quality_tab import quality_html
from stages import check
from stages.error_analysis import analyse, read_floors, read_scores
from tests.conftest import ROOT
from tests.core.test_reading import PREDICTIONS, RECORDS, SCORES
from tests.fuzz.mutation import changed_rows, changed_value, damaged, odd_text

Case = Callable[[random.Random, Path], object]
RECORDS_READ = [Record(**row) for row in RECORDS]  # type: ignore[arg-type]
INTERVAL = {"mean": 0.5, "low": 0.4, "high": 0.6}
MEANS = dict.fromkeys(("rouge1", "rougeL", "bertscore", "factual_f1"), INTERVAL["mean"])
EVALUATION: dict[str, Any] = {
    "against_baseline": {"rouge1": {"difference": 0.1, "low": 0.0, "high": 0.2, "p": 0.5}},
    "baseline": MEANS,
    "finetuned": MEANS,
    "floors": {"copy_dialogue": MEANS},
    "records": 3,
}
COUNTS = {"errors": 2, "major": 1, "share": 0.5, "low": 0.2, "high": 0.8}
ERRORS = {"categories": {"omission": {"models": {"baseline": COUNTS, "finetuned": COUNTS}}}}
EXPORT = {"greedy": {"rouge1": {"difference": 0.0, "low": -0.1, "high": 0.1}}, "precision": "int8", "records": 3}
KEY = {"pack": "ab12", "models": ["baseline", "finetuned"], "pairs": [{"pair": n, "first": "baseline"} for n in (1, 2)]}


def lines(rows: list[Any]) -> bytes:
    """Rows as JSON Lines."""
    return "".join(json.dumps(row) + "\n" for row in rows).encode()


def odd_lines(rows: list[Any], luck: random.Random) -> bytes:
    """Rows as JSON Lines, one of them changed or the bytes damaged."""
    return lines(changed_rows(rows, luck)) if luck.random() < 0.6 else damaged(lines(rows), luck)


def odd_json(value: Any, luck: random.Random) -> bytes:
    """A JSON object, changed or damaged."""
    content = json.dumps(value, indent=2).encode()
    return json.dumps(changed_value(value, luck)).encode() if luck.random() < 0.6 else damaged(content, luck)


def odd_yaml(content: bytes, luck: random.Random) -> bytes:
    """The bytes of a YAML file, changed or damaged."""
    if luck.random() < 0.4:
        return damaged(content, luck)
    return yaml.safe_dump(changed_value(yaml.safe_load(content), luck), allow_unicode=False).encode()


@cache
def original(path: Path) -> bytes:
    """The bytes of a file in the repository."""
    return (ROOT / path).read_bytes()


def put(path: Path, content: bytes) -> Path:
    """Write a file of the case."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)
    return path


def parameters(luck: random.Random, _: Path) -> None:
    """params.yaml. The file is as it was afterwards, because other cases need it."""
    content = PARAMS.read_bytes()
    try:
        put(PARAMS, odd_yaml(content, luck))
        params_section.read_params.cache_clear()
        check.check_sections()
    finally:
        put(PARAMS, content)
        params_section.read_params.cache_clear()


def records(luck: random.Random, scratch: Path) -> None:
    """Records of the pipeline."""
    read_records(put(scratch / "records.jsonl", odd_lines(RECORDS, luck)))


def references(luck: random.Random, scratch: Path) -> None:
    """Records that a user gives."""
    read_references(put(scratch / "references.jsonl", odd_lines(RECORDS, luck)))


def predictions(luck: random.Random, scratch: Path) -> None:
    """Summaries that a user gives."""
    read_predictions(put(scratch / "predictions.jsonl", odd_lines(PREDICTIONS, luck)), RECORDS_READ)


def scores(luck: random.Random, scratch: Path) -> None:
    """Scores, as error analysis and the gate of promotion read them; what is read is also analysed."""
    path, texts = put(scratch / "scores.jsonl", odd_lines(SCORES, luck)), put(scratch / "p.jsonl", lines(PREDICTIONS))
    if luck.random() < 0.5:
        rows = gate.read_scores(path, RECORDS_READ)
        gate.compare(rows, rows)
        gate.means(rows)
    else:
        read_scores(path, RECORDS_READ)
        analyse(RECORDS_READ, {"mine": path}, {"mine": texts}, scratch / "out.json", scratch / "report", {})


def metrics(luck: random.Random, _: Path) -> None:
    """Reports and tables that the page, the report and the terminal show."""
    reports: dict[Path, Any] = {EVALUATION_REPORT: EVALUATION, ERRORS_REPORT: ERRORS, EXPORT_REPORT: EXPORT}
    for path, value in reports.items():
        put(path, odd_json(value, luck) if luck.random() < 0.5 else json.dumps(value).encode())
    for path in (BY_MODEL, BY_SECTION, BY_CATEGORY, RISK_COVERAGE):
        if luck.random() < 0.5:
            put(path, damaged(original(path), luck))
        else:
            put(path, odd_text(luck, (original(path).decode(),)).encode("utf-8", "replace"))
    quality_html()
    read_floors(EVALUATION_REPORT)
    last_table()


def rates(luck: random.Random, _: Path) -> None:
    """The rates at which the checker finds errors."""
    put(COUNTERFACTUAL_RATES, damaged(original(COUNTERFACTUAL_RATES), luck))
    rates_of({})


def catalogues(luck: random.Random, scratch: Path) -> None:
    """The catalogue of base models."""
    put(scratch / "catalogue.yaml", odd_yaml(original(Path("models/base/catalogue.yaml")), luck))
    catalogue.entries.cache_clear()
    catalogue.check_name("model.base", luck.choice(("tiny", "google/flan-t5-base")), scratch)


def lock(luck: random.Random, _: Path) -> None:
    """dvc.lock, torn or merged."""
    content = original(LOCK)
    try:
        put(LOCK, odd_yaml(content, luck) if luck.random() < 0.5 else damaged(content, luck))
        read_lock()
    finally:
        put(LOCK, content)


def presets(luck: random.Random, _: Path) -> None:
    """A named configuration, and flags on the command line."""
    words = shlex.split(original(PRESETS / "config1.args").decode())
    odd = [odd_text(luck, words) if luck.random() < 0.2 else word for word in words]
    put(PRESETS / "odd.args", " ".join(odd).encode("utf-8", "replace"))
    sections = {one.__name__.rpartition(".")[2]: one.load() for one in (model, prompt, train, generation, runtime)}
    flags = ["--lora-rank", "4", "--use_8bit", "true", "--lora_target_modules", "[q, v]", "--learning-rate=1e-3"]
    given = [odd_text(luck, (word,)) if luck.random() < 0.3 else word for word in flags]
    one_off.apply(sections, luck.choice(("odd", None)), one_off.with_8bit(one_off.flags(given)))


def promotion(luck: random.Random, _: Path) -> None:
    """The name and the record of the version that is served."""
    put(promoted.PROMOTED / "v1" / promoted.RECORD, odd_json({"version": 1, "means": MEANS}, luck))
    put(promoted.CURRENT, odd_json({"version": 1}, luck))
    try:
        promoted.chosen_model(None)
        promoted.record_of(1)
    finally:
        promoted.CURRENT.unlink()


def reader_answers(luck: random.Random, scratch: Path) -> None:
    """The key of a pack and the answers of a blind reader."""
    write_json(scratch / "key.json", KEY)
    if luck.random() < 0.4:
        put(scratch / "key.json", odd_json(KEY, luck))
    out = io.StringIO(newline="")
    writer = csv.writer(out)
    writer.writerow(COLUMNS)
    for pair in (1, 2):
        row = ["ab12", "Ann", str(pair), "first", "both", "equal", "-"]
        writer.writerow([odd_text(luck, (cell,)) if luck.random() < 0.2 else cell for cell in row])
    content = out.getvalue().encode("utf-8", "replace")
    path = put(scratch / "answers.csv", damaged(content, luck) if luck.random() < 0.4 else content)
    key = read_key(scratch / "key.json")
    reader, answers = read_answers(path, key)
    told_answers(summary(key, {reader: answers}), key.models)


def targets() -> Iterator[tuple[str, Case]]:
    """Yield the name and the case of each kind of file."""
    for case in (
        parameters, records, references, predictions, scores, metrics, rates, catalogues, lock, presets, promotion,
        reader_answers,
    ):  # fmt: skip
        yield case.__name__, case
