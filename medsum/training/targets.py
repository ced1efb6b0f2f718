"""Choose the layers of a model that get a LoRA adapter. Each architecture names its layers differently."""

from pathlib import Path

import torch
from peft.utils.constants import TRANSFORMERS_MODELS_TO_LORA_TARGET_MODULES_MAPPING as USUAL
from torch import nn
from transformers import AutoConfig, AutoModelForCausalLM, AutoModelForSeq2SeqLM, PreTrainedModel

from medsum.core.errors import UserError
from medsum.core.offline import LOCAL
from medsum.params.train import TrainParams

PICTURES = r".*(vision|multi_modal).*"  # a pattern for the names of modules that process pictures
QUERIES_AND_VALUES = ["q_proj", "v_proj"]  # the usual layers if PEFT has no list for the architecture
FUSED = ["qkv_proj"]  # the usual layers if one layer computes queries, keys and values


def require_targets(folder: Path, params: TrainParams) -> None:
    """Raise UserError if `lora_target_modules` or `lora_layers` name layers that the model does not have."""
    model = without_weights(folder)
    names(model, params.lora_target_modules)
    layers(model, params.lora_layers)


def names(model: PreTrainedModel, wanted: str | list[str]) -> list[str]:
    """Return the names of the wanted layers in this architecture, such as `q_proj`.

    `all-linear` means every linear layer except the output head. `usual` means PEFT's usual layers for the
    architecture. Raise UserError if the model has no layer with a wanted name.
    """
    there = linear_layers(model)
    if wanted == "all-linear":
        return there
    usual = USUAL.get(model.config.model_type, FUSED if set(FUSED) <= set(there) else QUERIES_AND_VALUES)
    asked = usual if isinstance(wanted, str) else wanted
    if missing := [name for name in asked if name not in there]:
        raise UserError(
            f"train.lora_target_modules names {', '.join(missing)}, which {type(model).__name__} does not have; its"
            f" layers are {', '.join(there)}"
        )
    return list(asked)


def layers(model: PreTrainedModel, upper: int | None) -> list[int] | None:
    """Return the numbers of the last `upper` layers. If `upper` is None, return None, which means all layers.

    Raise UserError if the model has an encoder and a decoder, or if it has fewer layers than `upper`.
    """
    if upper is None:
        return None
    if model.config.is_encoder_decoder:
        raise UserError(
            f"train.lora_layers is {upper}, but {type(model).__name__} has an encoder and a decoder; set it to null"
        )
    count: int = model.config.get_text_config().num_hidden_layers
    if upper > count:
        raise UserError(f"train.lora_layers is {upper}, but the model has {count} layers; set it to at most {count}")
    return list(range(count - upper, count))


def linear_layers(model: PreTrainedModel) -> list[str]:
    """Return the names of the model's linear layers, without the output head."""
    head = model.get_output_embeddings()
    found = {
        name.rpartition(".")[2] for name, module in model.named_modules() if _is_linear(module) and module is not head
    }
    return sorted(found)


def _is_linear(module: nn.Module) -> bool:
    """Return whether PEFT can adapt the module. In GPT-2, linear layers are called Conv1D."""
    return isinstance(module, nn.Linear) or type(module).__name__ == "Conv1D"


def without_weights(folder: Path) -> PreTrainedModel:
    """Return the model on torch's meta device, where tensors have shapes but no data."""
    config = AutoConfig.from_pretrained(folder, **LOCAL)
    loader = AutoModelForSeq2SeqLM if config.is_encoder_decoder else AutoModelForCausalLM
    with torch.device("meta"):
        model: PreTrainedModel = loader.from_config(config)  # type: ignore[no-untyped-call]
    return model
