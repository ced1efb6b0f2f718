"""Weights of a base model in 8 or 4 bits, to fit a small GPU: in training, and wherever torch runs the model."""

from typing import Any

import torch
from transformers import BitsAndBytesConfig

from medsum.errors import UserError


def quantized(kind: str) -> dict[str, Any]:
    """Arguments for `load_base` that read the base's weights in 8 or 4 bits (Dettmers et al. 2022, 2023).

    Raises UserError where the device cannot: bitsandbytes needs an NVIDIA GPU here.
    """
    if kind == "none":
        return {}
    if not torch.cuda.is_available():
        raise UserError(f"model.quantization is {kind}, which needs an NVIDIA GPU, and torch sees none; set it to none")
    bf16 = torch.cuda.is_bf16_supported(including_emulation=False)
    config = (
        BitsAndBytesConfig(load_in_8bit=True)
        if kind == "8bit"
        else BitsAndBytesConfig(
            load_in_4bit=True,
            bnb_4bit_quant_type="nf4",
            bnb_4bit_compute_dtype=torch.bfloat16 if bf16 else torch.float32,
        )
    )
    return {"quantization_config": config, "device_map": {"": torch.cuda.current_device()}}
