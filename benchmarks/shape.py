"""A T5 of a true shape, FLAN-T5's say, with random weights: what speed is measured on where no hub can be reached."""

from pathlib import Path

import torch
from transformers import T5Config, T5ForConditionalGeneration


def random_model(source: Path) -> T5ForConditionalGeneration:
    """The model of the config in `source`, always the same; its output layer is its own, as FLAN-T5's is."""
    config = T5Config.from_pretrained(source)
    torch.manual_seed(0)
    model = T5ForConditionalGeneration(config)
    model.lm_head.weight = torch.nn.Parameter(torch.randn(config.vocab_size, config.d_model) * config.d_model**-0.5)
    return model
