"""A base spread over the GPUs of a training (FSDP): what it asks for, and the adapter gathered whole."""

import os

import torch
from transformers import PreTrainedModel

from medsum.errors import UserError

CONFIG = "presets/accelerate_fsdp.yaml"


def require_shardable(model: PreTrainedModel) -> None:
    """Raise UserError where the launcher's config, or this model's weights, cannot be spread.

    torch's first FSDP cannot generate, which a validation does; the second takes no weight that several modules share,
    as T5's do their embedding, unless it is left whole.
    """
    if os.environ.get("FSDP_VERSION") != "2" or not os.environ.get("FSDP_IGNORED_MODULES"):
        raise UserError(f"accelerate's config file needs fsdp_version: 2 and fsdp_ignored_modules as {CONFIG} has them")
    if getattr(model, "is_quantized", False):
        raise UserError("model.quantization is on, but FSDP spreads only weights that are not; set it to none")


def adapter_weights(model: PreTrainedModel) -> dict[str, torch.Tensor]:
    """The trained weights of a model that is spread, by name: whole in the first process, none in the others.

    All processes must call it.
    """
    from torch.distributed.checkpoint.state_dict import StateDictOptions, get_model_state_dict

    options = StateDictOptions(full_state_dict=True, cpu_offload=True, ignore_frozen_params=True)
    return get_model_state_dict(model, options=options)  # type: ignore[return-value]
