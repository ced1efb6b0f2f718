"""Params section `error_analysis`: sizes of the error report."""

from typing import Annotated

from pydantic import Field

from medsum.params.params_section import ParamsSection


class ErrorAnalysisParams(ParamsSection):
    """`worst_records` is the number of records in the report. It marks groups under `small_group_records` as small."""

    worst_records: Annotated[int, Field(ge=1, le=1000)]
    small_group_records: Annotated[int, Field(ge=1)]


def load() -> ErrorAnalysisParams:
    """Read the params section from params.yaml."""
    return ErrorAnalysisParams.load("error_analysis")
