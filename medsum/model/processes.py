"""Divide the work of a run among processes. If the machine has GPUs, each process has its own GPU.

Only the functions that need torch import torch, because programs that do not use torch must start fast.
"""

import os
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, TypeVar

from medsum.core.errors import UserError
from medsum.core.parent_process import LAUNCHER, end_with_launcher

ALONE = 75  # exit code of a process that ends because another process has ended
GONE = (
    "closed by peer",
    "reset by peer",
    "Broken pipe",
    "remote process exited",
)  # gloo and nccl connect the processes; their errors contain these words if another process has ended

Batch = TypeVar("Batch")
Result = TypeVar("Result")


def world_size() -> int:
    """Return the number of processes of this run on all machines."""
    return int(os.environ.get("WORLD_SIZE", "1"))


def rank() -> int:
    """Return the number of this process in the run; the first process is 0."""
    return int(os.environ.get("RANK", "0"))


def is_first() -> bool:
    """Return whether this is the first process, which writes the outputs."""
    return rank() == 0


def sharded() -> bool:
    """Return whether accelerate's launcher started this run with FSDP, which splits the base's weights across GPUs."""
    return os.environ.get("ACCELERATE_USE_FSDP", "").lower() == "true"


def backend() -> str | None:
    """Return the communication backend of a training run, or None for a single process."""
    import torch

    if world_size() == 1:
        return None
    return "nccl" if torch.cuda.is_available() else "gloo"


def another_is_gone(error: BaseException) -> bool:
    """Return whether `error` means that another process has ended while this process waited for it."""
    return world_size() > 1 and isinstance(error, RuntimeError) and any(words in str(error) for words in GONE)


@contextmanager
def ending_with_the_others() -> Iterator[None]:
    """End this process if another process of the run ends during the `with` block.

    If medsum.model.launching started this process, print no message. Otherwise, raise UserError.
    """
    try:
        yield
    except RuntimeError as error:
        if not another_is_gone(error):
            raise
        if LAUNCHER in os.environ:
            sys.exit(ALONE)
        raise UserError(
            "another process of this run has ended or cannot be reached; read its own error message, then run the same"
            " command again"
        ) from None


def launched() -> bool:
    """Return whether a launcher started this process. If so, choose a GPU, and end this process with the launcher.

    Raise UserError if this machine has GPUs, but more processes than GPUs.
    """
    if "LOCAL_RANK" not in os.environ:
        return False
    end_with_launcher()
    import torch

    if torch.cuda.is_available():
        place, gpus = int(os.environ["LOCAL_RANK"]), torch.cuda.device_count()
        if place >= gpus:
            raise UserError(
                f"process {place + 1} of this machine has no GPU, because there are only {gpus}; start at most one"
                " process per GPU (num_processes in params.yaml, or --processes)"
            )
        torch.cuda.set_device(place)
    return True


def distributed(work: Callable[[list[Batch]], Iterator[Result]], batches: list[Batch]) -> Iterator[Result]:
    """Yield the results of `work` for all batches, in the order of the batches. Every process gets all results.

    If there are n processes, each of them computes every nth batch. After each batch, all processes wait for each other
    and exchange their results. So consecutive batches should have similar sizes.
    """
    size = world_size()
    if size == 1:
        yield from work(batches)
        return
    own = work(batches[rank() :: size])
    with _in_touch() as exchange:
        for start in range(0, len(batches), size):
            yield from exchange(next(own, None))[: len(batches) - start]


@contextmanager
def _in_touch() -> Iterator[Callable[[Any], list[Any]]]:
    """Yield a function that sends a value to all processes and returns the values that all processes sent.

    The function ends this process if another process has ended.
    """
    from torch import distributed

    distributed.init_process_group("gloo")  # works with CPUs and with GPUs

    def exchange(value: Any) -> list[Any]:
        values = [None] * world_size()
        try:
            distributed.all_gather_object(values, value)
        except RuntimeError:
            sys.exit(ALONE)
        return values

    yield exchange
    distributed.destroy_process_group()
