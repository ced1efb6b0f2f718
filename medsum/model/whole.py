"""Check that a loaded model is complete: it has exactly the expected tensors, and every number is finite."""

import json
from pathlib import Path
from typing import Any

import torch
from peft import PeftModel, get_peft_model_state_dict
from safetensors import safe_open
from torch import nn

from medsum.core.errors import UserError

ADAPTER = "adapter_model.safetensors"


def require_all_tensors(folder: Path, loading_info: dict[str, Any]) -> None:
    """Raise UserError if transformers reports missing or unexpected tensors, or tensors with a wrong shape.

    transformers itself only prints a warning and fills missing tensors with random numbers.
    """
    for kind, words in (
        ("missing_keys", "lacks"),
        ("unexpected_keys", "has"),
        ("mismatched_keys", "has wrong shapes:"),
    ):
        names = sorted(name if isinstance(name, str) else name[0] for name in loading_info[kind])
        if names:
            too_many = ", which the model of its config.json does not have" if kind == "unexpected_keys" else ""
            raise UserError(
                f"{folder} {words} {_counted(names)}{too_many}; take config.json and weights of one checkpoint"
            )


def require_no_code(folder: Path) -> None:
    """Raise UserError if the adapter's config names a Python module. PEFT would import and run this module."""
    text = (folder / "adapter_config.json").read_text(encoding="utf-8", errors="replace")
    try:
        config = json.loads(text)
    except (ValueError, RecursionError):
        raise UserError(f"{folder}/adapter_config.json is not JSON; take an undamaged copy") from None
    if not isinstance(config, dict) or config.get("megatron_config") is not None:
        raise UserError(
            f"{folder}/adapter_config.json is no config of a LoRA adapter, or its megatron_config makes PEFT run other"
            " Python code; remove that key if you trust the adapter"
        )


def require_fitting_adapter(folder: Path, adapted: PeftModel, base: Path) -> None:
    """Raise UserError if the adapter's file does not have exactly the tensors that the adapted model needs."""
    with safe_open(folder / ADAPTER, framework="pt") as weights:
        there = set(weights.keys())
    wanted = set(get_peft_model_state_dict(adapted))
    if there != wanted:
        names = sorted(there ^ wanted)
        raise UserError(
            f"{folder} does not fit {base}: the adapter and the model differ in {_counted(names)}; give the base that"
            " the adapter was trained on, or train again"
        )


def require_finite(folder: Path, model: nn.Module) -> None:
    """Raise UserError if a weight is infinite or not a number."""
    for name, tensor in model.named_parameters():
        if tensor.is_floating_point() and not tensor.is_meta and not bool(torch.isfinite(tensor).all()):
            raise UserError(f"{folder} holds numbers that are not finite, in {name}; take an undamaged copy")


def _counted(names: list[str]) -> str:
    return f"{names[0]} and {len(names) - 1} more tensors" if len(names) > 1 else f"the tensor {names[0]}"
