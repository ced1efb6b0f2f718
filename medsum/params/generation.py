"""Params section `generation`: how a model writes summaries."""

from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from medsum.core.params_section import ParamsSection


class GenerationParams(ParamsSection):
    """The settings for writing a summary. There is no random sampling, because summaries must be reproducible."""

    num_beams: Annotated[int, Field(ge=1, le=32)]
    max_new_tokens: Annotated[int, Field(ge=4, le=4096)]
    length_penalty: Annotated[float, Field(ge=-10, le=10)]
    no_repeat_ngram_size: Annotated[int, Field(ge=0, le=20)]
    cut_loops: bool
    batch_tokens: Annotated[int, Field(ge=1)]
    long_dialogues: Literal["split", "refuse"]
    overlap_turns: Annotated[int, Field(ge=0, le=100)]
    rerank: Literal["none", "faithfulness"]
    guided: bool

    @model_validator(mode="after")
    def _several_to_choose_among(self) -> Self:
        if self.rerank != "none" and self.num_beams == 1:
            raise ValueError("rerank chooses among num_beams summaries, but num_beams is 1; set num_beams higher")
        return self


def load() -> GenerationParams:
    """Read the params section from params.yaml."""
    return GenerationParams.load("generation")
