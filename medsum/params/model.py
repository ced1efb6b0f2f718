"""Params section `model`: the pretrained model."""

from typing import Literal

from medsum.core.params_section import FolderName, ParamsSection


class ModelParams(ParamsSection):
    """`base` is a folder of models/base. If torch runs the base, its weights are stored as `quantization` says."""

    base: FolderName
    quantization: Literal["none", "8bit", "4bit"]


def load() -> ModelParams:
    """Read the params section from params.yaml."""
    return ModelParams.load("model")
