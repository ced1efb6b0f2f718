"""Params section `split`: how the records are divided into train, validation and test."""

from typing import Annotated, Self

from pydantic import Field, model_validator

from medsum.core.params_section import ParamsSection

Ratio = Annotated[float, Field(gt=0, lt=1)]


class SplitParams(ParamsSection):
    """`train`, `validation` and `test` are shares of all records. Sources with official splits do not use them."""

    seed: Annotated[int, Field(ge=0)]
    train: Ratio
    validation: Ratio
    test: Ratio
    near_duplicate_similarity: Annotated[float, Field(gt=0, le=1)]
    equal_note_min_words: Annotated[int, Field(ge=1)]
    drop_leaked_from_train: bool

    @model_validator(mode="after")
    def _sums_to_one(self) -> Self:
        total = self.train + self.validation + self.test
        if abs(total - 1) > 1e-6:
            raise ValueError(
                f"train, validation and test are {self.train:g}, {self.validation:g} and {self.test:g},"
                f" which sum to {total:g}; they must sum to 1"
            )
        return self


def load() -> SplitParams:
    """Read the params section from params.yaml."""
    return SplitParams.load("split")
