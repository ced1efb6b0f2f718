"""torch.compile in training: one set of kernels for all lengths, and the same ones in each run."""

import os
from collections.abc import Iterator
from contextlib import contextmanager

import torch
import torch._dynamo.exc
import torch._inductor.config

from medsum.errors import UserError

LENGTHS = 32  # tokens of prompts and notes are padded to multiples of it: few lengths, which fill the GPU's tiles


def prepare() -> None:
    """Set what the trainer's arguments cannot say, before there is a trainer."""
    os.environ["ACCELERATE_DYNAMO_USE_DYNAMIC"] = "true"
    torch._inductor.config.deterministic = True  # kernels are not chosen by timing them


@contextmanager
def told() -> Iterator[None]:
    """Raises UserError where torch cannot compile the model."""
    try:
        yield
    except torch._dynamo.exc.TorchDynamoException as error:
        reason = str(error).strip().partition("\n")[0]
        raise UserError(
            f"train.compile is true, but torch cannot compile the model here ({reason}); install a C++ compiler, or set"
            " it to false"
        ) from None
