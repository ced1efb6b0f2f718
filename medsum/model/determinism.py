"""Make computations deterministic: the same inputs, parameters and machine give the same bytes."""

import os

import torch
from transformers import set_seed

# Each vector function of MKL (Intel's library for mathematics) chooses one of several implementations at its first
# call. If two threads make the first call at the same time, one thread may use another implementation, which rounds
# differently. So `fix` makes the first call with a small tensor, which only one thread computes.
VECTOR_MATHS = (torch.cos, torch.sin, torch.exp, torch.log, torch.tanh, torch.erf, torch.sqrt)


def fix(threads: int, seed: int = 0) -> None:
    """Set the number of threads, the seeds and the algorithms of all later computations in this process."""
    os.environ.setdefault("CUBLAS_WORKSPACE_CONFIG", ":4096:8")  # for deterministic matrix products on a GPU
    torch.set_num_threads(threads)
    torch.use_deterministic_algorithms(True, warn_only=True)
    torch.utils.deterministic.fill_uninitialized_memory = False  # type: ignore[attr-defined]  # it costs time and only helps debugging
    set_seed(seed)
    for function in VECTOR_MATHS:
        function(torch.ones(64))
