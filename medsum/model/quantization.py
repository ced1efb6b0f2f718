"""Weights of a base model in 8 or 4 bits, to fit a small GPU, in training and wherever torch runs the model."""

from typing import Any

import torch
from transformers import BitsAndBytesConfig

from medsum.core.errors import UserError


def quantized(kind: str) -> dict[str, Any]:
    """Return arguments for `load_base` that read the base's weights in 8 or 4 bits (Dettmers et al. 2022, 2023).

    Raises UserError if the device does not support it: bitsandbytes needs an NVIDIA GPU for training in 4 bits.
    """
    if kind == "none":
        return {}
    on_gpu = torch.cuda.is_available()
    place: dict[str, Any] = {"device_map": {"": torch.cuda.current_device() if on_gpu else "cpu"}}
    if kind == "8bit":
        return {"quantization_config": BitsAndBytesConfig(load_in_8bit=True), **place}
    if not on_gpu:  # on a CPU, a validation packs 4-bit weights in bfloat16, and training would continue with those
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
