"""Params section `note`: the sections of a note, and the share of notes that are held back.

A note that is held back is not shown. A person writes this note instead. Only the programs that write notes for users
read this params section. No stage of the pipeline depends on it.
"""

import re
from typing import Any

from pydantic import Field, field_validator

from medsum.core.params_section import ParamsSection, closest

_NAME = re.compile(r"[A-Za-z][A-Za-z0-9_/ -]{0,59}")
_ONE_LINE = re.compile(r"[^\r\n:]{1,60}")


class SectionTemplate(ParamsSection):
    """A section of a note: its name, its heading in the note, and the instruction for the model.

    If there is no heading, the note shows the name in plain words. If there is no instruction, the prompt is
    `prompt.template`, as in training. Otherwise the prompt is the instruction, a line break and the dialogue.
    """

    name: str
    heading: str | None = None
    instruction: str | None = None

    @field_validator("name")
    @classmethod
    def _is_name(cls, name: str) -> str:
        if not _NAME.fullmatch(name) or name.upper() in ("AUTO", "ANY"):
            raise ValueError("a name of letters, digits, _ and /, such as FOLLOW_UP; auto and any are reserved words")
        return name

    @field_validator("heading")
    @classmethod
    def _is_heading(cls, heading: str | None) -> str | None:
        if heading is not None and not (_ONE_LINE.fullmatch(heading) and heading.strip() == heading):
            raise ValueError("one line of at most 60 characters, without a colon")
        return heading

    @field_validator("instruction")
    @classmethod
    def _is_said(cls, instruction: str | None) -> str | None:
        if instruction is not None and not instruction.strip():
            raise ValueError("a sentence that says what to write; without this key, the usual prompt is used")
        return instruction


class NoteParams(ParamsSection):
    """`sections` lists the sections of a note in their order. An entry may be only the name of a section.

    `hold_back` is the share of notes that are held back: the notes with the highest risk of errors.
    """

    sections: list[SectionTemplate]
    hold_back: float | None = Field(ge=0.01, le=1)  # smaller shares would need more notes for calibration

    @field_validator("sections", mode="before")
    @classmethod
    def _with_names(cls, sections: Any) -> Any:
        if not isinstance(sections, list):
            raise ValueError("a list whose entries are names, or mappings with name, heading and instruction")
        known = list(SectionTemplate.model_fields)
        for entry in sections:
            unknown = [key for key in entry if key not in known] if isinstance(entry, dict) else []
            if unknown:
                raise ValueError(f"without the key {unknown[0]}; {closest(unknown[0], known)}")
        return [{"name": entry} if isinstance(entry, str) else entry for entry in sections]

    @field_validator("sections")
    @classmethod
    def _each_once(cls, sections: list[SectionTemplate]) -> list[SectionTemplate]:
        names = [" ".join(section.name.upper().split()) for section in sections]
        twice = next((name for name in names if names.count(name) > 1), None)
        if twice:
            raise ValueError(f"a list that names {twice} once")
        return sections


def load() -> NoteParams:
    """Read the params section from params.yaml."""
    return NoteParams.load("note")
