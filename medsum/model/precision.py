"""Number formats of training: what the device can do and T5 can bear."""

from typing import Any

import torch
from transformers import BitsAndBytesConfig, PretrainedConfig

from medsum.errors import UserError
from medsum.params.train import TrainParams


def autocast(params: TrainParams, config: PretrainedConfig) -> dict[str, bool]:
    """The trainer's arguments for `train.precision`; weights and adapter stay in float32.

    Raises UserError where the model would overflow or the device has no such format.
    """
    precision, gpu = params.precision, torch.cuda.is_available()
    if precision == "fp16" and config.model_type in ("t5", "mt5", "umt5", "longt5"):
        raise UserError(
            "train.precision is fp16, in which T5's feed-forward layers overflow (66,246 was seen, 65,504 is the most);"
            " take bf16 or fp32, or fp16-forced if you know your checkpoint"
        )
    if precision.startswith("fp16") and not gpu:
        raise UserError(f"train.precision is {precision}, which needs an NVIDIA GPU; take bf16 or fp32")
    bf16_gpu = gpu and torch.cuda.is_bf16_supported()
    if precision == "bf16" and gpu and not bf16_gpu:
        raise UserError("train.precision is bf16, which this GPU does not have; take fp32")
    return {"bf16": precision == "bf16" or (precision == "auto" and bf16_gpu), "fp16": precision.startswith("fp16")}


def quantized(kind: str) -> dict[str, Any]:
    """Arguments for `load_base` that read the base's weights in 8 or 4 bits (Dettmers et al. 2022, 2023).

    Raises UserError where the device cannot: bitsandbytes' gradients need an NVIDIA GPU.
    """
    if kind == "none":
        return {}
    if not torch.cuda.is_available():
        raise UserError(f"model.quantization is {kind}, which needs an NVIDIA GPU, and torch sees none; set it to none")
    compute = torch.bfloat16 if torch.cuda.is_bf16_supported() else torch.float32
    config = (
        BitsAndBytesConfig(load_in_8bit=True)
        if kind == "8bit"
        else BitsAndBytesConfig(load_in_4bit=True, bnb_4bit_quant_type="nf4", bnb_4bit_compute_dtype=compute)
    )
    return {"quantization_config": config, "device_map": {"": torch.cuda.current_device()}}
