"""Training and prediction on an NVIDIA GPU, by the real scripts; without one there is nothing to test."""

import re
from pathlib import Path

import pytest
import torch

from tests.conftest import run_module, run_stage
from tests.stages.test_train_interrupted import ended, resumed_at
from tests.stages.test_train_processes import LAUNCHER, launching, metrics_of

pytestmark = pytest.mark.skipif(not torch.cuda.is_available(), reason="needs an NVIDIA GPU")


def trained(project: Path, output: str, *flags: str) -> tuple[bytes, float]:
    """Adapter and validation loss of a run outside the pipeline."""
    done = run_stage(project, "train", *flags, "--output", output)
    assert done.returncode == 0, done.stderr
    adapter = (project / output / "models/finetuned/adapter_model.safetensors").read_bytes()
    return adapter, metrics_of(project / output)["validation"]["loss"]


def test_a_gpu_trains_in_bf16_by_itself_and_gives_the_same_bytes_twice(ready: Path) -> None:
    one, loss = trained(ready, "one")
    assert trained(ready, "two") == (one, loss)
    assert trained(ready, "bf16", "--precision", "bf16") == (one, loss)
    other, exact = trained(ready, "fp32", "--precision", "fp32")
    assert other != one
    assert loss == pytest.approx(exact, rel=0.02)


def test_a_training_killed_on_a_gpu_goes_on_and_gives_the_same_bytes(ready: Path) -> None:
    expected, _ = trained(ready, "whole")
    assert ended(ready, "SIGKILL", "medsum.training.trainer:LoraTrainer.training_step", 6).returncode == -9
    done = run_stage(ready, "train")
    assert (done.returncode, resumed_at(done.stdout)) == (0, "5"), done.stderr
    assert (ready / "models/finetuned/adapter_model.safetensors").read_bytes() == expected


@pytest.mark.parametrize("kind", ["8bit", "4bit"])
def test_a_quantised_base_trains_and_predicts_the_same_twice(ready: Path, kind: str) -> None:
    one, loss = trained(ready, "one", "--quantization", kind)
    assert trained(ready, "two", "--quantization", kind) == (one, loss)
    _, exact = trained(ready, "whole")
    assert loss == pytest.approx(exact, rel=0.05)
    texts = []
    for name in ("first.jsonl", "second.jsonl"):
        flags = ("--model-path", "one/models/finetuned", "--records", "data/splits/test.jsonl", "--output", name)
        done = run_stage(ready, "predict", *flags)
        assert done.returncode == 0, done.stderr
        texts.append((ready / name).read_bytes())
    assert texts[0] == texts[1]


def test_fp16_trains_where_it_is_forced(ready: Path) -> None:
    _, loss = trained(ready, "fp16", "--precision", "fp16-forced")
    _, exact = trained(ready, "fp32", "--precision", "fp32")
    assert loss == pytest.approx(exact, rel=0.02)


def test_without_graphs_a_training_learns_the_same(ready: Path) -> None:
    one, loss = trained(ready, "one")
    other, plain = trained(ready, "plain", "--cuda_graphs", "false")
    assert other != one  # lengths are padded otherwise
    assert loss == pytest.approx(plain, rel=0.02)


def test_too_large_a_batch_is_halved_until_the_memory_has_room_for_none(ready: Path) -> None:
    limited = {"PYTORCH_CUDA_ALLOC_CONF": "per_process_memory_fraction:0.0008"}
    flags = ("--batch_size", "16", "--max_input_tokens", "512", "--output", "own")
    done = run_stage(ready, "train", *flags, env=limited)
    assert done.returncode == 1
    assert re.search(r"Error: out of memory at train.batch_size=16; set train.auto_batch_size=true, or", done.stderr)
    done = run_stage(ready, "train", *flags, "--auto_batch_size", "true", env=limited)
    assert "Out of memory: resuming with batch size 8, same effective batch size" in done.stdout
    assert "Out of memory: resuming with batch size 1, same effective batch size" in done.stdout
    assert "Error: out of memory at train.batch_size=1; set train.gradient_checkpointing=true" in done.stderr


def test_more_processes_than_gpus_is_one_sentence(ready: Path) -> None:
    gpus = torch.cuda.device_count()
    done = run_stage(ready, "train", "--num_processes", str(gpus + 1), "--output", "own")
    assert done.returncode == 1
    assert f"process {gpus + 1} of this machine has no GPU, because there are only {gpus}" in done.stderr


def test_fsdp_trains_on_all_gpus_as_one_does(ready: Path) -> None:
    gpus = torch.cuda.device_count()
    flags = ("--lora_dropout", "0", "--gradient_accumulation_steps")
    training = ("-m", "stages.train", *flags, "1", "--output", "spread")
    done = run_module(ready, LAUNCHER, *launching("accelerate_fsdp", gpus), *training)
    assert done.returncode == 0, done.stderr
    assert metrics_of(ready / "spread")["validation"]["loss"] == pytest.approx(
        trained(ready, "one", *flags, str(gpus))[1], rel=0.02
    )
    assert not list((ready / ".checkpoints").iterdir())
