"""Params section `predict`: how the stage `predict` divides its work among processes.

No output depends on this section, so a change does not rerun a stage.
"""

from typing import Annotated

from pydantic import Field

from medsum.core.params_section import ParamsSection


class PredictParams(ParamsSection):
    """`num_processes` is the number of processes on this machine. On GPUs, each process needs its own GPU."""

    num_processes: Annotated[int, Field(ge=1, le=64)]


def load() -> PredictParams:
    """Read the params section from params.yaml."""
    return PredictParams.load("predict")
