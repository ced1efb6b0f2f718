"""Params section `export`: how the trained model is converted for serving."""

from typing import Annotated, Literal

from pydantic import Field

from medsum.core.params_section import ParamsSection


class ExportParams(ParamsSection):
    """`precision` is the number format of the converted weights.

    The stage `export` compares the converted model with the trained model. For this comparison, it
    uses at most `parity_records` records of the validation split.
    """

    precision: Literal["int8", "bfloat16", "float32"]
    parity_records: Annotated[int, Field(ge=1)]


def load() -> ExportParams:
    """Read the params section from params.yaml."""
    return ExportParams.load("export")
