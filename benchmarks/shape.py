"""Make a T5 model with random weights and the shape of a real model. It serves to measure speed without a hub."""

import json
from pathlib import Path

import torch
from safetensors.torch import load_file, save_file
from transformers import T5Config, T5ForConditionalGeneration

CONFIG, WEIGHTS = "config.json", "model.safetensors"


def random_model(source: Path) -> T5ForConditionalGeneration:
    """Return a model of the config in `source` with random weights, which are always the same.

    The output layer is not tied: it does not share the weights of the input embedding.
    """
    config = T5Config.from_pretrained(source)
    torch.manual_seed(0)
    model = T5ForConditionalGeneration(config)
    model.lm_head.weight = torch.nn.Parameter(torch.randn(config.vocab_size, config.d_model) * config.d_model**-0.5)
    return model


def write_random(config: T5Config, folder: Path) -> None:
    """Write the config and the weights of a random model.

    As in FLAN-T5's repository, config.json says that the output layer is not tied.
    """
    config.save_pretrained(folder)
    model = random_model(folder)
    model.save_pretrained(folder)
    weights = load_file(folder / WEIGHTS)
    save_file({**weights, "lm_head.weight": model.lm_head.weight.detach()}, folder / WEIGHTS, metadata={"format": "pt"})
    values = json.loads((folder / CONFIG).read_text(encoding="utf-8"))
    values["tie_word_embeddings"] = False  # transformers 5 sets this value to true in every T5Config that it makes
    (folder / CONFIG).write_text(json.dumps(values, indent=2), encoding="utf-8")
