"""Find out whether the device computes in bfloat16, and in which number format a checkpoint is stored."""

from pathlib import Path

import torch
from safetensors import safe_open


def computes_bf16() -> bool:
    """Return whether the device multiplies matrices in bfloat16 without emulation."""
    if torch.cuda.is_available():
        return bool(torch.cuda.is_bf16_supported(including_emulation=False))
    return bool({"avx512_bf16", "amx_bf16"} & {name for name, has in torch.cpu.get_capabilities().items() if has})


def stored_dtype(checkpoint: Path) -> torch.dtype:
    """Return the number format of the first weight tensor of a checkpoint."""
    file = min(checkpoint.glob("*.safetensors"))
    with safe_open(file, framework="pt") as weights:
        name = min(weights.keys())
        found: torch.dtype = weights.get_tensor(name).dtype
    return found
