"""Params section `evaluate`: settings of the metrics."""

from typing import Annotated

from pydantic import Field

from medsum.core.params_section import FolderName, ParamsSection


class EvaluateParams(ParamsSection):
    """`scorer` names a folder in models/scorer. The folder holds the encoder that BERTScore uses.

    BERTScore compares the outputs of layer `scorer_layer` of the encoder.
    """

    rouge_stemmer: bool
    scorer: FolderName
    scorer_layer: Annotated[int, Field(ge=1, le=100)]
    scorer_batch_size: Annotated[int, Field(ge=1)]


def load() -> EvaluateParams:
    """Read the params section from params.yaml."""
    return EvaluateParams.load("evaluate")
