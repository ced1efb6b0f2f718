"""Params section `evaluate`: settings of the metrics."""

from typing import Annotated

from pydantic import Field

from medsum.core.params_section import FolderName, ParamsSection


class EvaluateParams(ParamsSection):
    """`scorer` is a folder of models/scorer with the encoder of BERTScore.

    `scorer_layer` is its layer that is compared.
    """

    rouge_stemmer: bool
    scorer: FolderName
    scorer_layer: Annotated[int, Field(ge=1, le=100)]
    scorer_batch_size: Annotated[int, Field(ge=1)]


def load() -> EvaluateParams:
    """Read the params section from params.yaml."""
    return EvaluateParams.load("evaluate")
