"""Section `error_analysis`: what the report shows."""

from typing import Annotated

from pydantic import Field

from medsum.params.params_section import ParamsSection


class ErrorAnalysisParams(ParamsSection):
    """Sizes of the report."""

    worst_records: Annotated[int, Field(ge=1, le=1000)]
    small_group_records: Annotated[int, Field(ge=1)]


def load() -> ErrorAnalysisParams:
    """Read the section from params.yaml."""
    return ErrorAnalysisParams.load("error_analysis")
