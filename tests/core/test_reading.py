"""Damaged files of every kind end in one sentence: seeded fuzz over the readers of the pipeline's own files."""

import json
import random
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml

from medsum.core import catalogue, params_section
from medsum.core.errors import UserError
from medsum.core.paths import COUNTERFACTUAL_RATES
from medsum.core.reading import read_json, read_json_lines, read_text, read_yaml
from medsum.dialogue.predictions import read_predictions, read_references
from medsum.dialogue.record import Record, read_records
from medsum.report.counterfactual import rates_of
from stages import check
from stages.error_analysis import analyse, read_floors, read_scores
from tests.conftest import ROOT
from tests.fuzz.mutation import MARKER, changed_rows, changed_value, damaged

CASES = 300  # of each reader; they take a few seconds together
RECORDS = [
    {"id": f"{n}", "dialogue": f"Doctor: Who is it?\nPatient: {MARKER}, 3 days.", "summary": f"{MARKER} for 3 days.",
     "section": "GENHX", "source": "mine", "split": None, "group": f"{n}"}
    for n in range(3)
]  # fmt: skip
ERROR = {"category": "omission", "severity": "minor", "start": 0, "end": 7, "reason": f"“{MARKER}” is missing",
         "turns": [1], "of": "reference"}  # fmt: skip
SCORES = [
    {"id": f"{n}", "section": "GENHX", "dialogue_words": 6, "rouge1": 0.5, "bertscore": 0.5, "factual_f1": 0.5,
     "omission": 0.1, "hallucination": 0.0, "length_ratio": 1.0, "major_errors": 0, "minor_errors": 1,
     "risk_score": -1.5,
     "errors": [ERROR], "sentences": [{"start": 0, "end": 9, "turns": [1], "support": 0.7}]}
    for n in range(3)
]  # fmt: skip
PREDICTIONS = [{"id": f"{n}", "text": f"{MARKER} hurts."} for n in range(3)]
FLOORS = {"floors": {"copy_dialogue": {"rouge1": 0.2}}, "records": 3}


def lines(rows: list[Any]) -> bytes:
    return "".join(json.dumps(row) + "\n" for row in rows).encode()


def is_told_in_a_sentence(read: Callable[[], object], hidden: str = MARKER) -> bool:
    """Whether something was wrong; it is one line then, and quotes nobody."""
    said = ""
    try:
        read()
    except UserError as error:
        said = str(error)
    assert "\n" not in said
    assert len(said) < 600
    assert not hidden or hidden not in said
    return bool(said)


def records() -> list[Record]:
    return [Record(**row) for row in RECORDS]  # type: ignore[arg-type]


READERS: dict[str, tuple[list[Any], Callable[[Path], object]]] = {
    "records": (RECORDS, read_records),
    "references": (RECORDS, read_references),
    "predictions": (PREDICTIONS, lambda path: read_predictions(path, records())),
    "scores": (SCORES, lambda path: read_scores(path, records())),
}


@pytest.mark.parametrize("name", READERS)
def test_damaged_lines_are_told_in_a_sentence(name: str, tmp_path: Path) -> None:
    rows, read = READERS[name]
    path, luck = tmp_path / "file.jsonl", random.Random(name)
    path.write_bytes(lines(rows))
    assert not is_told_in_a_sentence(lambda: read(path))
    told = 0
    for _ in range(CASES):
        content = lines(changed_rows(rows, luck)) if luck.random() < 0.6 else damaged(lines(rows), luck)
        path.write_bytes(content)
        told += is_told_in_a_sentence(lambda: read(path))
    assert told > CASES / 2


def test_damaged_parameters_are_told_in_a_sentence(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    content, luck = (ROOT / "params.yaml").read_bytes(), random.Random(1)
    monkeypatch.chdir(tmp_path)
    values = yaml.safe_load(content)

    def checked() -> None:
        params_section.read_params.cache_clear()
        check.check_sections()

    for _ in range(CASES):
        strange = luck.random() < 0.6
        made = yaml.safe_dump(changed_value(values, luck), allow_unicode=False).encode() if strange else b""
        Path("params.yaml").write_bytes(made or damaged(content, luck))
        is_told_in_a_sentence(checked, hidden="")
    for made in (b"train:\n  seed: 2024-13-45\n", b"? [a]\n: 1\n", b"1: 2\n", b"a: \xe9\n", b"train: {1: 2}\n"):
        Path("params.yaml").write_bytes(made)
        assert is_told_in_a_sentence(checked, hidden="")


def test_a_damaged_catalogue_is_told_in_a_sentence(tmp_path: Path) -> None:
    content, luck = (ROOT / "models/base/catalogue.yaml").read_bytes(), random.Random(2)
    for _ in range(CASES // 3):
        (tmp_path / "catalogue.yaml").write_bytes(damaged(content, luck))
        catalogue.entries.cache_clear()
        is_told_in_a_sentence(lambda: catalogue.entries(tmp_path))
    catalogue.entries.cache_clear()


@pytest.mark.parametrize("read", [read_floors, lambda path: read_json(path, "run it again")])
def test_damaged_metrics_are_told_in_a_sentence(read: Callable[[Path], object], tmp_path: Path) -> None:
    path, luck = tmp_path / "evaluation.json", random.Random(3)
    for _ in range(CASES):
        content = json.dumps(FLOORS, indent=2).encode()
        path.write_bytes(
            json.dumps(changed_value(FLOORS, luck)).encode() if luck.random() < 0.5 else damaged(content, luck)
        )
        is_told_in_a_sentence(lambda: read(path))


def test_scores_that_are_read_are_analysed_without_a_traceback(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    shutil.copyfile(ROOT / "params.yaml", tmp_path / "params.yaml")
    monkeypatch.chdir(tmp_path)
    luck, analysed = random.Random(4), 0
    Path("predictions.jsonl").write_bytes(lines(PREDICTIONS))
    for _ in range(120):
        Path("scores.jsonl").write_bytes(lines(changed_rows(SCORES, luck)))

        def whole() -> None:
            files = ({"mine": Path("scores.jsonl")}, {"mine": Path("predictions.jsonl")})
            analyse(records(), *files, Path("out.json"), Path("report"), {})

        analysed += not is_told_in_a_sentence(whole)
    assert analysed > 0


def test_a_missing_file_a_folder_and_a_closed_one_say_what_to_do(tmp_path: Path) -> None:
    for read in (read_text, read_json, read_yaml, lambda path, remedy: list(read_json_lines(path, remedy))):
        with pytest.raises(UserError, match="is not there; fetch it"):
            read(tmp_path / "none", "fetch it")
        with pytest.raises(UserError, match="cannot be read: Is a directory; fetch it"):
            read(tmp_path, "fetch it")


def test_the_line_of_the_mistake_is_named(tmp_path: Path) -> None:
    path = tmp_path / "file"
    path.write_bytes(b'{"a": 1,\n"b": ?}\n')
    with pytest.raises(UserError, match="line 2: not a JSON object; fetch it"):
        read_json(path, "fetch it")
    path.write_bytes(b'{"a": 1}\n\n{"a": "\xe9"}\n')
    with pytest.raises(UserError, match="line 3: not UTF-8; save it as UTF-8, or fetch it"):
        list(read_json_lines(path, "fetch it"))
    path.write_bytes(b"a: 1\nb: [\n")
    with pytest.raises(UserError, match="line 3: not valid YAML"):
        read_yaml(path, "fetch it")


def test_damaged_rates_are_told_in_a_sentence(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    COUNTERFACTUAL_RATES.parent.mkdir(parents=True)
    luck = random.Random(5)
    content = (ROOT / COUNTERFACTUAL_RATES).read_bytes()
    for _ in range(CASES // 3):
        COUNTERFACTUAL_RATES.write_bytes(damaged(content, luck))
        is_told_in_a_sentence(lambda: rates_of({}))
