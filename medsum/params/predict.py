"""Params section `predict`: how the stage predict divides its work.

No stage depends on it: no output changes with it.
"""

from typing import Annotated

from pydantic import Field

from medsum.core.params_section import ParamsSection


class PredictParams(ParamsSection):
    """`num_processes` is the number of processes on this machine. If the machine has GPUs, each process needs one."""

    num_processes: Annotated[int, Field(ge=1, le=64)]


def load() -> PredictParams:
    """Read the params section from params.yaml."""
    return PredictParams.load("predict")
