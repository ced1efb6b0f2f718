"""Number formats of training: what the device can do and T5 can bear."""

import torch
from transformers import PretrainedConfig

from medsum.core.errors import UserError
from medsum.model.formats import computes_bf16
from medsum.params.train import TrainParams


def autocast(params: TrainParams, config: PretrainedConfig) -> dict[str, bool]:
    """The trainer's arguments for `train.precision`; weights and adapter stay in float32.

    `auto` is bf16 where the device computes in it, else fp32. Raises UserError where the model would overflow or the
    device has no such format.
    """
    precision, gpu = params.precision, torch.cuda.is_available()
    if precision == "fp16" and config.model_type in ("t5", "mt5", "umt5", "longt5"):
        raise UserError(
            "train.precision is fp16, in which T5's feed-forward layers overflow (66,246 was seen, 65,504 is the most);"
            " take bf16 or fp32, or fp16-forced if you know your checkpoint"
        )
    if precision.startswith("fp16") and not gpu:
        raise UserError(f"train.precision is {precision}, which needs an NVIDIA GPU; take bf16 or fp32")
    if precision == "bf16" and gpu and not computes_bf16():
        raise UserError("train.precision is bf16, which this GPU does not have; take fp32")
    return {
        "bf16": precision == "bf16" or (precision == "auto" and computes_bf16()),
        "fp16": precision.startswith("fp16"),
    }


def base_dtype(params: TrainParams, config: PretrainedConfig) -> torch.dtype:
    """Return the number format of the base's weights in training.

    A decoder-only base is in bfloat16 where it computes in that, since its weights do not change; an encoder-decoder is
    in float32.
    """
    half = autocast(params, config)["bf16"] and not config.is_encoder_decoder
    return torch.bfloat16 if half else torch.float32
