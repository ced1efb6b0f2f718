"""A random Llama with the tiny T5's tokenizer, and a few records with MTS-Dialog's columns."""

import csv
import json
import shutil
from pathlib import Path

import pytest

from tests.conftest import sample_rows


@pytest.fixture(scope="session")
def tiny_decoder(tiny_base: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a random decoder-only model of two layers, without a chat template."""
    import torch
    from transformers import LlamaConfig, LlamaForCausalLM

    folder = tmp_path_factory.mktemp("base") / "decoder"
    torch.manual_seed(0)
    config = LlamaConfig(
        vocab_size=400, hidden_size=32, intermediate_size=64, num_hidden_layers=2, num_attention_heads=4,
        num_key_value_heads=2, pad_token_id=0, bos_token_id=None, eos_token_id=1, tie_word_embeddings=True,
    )  # fmt: skip
    LlamaForCausalLM(config).bfloat16().save_pretrained(folder)
    shutil.copyfile(tiny_base / "tokenizer.json", folder / "tokenizer.json")
    settings = json.loads((tiny_base / "tokenizer_config.json").read_text(encoding="utf-8"))
    settings["bos_token"] = "</s>"  # CTranslate2 does not read a Llama without one
    (folder / "tokenizer_config.json").write_text(json.dumps(settings), encoding="utf-8")
    return folder


@pytest.fixture(scope="session")
def few_dialogues(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a training and a validation file, 16 records each."""
    folder = tmp_path_factory.mktemp("dialogues")
    for name in ("Few-TrainingSet.csv", "Few-ValidationSet.csv"):
        with (folder / name).open("w", encoding="utf-8", newline="") as file:
            rows = csv.DictWriter(file, ["ID", "section_header", "section_text", "dialogue"], extrasaction="ignore")
            rows.writeheader()
            rows.writerows(sample_rows()[:16])
    return folder
