"""Section `export`: the model as it is served."""

from typing import Annotated, Literal

from pydantic import Field

from medsum.params.params_section import ParamsSection


class ExportParams(ParamsSection):
    """`precision` of the converted weights; `parity_records` of the validation split are compared."""

    precision: Literal["int8", "bfloat16", "float32"]
    parity_records: Annotated[int, Field(ge=1)]


def load() -> ExportParams:
    """Read the section from params.yaml."""
    return ExportParams.load("export")
