"""Params section `runtime`: settings that change rounding errors, because they change the order of additions."""

from typing import Annotated

from pydantic import Field

from medsum.core.params_section import ParamsSection


class RuntimeParams(ParamsSection):
    """`threads` is the number of CPU threads of every torch computation."""

    threads: Annotated[int, Field(ge=1, le=256)]


def load() -> RuntimeParams:
    """Read the params section from params.yaml."""
    return RuntimeParams.load("runtime")
