"""Training with little memory: return freed tensors to the system, and halve batches that are too large."""

import ctypes
import sys

from accelerate.utils.memory import should_reduce_batch_size

from medsum.core.errors import UserError
from medsum.model import processes
from medsum.params.train import TrainParams

M_MMAP_THRESHOLD = -3  # of glibc's mallopt: what is larger gets memory of its own, given back when it is freed
LARGE_BYTES = 1 << 20


def give_back_freed_memory() -> None:
    """Make glibc (Linux) return each freed tensor to the system.

    By default, tensors of up to 32 MB share its heap, and the gaps took a fifth of a training's memory. With this
    setting each tensor is mapped and cleared again, which made the steps a fifth slower (docs/hardware.md).
    """
    if sys.platform == "linux" and hasattr(libc := ctypes.CDLL(None), "mallopt"):
        libc.mallopt(M_MMAP_THRESHOLD, LARGE_BYTES)


def is_out_of_memory(error: RuntimeError) -> bool:
    """Return whether the error means that a device has no memory left."""
    return bool(should_reduce_batch_size(error))


def smaller(params: TrainParams) -> TrainParams:
    """Return parameters with half the batch and twice the accumulation steps, or a third if a half is not possible.

    Raises UserError with advice if the parameters forbid it or no smaller batch is left. Several processes cannot do
    it, since those with enough memory would wait for this one.
    """
    size = params.batch_size
    if size == 1:
        raise UserError(
            "out of memory at train.batch_size=1; set train.gradient_checkpointing=true, a smaller"
            " prompt.max_input_tokens or a smaller model.base"
        )
    parts = next(divisor for divisor in range(2, size + 1) if size % divisor == 0)
    steps = params.gradient_accumulation_steps * parts
    alone = processes.world_size() == 1
    if not (params.auto_batch_size and alone):
        raise UserError(
            f"out of memory at train.batch_size={size}; set {'train.auto_batch_size=true, or ' if alone else ''}"
            f"train.batch_size={size // parts} and train.gradient_accumulation_steps={steps} for the same result"
        )
    return params.model_copy(update={"batch_size": size // parts, "gradient_accumulation_steps": steps})
