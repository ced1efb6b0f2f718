"""One of several processes of a run, each with its own GPU, and how they divide work.

The functions import torch only when they need it, since some programs run another engine.
"""

import os
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, TypeVar

from medsum.core.errors import UserError
from medsum.core.parent_process import LAUNCHER, end_with_launcher

ALONE = 75  # exit code of a process that ends because another has ended
GONE = (
    "closed by peer",
    "reset by peer",
    "Broken pipe",
    "remote process exited",
)  # in errors of gloo and nccl about another process

Batch = TypeVar("Batch")
Result = TypeVar("Result")


def world_size() -> int:
    """Return the number of processes of this run, on all machines."""
    return int(os.environ.get("WORLD_SIZE", "1"))


def rank() -> int:
    """Return the place of this process among them, from 0."""
    return int(os.environ.get("RANK", "0"))


def is_first() -> bool:
    """Return whether this process writes the outputs."""
    return rank() == 0


def sharded() -> bool:
    """Return whether accelerate's launcher asks to spread the base's weights over the processes (FSDP)."""
    return os.environ.get("ACCELERATE_USE_FSDP", "").lower() == "true"


def backend() -> str | None:
    """Return the communication backend of a training, None for a single process."""
    import torch

    if world_size() == 1:
        return None
    return "nccl" if torch.cuda.is_available() else "gloo"


def another_is_gone(error: BaseException) -> bool:
    """Return whether this process waited for another process that has ended."""
    return world_size() > 1 and isinstance(error, RuntimeError) and any(words in str(error) for words in GONE)


@contextmanager
def ending_with_the_others() -> Iterator[None]:
    """End this process if another is gone, silently if our launcher reports why.

    Raises UserError if another launcher has started it, perhaps on another machine.
    """
    try:
        yield
    except RuntimeError as error:
        if not another_is_gone(error):
            raise
        if LAUNCHER in os.environ:
            sys.exit(ALONE)
        raise UserError(
            "another process of this run has ended or is out of reach; see what it says itself, then run the same again"
        ) from None


def launched() -> bool:
    """Return whether a launcher has started this process; it then takes its own GPU and ends with our launcher.

    Raises UserError if this machine has GPUs, but fewer than processes.
    """
    if "LOCAL_RANK" not in os.environ:
        return False
    end_with_launcher()
    import torch

    if torch.cuda.is_available():
        place, gpus = int(os.environ["LOCAL_RANK"]), torch.cuda.device_count()
        if place >= gpus:
            raise UserError(
                f"process {place + 1} of this machine finds no GPU of its own, there are {gpus}; take no more processes"
                " than GPUs (num_processes in params.yaml, or --processes)"
            )
        torch.cuda.set_device(place)
    return True


def distributed(work: Callable[[list[Batch]], Iterator[Result]], batches: list[Batch]) -> Iterator[Result]:
    """Yield the result of `work` for each batch, in order, in every process.

    Each process works on every nth batch, and they exchange their results. Neighbouring batches should be of similar
    size, since the processes wait for each other after every batch.
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
    """Yield a function that gives one value and gets those of all processes; it ends this process if one is gone."""
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
