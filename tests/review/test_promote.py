"""The gate: which model is promoted, which stays, what is recorded, and how the model before comes back."""

import json
import signal
import subprocess
import sys
import time
from collections.abc import Sequence
from pathlib import Path

import pytest

from medsum.core.errors import UserError
from medsum.dialogue.record import Record
from medsum.review import gate, promoted
from tests.conftest import ROOT

COPIER = """
import sys
from medsum.review import promoted
for version in range(2, 10 ** 6):
    promoted.add(version, {"before": version - 1, "model": "m", "version": version}, [])
    promoted.serve(version)
"""


def rows(rouge: Sequence[float], major: Sequence[Sequence[str]] | None = None, omission: float = 0.2) -> list[gate.Row]:
    kinds = major or [()] * len(rouge)
    return [
        {"record": str(n), "rouge1": value, "omission": omission, "major": list(kind)}
        for n, (value, kind) in enumerate(zip(rouge, kinds, strict=True))
    ]


OLD = [0.4, 0.5, 0.3, 0.6, 0.45, 0.55, 0.35, 0.5]


def test_a_model_that_is_better_or_only_a_little_worse_by_chance_passes() -> None:
    for now in (OLD, [value + 0.1 for value in OLD], [0.5, 0.3, 0.4, 0.45, 0.6, 0.35, 0.5, 0.54]):
        comparison, reasons = gate.compare(rows(OLD), rows(now))
        assert reasons == []
    assert comparison["differences"]["rouge1"]["low"] < 0 < comparison["differences"]["rouge1"]["high"]


def test_a_score_whose_whole_interval_is_worse_stops_the_model() -> None:
    _, reasons = gate.compare(rows(OLD), rows([value - 0.02 for value in OLD]))
    assert reasons == ["ROUGE-1 is worse by 0.0200 [-0.0200, -0.0200]"]
    _, reasons = gate.compare(rows(OLD, omission=0.2), rows(OLD, omission=0.3))
    assert reasons == ["omission is worse by 0.1000 [+0.1000, +0.1000]"]
    assert gate.compare(rows(OLD, omission=0.3), rows(OLD, omission=0.2))[1] == []


def test_one_more_summary_with_a_wrong_drug_stops_the_model() -> None:
    before = [["medication"], ["negation"], *[[]] * 6]
    now = [["medication"], ["medication"], *[[]] * 6]
    comparison, reasons = gate.compare(rows(OLD, before), rows(OLD, now))
    assert reasons == ["medication: 2 summaries have a major error, before 1"]
    assert comparison["safety"]["medication"] == [1, 2]
    assert gate.compare(rows(OLD, now), rows(OLD, before))[1] == ["negation: 1 summaries have a major error, before 0"]


def test_records_are_paired_by_their_content_and_not_by_their_place() -> None:
    before, now = rows(OLD), rows(OLD)[::-1]
    assert [row["record"] for row in gate.paired(before, now)] == [row["record"] for row in now]
    assert gate.paired(before[1:], now) == []
    assert len(gate.paired(before, now[:3])) == 3


def test_kept_scores_hold_no_text_and_count_only_major_safety_errors(tmp_path: Path) -> None:
    record = Record("Zebulon1", "Patient: Zebulon.", "Zebulon.", "CC", "few")
    errors = [
        {"category": "medication", "severity": "major", "reason": "“Zebulon”"},
        {"category": "quantity", "severity": "minor", "reason": "“Zebulon”"},
        {"category": "length", "severity": "major", "reason": "long"},
    ]
    row = {"id": "Zebulon1", "rouge1": 0.5, "bertscore": 0.7, "errors": errors}
    path = tmp_path / "scores.jsonl"
    path.write_text(json.dumps(row), encoding="utf-8")
    [kept] = gate.read_scores(path, [record])
    assert kept == {"record": gate.digest_of(record), "rouge1": 0.5, "major": ["medication"]}
    with pytest.raises(UserError, match="exactly the records of the test split"):
        gate.read_scores(path, [])
    path.write_text('{"id": "Zebulon1"}', encoding="utf-8")
    with pytest.raises(UserError, match="has no scores of the stage evaluate"):
        gate.read_scores(path, [record])


@pytest.fixture
def serving(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder as export leaves it, with 40 files of 50 kB, in the current folder."""
    monkeypatch.chdir(tmp_path)
    model = tmp_path / "models/serving/ctranslate2"
    model.mkdir(parents=True)
    for number in range(40):
        (model / f"part{number}.bin").write_bytes(bytes([number]) * 50_000)
    (tmp_path / "models/serving/sections.json").write_text("{}", encoding="utf-8")
    return tmp_path


@pytest.mark.usefixtures("serving")
def test_without_a_promoted_model_serving_is_served() -> None:
    assert promoted.chosen_model(None) == "serving"
    assert promoted.told("serving") == promoted.told("models/serving") == ""
    assert promoted.guess_file() == Path("models/serving/sections.json")
    with pytest.raises(UserError, match="no model was promoted yet"):
        promoted.chosen_model("promoted")


@pytest.mark.usefixtures("serving")
def test_the_promoted_model_is_served_unless_another_is_named() -> None:
    promoted.add(1, {"before": None}, [])
    assert promoted.chosen_model(None) == "serving"  # it is written, but not served
    promoted.serve(1)
    assert promoted.chosen_model(None) == promoted.chosen_model("promoted") == "models/promoted/v1"
    assert promoted.chosen_model("serving") == "serving"
    assert promoted.told("models/promoted/v1") == "The model is v1 of models/promoted."
    assert promoted.guess_file() == Path("models/promoted/v1/sections.json")
    assert promoted.next_version() == 2


@pytest.mark.usefixtures("serving")
def test_a_missing_promoted_model_is_an_error_and_not_another_model() -> None:
    promoted.add(1, {"before": None}, [])
    promoted.serve(2)
    with pytest.raises(UserError, match="names a version whose folder is missing; run `make rollback`"):
        promoted.chosen_model(None)


@pytest.mark.parametrize("delay", [0.0, 0.013, 0.05, 0.11])
def test_a_killed_promotion_leaves_a_whole_version_served(delay: float, serving: Path) -> None:
    promoted.add(1, {"before": None, "version": 1}, [])
    promoted.serve(1)
    writer = subprocess.Popen([sys.executable, "-c", COPIER], env={"PYTHONPATH": str(ROOT)}, cwd=serving)
    end = time.monotonic() + 60
    while promoted.current() == 1:
        assert time.monotonic() < end
        time.sleep(0.001)
    time.sleep(delay)
    writer.send_signal(signal.SIGKILL)
    writer.wait()
    version = promoted.current()
    assert version is not None
    for number in range(1, version + 1):
        folder = promoted.folder_of(number)
        assert len(list((folder / "ctranslate2").iterdir())) == 40
        assert all(file.stat().st_size == 50_000 for file in (folder / "ctranslate2").iterdir())
    promoted.add(promoted.next_version(), {"before": version}, [])  # which also removes the half of a folder
    left = [file for part in (serving / "models/promoted").glob(".v*.part") for file in part.rglob("*")]
    assert not [file for file in left if file.is_file()]
