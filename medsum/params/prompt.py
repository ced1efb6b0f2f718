"""Params section `prompt`: the model's input. Training and summarising use the same form of input."""

from typing import Annotated, Literal

from pydantic import Field, field_validator

from medsum.core.params_section import ParamsSection


class PromptParams(ParamsSection):
    """`template` contains {dialogue} and may contain {section}. `system` is the system message for a chat template.

    Some tokenizers cannot encode a sign such as `≥`. Rules replace such signs by words. `unknown_signs` says what a
    training run does if no rule exists for such a sign.
    """

    system: str
    template: str
    max_input_tokens: Annotated[int, Field(ge=16, le=16384)]
    unknown_signs: Literal["stop", "drop"]

    @field_validator("template")
    @classmethod
    def _has_dialogue(cls, template: str) -> str:
        try:
            with_marker = template.format(dialogue="<dialogue>", section="")
        except (KeyError, ValueError, IndexError, AttributeError):
            with_marker = ""
        if "<dialogue>" not in with_marker:
            raise ValueError("text with the field {dialogue} and, if wanted, {section}, and no other braces")
        return template


def load() -> PromptParams:
    """Read the params section from params.yaml."""
    return PromptParams.load("prompt")
