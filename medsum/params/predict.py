"""Params section `predict`: how the work is divided. No output depends on it, so no stage tracks it."""

from typing import Annotated

from pydantic import Field

from medsum.params.params_section import ParamsSection


class PredictParams(ParamsSection):
    """`num_processes`: processes on this machine, one per GPU."""

    num_processes: Annotated[int, Field(ge=1, le=64)]


def load() -> PredictParams:
    """Read the params section from params.yaml."""
    return PredictParams.load("predict")
