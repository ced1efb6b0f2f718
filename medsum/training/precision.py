"""Choose the number formats of training. Refuse formats that the device does not support or that make T5 overflow."""

import torch
from transformers import PretrainedConfig

from medsum.core.errors import UserError
from medsum.model.formats import computes_bf16
from medsum.params.train import TrainParams


def autocast(params: TrainParams, config: PretrainedConfig) -> dict[str, bool]:
    """Return the trainer's arguments for `train.precision`, which sets the number format of computations.

    The adapter's weights do not have this format. `auto` means bf16 if the device computes in bf16, and otherwise fp32.
    Raise UserError if numbers of the model would overflow in the format, or if the device does not support the format.
    """
    precision, gpu = params.precision, torch.cuda.is_available()
    if precision == "fp16" and config.model_type in ("t5", "mt5", "umt5", "longt5"):
        raise UserError(
            "train.precision is fp16, in which T5's feed-forward layers overflow (a value was 66,246, the limit is"
            " 65,504); set it to bf16 or fp32, or to fp16-forced if you know your checkpoint"
        )
    if precision.startswith("fp16") and not gpu:
        raise UserError(f"train.precision is {precision}, which needs an NVIDIA GPU; set it to bf16 or fp32")
    if precision == "bf16" and gpu and not computes_bf16():
        raise UserError("train.precision is bf16, which this GPU does not support; set it to fp32")
    return {
        "bf16": precision == "bf16" or (precision == "auto" and computes_bf16()),
        "fp16": precision.startswith("fp16"),
    }


def base_dtype(params: TrainParams, config: PretrainedConfig) -> torch.dtype:
    """Return the number format of the base's weights in training.

    The weights of a decoder-only base are in bfloat16 if training computes in bfloat16. Rounding these weights is
    safe, because training does not change the base. The weights of an encoder-decoder are in float32.
    """
    half = autocast(params, config)["bf16"] and not config.is_encoder_decoder
    return torch.bfloat16 if half else torch.float32
