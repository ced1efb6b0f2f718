"""Params section `data`: the source of dialogues and the names of its columns."""

from typing import Literal

from medsum.params.params_section import FolderName, ParamsSection

Language = Literal["en", "any"]


class Columns(ParamsSection):
    """Column names (CSV) or keys (JSONL) of the raw files; null if the source lacks the column."""

    id: str
    dialogue: str
    summary: str
    section: str | None
    split: str | None


class DataParams(ParamsSection):
    """`source` is a folder of the catalogue data/raw; `language` is what its dialogues must be in."""

    source: FolderName
    language: Language
    columns: Columns


def load() -> DataParams:
    """Read the params section from params.yaml."""
    return DataParams.load("data")
