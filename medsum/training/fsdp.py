"""Support FSDP (fully sharded data parallel), which splits the weights of a base across several GPUs."""

import os

import torch
from transformers import PreTrainedModel

from medsum.core.errors import UserError
from medsum.params.train import TrainParams

CONFIG = "presets/accelerate_fsdp.yaml"
WANTED = {
    "fsdp_version": "2",  # with version 1, validation cannot generate summaries
    "fsdp_state_dict_type": "SHARDED_STATE_DICT",
    "fsdp_cpu_ram_efficient_loading": "false",
}


def require_shardable(model: PreTrainedModel, params: TrainParams) -> None:
    """Raise UserError if accelerate's config, the parameters or the format of the weights do not allow FSDP."""
    for name, value in WANTED.items():
        if os.environ.get(name.upper(), "").lower() != value.lower():
            raise UserError(f"accelerate's config file needs {name}: {value}; copy the line from {CONFIG}")
    if not os.environ.get("FSDP_IGNORED_MODULES"):
        raise UserError(
            f"accelerate's config file needs fsdp_ignored_modules (the shared embedding); copy the line from {CONFIG}"
        )
    blocks = set(filter(None, os.environ.get("FSDP_TRANSFORMER_CLS_TO_WRAP", "").split(",")))
    if missing := sorted(blocks - {type(module).__name__ for module in model.modules()}):
        raise UserError(
            f"accelerate's config file has fsdp_transformer_layer_cls_to_wrap: {', '.join(missing)}, but model.base"
            " has no such layer; write the class name of the base's layers"
        )
    if getattr(model, "is_quantized", False):
        raise UserError("model.quantization is on, but FSDP cannot split quantised weights; set it to none")
    if params.batch_tokens is not None:
        raise UserError(
            f"train.batch_tokens is {params.batch_tokens}, but with FSDP all processes must run the same number of"
            " pieces; set it to null and lower train.batch_size"
        )


def adapter_weights(model: PreTrainedModel) -> dict[str, torch.Tensor]:
    """Return the adapter's weights of a model that FSDP has split, by name. Only the first process gets the weights.

    All processes must call this function.
    """
    from torch.distributed.checkpoint.state_dict import StateDictOptions, get_model_state_dict

    options = StateDictOptions(full_state_dict=True, cpu_offload=True, ignore_frozen_params=True)
    return get_model_state_dict(model, options=options)  # type: ignore[return-value]
