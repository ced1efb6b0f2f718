import os
import subprocess
import sys
from pathlib import Path

import pytest
import torch
from transformers import AutoTokenizer, T5ForConditionalGeneration

from pretraining import scores
from pretraining.model import SIZES, new_model, save
from pretraining.tokenizer import train_tokenizer

REPOSITORY = Path(__file__).parents[2]
FILES = {"config.json", "generation_config.json", "model.safetensors", "tokenizer.json", "tokenizer_config.json"}


def train(checkout: Path, *options: str) -> str:
    command = [sys.executable, "-m", "pretraining.train", "--size", "tiny", "--minutes", "0.02", *options]
    environment = {**os.environ, "PYTHONPATH": str(REPOSITORY), "CUDA_VISIBLE_DEVICES": ""}
    return subprocess.run(command, cwd=checkout, env=environment, check=True, capture_output=True, text=True).stdout


@pytest.mark.slow
def test_a_training_in_two_sittings_writes_a_model_that_loads(checkout: Path) -> None:
    sitting = ("--out", "model", "--work", "work", "--total-minutes", "0.04")
    train(checkout, *sitting)
    first = torch.load(checkout / "work/checkpoint.pt")["done"]
    printed = train(checkout, *sitting)
    second = torch.load(checkout / "work/checkpoint.pt")["done"]

    assert second[1] > first[1]
    assert "copy accuracy at 6 tokens" in printed
    assert {file.name for file in (checkout / "model").iterdir()} == FILES
    model = T5ForConditionalGeneration.from_pretrained(checkout / "model")
    tokenizer = AutoTokenizer.from_pretrained(checkout / "model")
    assert len(scores.write(model, tokenizer, ["Summarize as plan:\nDoctor: Rest."], 4)) == 1


def test_weights_are_stored_in_half_and_loaded_in_full_precision(tmp_path: Path) -> None:
    model = new_model(SIZES["tiny"])
    save(model, train_tokenizer(["Doctor: Hello."], 300), tmp_path / "model")
    loaded = T5ForConditionalGeneration.from_pretrained(tmp_path / "model")
    assert loaded.dtype == torch.float32
    assert torch.equal(loaded.shared.weight, model.shared.weight.bfloat16().float())
    assert (tmp_path / "model/model.safetensors").stat().st_size < 2.2 * model.num_parameters()


def test_saving_replaces_the_folder_whole(tmp_path: Path) -> None:
    (tmp_path / "model").mkdir()
    (tmp_path / "model/old").write_text("left over")
    save(new_model(SIZES["tiny"]), train_tokenizer(["Doctor: Hello."], 300), tmp_path / "model")
    assert {file.name for file in (tmp_path / "model").iterdir()} == FILES
    assert list(tmp_path.iterdir()) == [tmp_path / "model"]


def test_sizes_keep_what_was_promised() -> None:
    assert new_model(SIZES["compact"]).num_parameters() < 5e6
    assert new_model(SIZES["small"]).num_parameters() < 15e6
