"""The benchmark of the named configurations runs the real stages and tells random weights from a model."""

import re
import subprocess
from pathlib import Path

import pytest
from transformers import AutoTokenizer

from benchmarks.training import presets
from medsum.model.loading import load_base
from tests.conftest import ROOT, run_module, run_stage, set_params

pytestmark = pytest.mark.long
PARAMETERS = 76_961_152  # of google/flan-t5-small, its output layer counted
NUMBER = r"\d+\.\d+"


def measure(project: Path) -> subprocess.CompletedProcess[str]:
    words = ("--output", "presets-run", "--base", "tiny", "--num_epochs", "1", "--threads", "1")
    return run_module(project, "benchmarks.training.presets", *words, env={"PYTHONPATH": str(ROOT)}, timeout=4000)


def test_each_configuration_has_a_row_and_a_second_call_repeats_nothing(tiny_project: Path) -> None:
    set_params(tiny_project, **{"error_analysis.worst_records": 2})
    for stage in ("prepare", "split"):
        assert run_stage(tiny_project, stage).returncode == 0
    first = measure(tiny_project)
    assert first.returncode == 0, first.stderr
    for name in presets.PRESETS:
        scores = "/".join([NUMBER] * 3)
        losses = rf"{NUMBER} → {NUMBER} \| {NUMBER} → {NUMBER}"
        used = rf"{NUMBER} \({NUMBER}\) \| 0\.\d+"
        assert re.search(rf"^\| {name} \| {losses} \| {scores} \| {used} \|$", first.stdout, re.MULTILINE), first.stdout
    assert re.search(r"^\| before training \| – \| – \| ", first.stdout, re.MULTILINE)
    assert "Base tiny, 24 training records, --num_epochs 1 --threads 1; " in first.stdout

    second = measure(tiny_project)
    assert (second.stdout, second.stderr) == (first.stdout, "")


def test_the_random_base_has_the_shape_of_flan_t5_small(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(ROOT)
    folder = tmp_path / presets.RANDOM
    presets.make_random(folder)
    model = load_base(folder)
    assert sum(weights.numel() for weights in model.parameters()) == PARAMETERS
    assert not model.lm_head.weight.equal(model.shared.weight)  # type: ignore[union-attr]
    assert len(AutoTokenizer.from_pretrained(folder, local_files_only=True)) <= model.config.vocab_size
