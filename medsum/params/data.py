"""Section `data`: which dialogues, and how their raw columns are named."""

from medsum.params.params_section import FolderName, ParamsSection


class Columns(ParamsSection):
    """Column names (CSV) or keys (JSONL) of the raw files; null where a source has none."""

    id: str
    dialogue: str
    summary: str
    section: str | None
    split: str | None


class DataParams(ParamsSection):
    """`source` names a folder of the catalogue data/raw."""

    source: FolderName
    columns: Columns


def load() -> DataParams:
    """Read the section from params.yaml."""
    return DataParams.load("data")
