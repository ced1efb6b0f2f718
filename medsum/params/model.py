"""Section `model`: the pretrained model that everything starts from."""

from typing import Literal

from medsum.params.params_section import FolderName, ParamsSection


class ModelParams(ParamsSection):
    """`base` names a folder of the catalogue models/base; `quantization` is of its weights where torch runs it."""

    base: FolderName
    quantization: Literal["none", "8bit", "4bit"]


def load() -> ModelParams:
    """Read the section from params.yaml."""
    return ModelParams.load("model")
