"""Load the fine-tuned model for a second training pass."""

from pathlib import Path

from peft import PeftModel
from transformers import AutoConfig

from medsum.core.offline import LOCAL
from medsum.core.paths import ADAPTER
from medsum.model.loading import load_adapted
from medsum.model.quantization import quantized
from medsum.params.train import TrainParams
from medsum.training.precision import base_dtype


def load_to_continue(base: Path, params: TrainParams, quantization: str) -> PeftModel:
    """Return the base with the adapter of the first training pass. Only the adapter can be trained.

    Raise UserError if the adapter is missing or does not fit the base.
    """
    dtype = base_dtype(params, AutoConfig.from_pretrained(base, **LOCAL))
    return load_adapted(base, ADAPTER, trainable=True, dtype=dtype, **quantized(quantization))
