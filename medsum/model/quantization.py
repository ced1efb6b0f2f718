"""Quantise a base model: store each weight in 8 or 4 bits, so that the model fits into the memory of a small GPU."""

from typing import Any

import torch
from transformers import BitsAndBytesConfig

from medsum.core.errors import UserError


def quantized(kind: str) -> dict[str, Any]:
    """Return arguments for `load_base` that load the base's weights in 8 or 4 bits (Dettmers et al. 2022, 2023).

    Raise UserError if the device does not support `kind`. 4 bits need an NVIDIA GPU.
    """
    if kind == "none":
        return {}
    on_gpu = torch.cuda.is_available()
    place: dict[str, Any] = {"device_map": {"": torch.cuda.current_device() if on_gpu else "cpu"}}
    if kind == "8bit":
        return {"quantization_config": BitsAndBytesConfig(load_in_8bit=True), **place}
    if not on_gpu:  # on a CPU, validation would change 4-bit weights to bfloat16 for the rest of the training run
        raise UserError(
            "model.quantization is 4bit, which needs an NVIDIA GPU, and torch sees none; set it to 8bit or none"
        )
    bf16 = torch.cuda.is_bf16_supported(including_emulation=False)
    config = BitsAndBytesConfig(
        load_in_4bit=True,
        bnb_4bit_quant_type="nf4",
        bnb_4bit_compute_dtype=torch.bfloat16 if bf16 else torch.float32,
    )
    return {"quantization_config": config, **place}
