"""Params section `model`: the pretrained model."""

from typing import Literal

from medsum.core.params_section import FolderName, ParamsSection


class ModelParams(ParamsSection):
    """`base` names a folder in models/base. `quantization` says how torch stores the weights of the base."""

    base: FolderName
    quantization: Literal["none", "8bit", "4bit"]


def load() -> ModelParams:
    """Read the params section from params.yaml."""
    return ModelParams.load("model")
