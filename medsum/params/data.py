"""Section `data`: which dialogues, and how their raw columns are named."""

from medsum.params.params_section import FolderName, Section


class Columns(Section):
    """Column names (CSV) or keys (JSONL) of the raw files; null where a source has none."""

    id: str
    dialogue: str
    summary: str
    section: str | None
    split: str | None


class DataParams(Section):
    """`source` names a folder of the catalogue data/raw."""

    source: FolderName
    columns: Columns


def load() -> DataParams:
    """Read the section from params.yaml."""
    return DataParams.load("data")
