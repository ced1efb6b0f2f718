"""Params section `export`: the model for serving."""

from typing import Annotated, Literal

from pydantic import Field

from medsum.params.params_section import ParamsSection


class ExportParams(ParamsSection):
    """`precision` is that of the converted weights; the parity check takes `parity_records` validation records."""

    precision: Literal["int8", "bfloat16", "float32"]
    parity_records: Annotated[int, Field(ge=1)]


def load() -> ExportParams:
    """Read the params section from params.yaml."""
    return ExportParams.load("export")
