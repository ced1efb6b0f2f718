"""Every kind of base goes through the stages: trained, exported, read and served, by CTranslate2 or by torch."""

import json
import shutil
from pathlib import Path

import pytest
from safetensors.torch import load_file

from medsum.model.formats import computes_bf16
from tests.conftest import run_script, run_stage, set_params
from tests.generation import kinds

DIALOGUE = "Doctor: Any pain?\nPatient: My knee hurts when I climb stairs."
SLOW = pytest.mark.long
ROOM = {"prompt.max_input_tokens": 160, "train.learning_rate": 0.001}


def ran(project: Path, stage: str, *words: str) -> str:
    """Run a stage that must succeed; return its output."""
    done = run_stage(project, stage, *words)
    assert done.returncode == 0, done.stderr
    return done.stdout


@pytest.fixture(scope="module")
def kept(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("split") / "project"


@pytest.fixture
def ready(tiny_project: Path, kept: Path) -> Path:
    """A project whose next stage is train; its base is put there by the test."""
    if not kept.exists():
        set_params(tiny_project, **ROOM)
        for stage in ("prepare", "split"):
            ran(tiny_project, stage)
        shutil.copytree(tiny_project, kept)
    shutil.rmtree(tiny_project)
    project = shutil.copytree(kept, tiny_project)
    shutil.rmtree(project / "models/base/tiny")
    return project


def summary(project: Path, *words: str) -> str:
    """Return what the command line writes of a dialogue."""
    done = run_script(project, "summarize.py", "--section", "CC", *words, stdin=DIALOGUE)
    assert done.returncode == 0, done.stderr
    return done.stdout


@pytest.mark.slow
@pytest.mark.parametrize(
    "name",
    [
        "llama",
        *(
            pytest.param(name, marks=SLOW)
            for name in ("qwen2", "qwen3", "mistral", "gemma3", "gemma3-multimodal", "bart")
        ),
    ],
)
def test_a_kind_that_ctranslate2_serves_is_trained_exported_and_read(name: str, ready: Path) -> None:
    kinds.save(ready / "models/base/tiny", name)
    set_params(ready, **{"export.precision": "float32", "export.parity_records": 2})
    assert "CTranslate2 serves it on the CPU" in ran(ready, "train")
    weights = load_file(ready / "models/finetuned/adapter_model.safetensors")
    assert any(weights[part].any() for part in weights if "lora_B" in part)
    assert "MB, loaded in" in ran(ready, "export")
    metrics = json.loads((ready / "reports/export.json").read_text(encoding="utf-8"))
    assert metrics["served_by"] == "ctranslate2"
    if not computes_bf16():  # there torch writes in half precision, and only tests/generation/test_kinds.py can compare
        assert metrics["greedy"]["identical"] == 1.0
    ran(ready, "predict", "finetuned")
    converted = summary(ready, "--model", "models/serving/ctranslate2")
    assert summary(ready, "--model", "serving") == converted


@pytest.mark.slow
@pytest.mark.parametrize(
    "name", ["phi3", *(pytest.param(name, marks=SLOW) for name in ("pegasus", "gemma2", "t5gemma", "t5gemma2"))]
)
def test_a_kind_that_torch_serves_is_trained_exported_and_read(name: str, ready: Path) -> None:
    kinds.save(ready / "models/base/tiny", name)
    assert "torch serves it, because CTranslate2 does not write the same text" in ran(ready, "train").splitlines()[0]
    assert "the merged model; torch serves it, because CTranslate2 does not write" in ran(ready, "export")
    assert not (ready / "models/serving/ctranslate2").exists()
    metrics = json.loads((ready / "reports/export.json").read_text(encoding="utf-8"))
    assert metrics["served_by"] == "torch"
    ran(ready, "predict", "finetuned")
    assert summary(ready, "--model", "serving") == summary(ready, "--model", "finetuned")
    records = [json.dumps({"id": number, "dialogue": DIALOGUE, "section": "CC"}) for number in range(3)]
    (ready / "in.jsonl").write_text("\n".join(records), encoding="utf-8")
    done = run_script(ready, "summarize.py", "--batch", "in.jsonl", "--output", "out.jsonl")
    assert done.returncode == 0, done.stderr
    assert len((ready / "out.jsonl").read_text(encoding="utf-8").splitlines()) == 3


def test_more_tokens_than_a_converted_window_are_refused_at_serving(ready: Path, tmp_path: Path) -> None:
    set_params(ready, **{"model.base": "compact"})
    folder = tmp_path / "converted"
    folder.mkdir()
    frame = {"kind": "decoder-only", "opening": "", "closing": "", "adds_special": True, "end": "</s>", "window": 24}
    (folder / "prompt.json").write_text(json.dumps(frame), encoding="utf-8")
    shutil.copyfile(kinds.save(tmp_path / "base", "llama") / "tokenizer.json", folder / "tokenizer.json")
    (folder / "model.bin").write_bytes(b"")
    done = run_script(ready, "summarize.py", "--model", str(folder), "--section", "CC", stdin=DIALOGUE)
    assert done.returncode == 1
    assert "reads at most 24 tokens (its sliding window), but prompt.max_input_tokens and" in done.stderr
