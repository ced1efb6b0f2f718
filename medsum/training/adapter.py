"""Create a LoRA adapter, and save it so that equal runs give equal files.

Sources: Hu et al. 2021 (LoRA), Kalajdzievski 2023 (rank-stabilised LoRA), Liu et al. 2024 (DoRA).
"""

import json
import shutil
from pathlib import Path

import torch
from peft import LoraConfig, TaskType, get_peft_model, prepare_model_for_kbit_training
from safetensors import SafetensorError
from transformers import PreTrainedModel

from medsum.core import manifest
from medsum.core.errors import UserError
from medsum.params.train import TrainParams
from medsum.training import targets


def add_adapter(model: PreTrainedModel, params: TrainParams) -> PreTrainedModel:
    """Return the model with a new LoRA adapter. Only the adapter is trained.

    Raise UserError if `lora_target_modules` or `lora_layers` name layers that the model does not have.
    """
    config = LoraConfig(
        task_type=TaskType.SEQ_2_SEQ_LM if model.config.is_encoder_decoder else TaskType.CAUSAL_LM,
        r=params.lora_rank,
        lora_alpha=params.lora_alpha,
        lora_dropout=params.lora_dropout,
        use_rslora=params.lora_rank_stabilized,
        use_dora=params.lora_dora,
        target_modules=targets.names(model, params.lora_target_modules),
        layers_to_transform=targets.layers(model, params.lora_layers),
        exclude_modules=targets.PICTURES if hasattr(model.config, "vision_config") else None,
    )
    if getattr(model, "is_quantized", False):
        # The trainer turns on gradient checkpointing later if it is wanted.
        model = prepare_model_for_kbit_training(model, use_gradient_checkpointing=False)
    adapted: PreTrainedModel = get_peft_model(model, config)
    return adapted


def save_adapter(
    model: PreTrainedModel, base: Path, folder: Path, weights: dict[str, torch.Tensor] | None = None
) -> None:
    """Write the adapter, the tokenizer and the model config. Raise UserError or OSError if a file cannot be written.

    `weights` are the adapter's weights. With FSDP, `weights` must be given, because each process holds only a part of
    the weights. PEFT writes lists in arbitrary order and does not normalise the path of the base. This function sorts
    the lists and normalises the path in the saved file, so that equal runs give equal files.
    """
    try:
        model.save_pretrained(folder, save_embedding_layers=False, state_dict=weights)
    except SafetensorError as error:
        raise UserError(f"{folder} cannot be written: {error}; free space and run again") from None
    (folder / "README.md").unlink(missing_ok=True)  # PEFT's model card contains only version numbers
    path = folder / "adapter_config.json"
    config = json.loads(path.read_text(encoding="utf-8"))
    config["base_model_name_or_path"] = base.as_posix()
    config = {k: sorted(v) if isinstance(v, list) else v for k, v in sorted(config.items())}
    path.write_text(json.dumps(config, indent=2) + "\n", encoding="utf-8")
    for file in sorted(base.iterdir()):
        if file.suffix in (".json", ".jinja", ".model", ".txt") and "index" not in file.name:
            shutil.copyfile(file, folder / file.name)
    manifest.write(folder)
