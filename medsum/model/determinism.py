"""Determinism: the same inputs, parameters and machine give the same bytes."""

import os

import torch
from transformers import set_seed

# The vector maths of MKL choose their code at the first call. Where two threads make it at once, one of them may take
# other code and round otherwise, so the first call is of a tensor that one thread computes alone.
VECTOR_MATHS = (torch.cos, torch.sin, torch.exp, torch.log, torch.tanh, torch.erf, torch.sqrt)


def fix(threads: int, seed: int = 0) -> None:
    """Fix threads, seeds and algorithms of every later computation in this process."""
    os.environ.setdefault("CUBLAS_WORKSPACE_CONFIG", ":4096:8")  # CUDA needs it for deterministic products
    torch.set_num_threads(threads)
    torch.use_deterministic_algorithms(True, warn_only=True)
    torch.utils.deterministic.fill_uninitialized_memory = False  # type: ignore[attr-defined]  # costs time, for debugging
    set_seed(seed)
    for function in VECTOR_MATHS:
        function(torch.ones(64))
