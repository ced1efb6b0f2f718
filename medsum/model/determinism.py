"""Determinism: the same inputs, parameters and machine give the same bytes."""

import os

import torch
from transformers import set_seed


def fix(threads: int, seed: int = 0) -> None:
    """Fix threads, seeds and algorithms of every later computation in this process."""
    os.environ.setdefault("CUBLAS_WORKSPACE_CONFIG", ":4096:8")  # CUDA needs it for deterministic products
    torch.set_num_threads(threads)
    torch.use_deterministic_algorithms(True, warn_only=True)
    torch.utils.deterministic.fill_uninitialized_memory = False  # type: ignore[attr-defined]  # costs time, for debugging
    set_seed(seed)
