"""Params section `data`: the source of dialogues and the names of its columns."""

from typing import Literal

from medsum.core.params_section import FolderName, ParamsSection

Language = Literal["en", "any"]
NO_STEMMER = "evaluate.rouge_stemmer is only for English, but data.language is any; set it to false, or language to en"
NO_RERANKING = (
    "generation.rerank uses checks that work only for English, but data.language is any; set rerank to none, or"
    " language to en"
)


class Columns(ParamsSection):
    """The names of the columns (CSV) or keys (JSONL) in the raw files.

    A value is null if the source has no such column.
    """

    id: str
    dialogue: str
    summary: str
    section: str | None
    split: str | None


class DataParams(ParamsSection):
    """`source` names a folder in data/raw. `language` is the language that all dialogues must have, or any."""

    source: FolderName
    language: Language
    columns: Columns


def load() -> DataParams:
    """Read the params section from params.yaml."""
    return DataParams.load("data")
