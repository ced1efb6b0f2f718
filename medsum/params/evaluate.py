"""Section `evaluate`: metric settings."""

from typing import Annotated

from pydantic import Field

from medsum.params.params_section import FolderName, ParamsSection


class EvaluateParams(ParamsSection):
    """`scorer` names a folder of the catalogue models/scorer."""

    rouge_stemmer: bool
    scorer: FolderName
    scorer_layer: Annotated[int, Field(ge=1, le=100)]
    scorer_batch_size: Annotated[int, Field(ge=1)]


def load() -> EvaluateParams:
    """Read the section from params.yaml."""
    return EvaluateParams.load("evaluate")
