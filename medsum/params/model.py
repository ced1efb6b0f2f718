"""Section `model`: the pretrained model that everything starts from."""

from medsum.params.section import FolderName, Section


class ModelParams(Section):
    """`base` names a folder of the catalogue models/base."""

    base: FolderName


def load() -> ModelParams:
    """Read the section from params.yaml."""
    return ModelParams.load("model")
