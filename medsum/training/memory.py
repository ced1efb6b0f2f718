"""Train with little memory: return freed memory to the system, and make batches smaller if memory runs out."""

import ctypes
import sys

from accelerate.utils.memory import should_reduce_batch_size

from medsum.core.errors import UserError
from medsum.model import processes
from medsum.params.train import TrainParams

M_MMAP_THRESHOLD = -3  # option of glibc's mallopt: freed blocks above the given size are returned to the system
LARGE_BYTES = 1 << 20


def give_back_freed_memory() -> None:
    """Make glibc, the C library of Linux, return the memory of each freed tensor to the system.

    By default, glibc keeps tensors of up to 32 MB in its heap. In a measured training run, unused gaps in the heap took
    a fifth of the memory. After this call, there are no gaps. But the steps of the measured run were a fifth slower,
    because the system must allocate and clear memory for each tensor (docs/hardware.md).
    """
    if sys.platform == "linux" and hasattr(libc := ctypes.CDLL(None), "mallopt"):
        libc.mallopt(M_MMAP_THRESHOLD, LARGE_BYTES)


def is_out_of_memory(error: RuntimeError) -> bool:
    """Return whether the error means that the memory of a device ran out."""
    return bool(should_reduce_batch_size(error))


def smaller(params: TrainParams) -> TrainParams:
    """Return parameters with a smaller batch and more accumulation steps. The effective batch size stays the same.

    The batch size is divided by its smallest divisor above 1. Raise UserError with advice if the batch size is already
    1 or if `auto_batch_size` is false. Also raise UserError if the run has several processes, because the other
    processes would wait for this process.
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
