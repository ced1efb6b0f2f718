"""Params section `second_pass`: train the adapter further, on notes that the checker or a person prefers."""

from pathlib import Path
from typing import Annotated, Literal

from pydantic import Field

from medsum.core.params_section import ParamsSection
from medsum.core.paths import ADAPTER, SECOND_PASS


class SecondPassParams(ParamsSection):
    """The method and the hyperparameters of the second pass. params.yaml explains each of them."""

    method: Literal["none", "chosen", "preferences"]
    pairs: Literal["checker", "corrections"]
    notes_per_dialogue: Annotated[int, Field(ge=2, le=16)]
    learning_rate: Annotated[float, Field(gt=0, le=1)]
    num_epochs: Annotated[int, Field(ge=1, le=100)]
    beta: Annotated[float, Field(gt=0, le=10)]

    @property
    def writes_notes(self) -> bool:
        """Return whether the model must write notes for the training dialogues."""
        return self.method == "chosen" or (self.method == "preferences" and self.pairs == "checker")


def load() -> SecondPassParams:
    """Read the params section from params.yaml."""
    return SecondPassParams.load("second_pass")


def adapter() -> Path:
    """Return the folder of the adapter that is served and scored: that of the last training pass."""
    return ADAPTER if load().method == "none" else SECOND_PASS
