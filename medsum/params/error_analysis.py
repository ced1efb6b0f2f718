"""Params section `error_analysis`: how many records the error report shows."""

from typing import Annotated

from pydantic import Field

from medsum.core.params_section import ParamsSection


class ErrorAnalysisParams(ParamsSection):
    """The report shows `worst_records` records in full. It marks groups of fewer than `small_group_records` records."""

    worst_records: Annotated[int, Field(ge=1, le=1000)]
    small_group_records: Annotated[int, Field(ge=1)]


def load() -> ErrorAnalysisParams:
    """Read the params section from params.yaml."""
    return ErrorAnalysisParams.load("error_analysis")
