"""Small transcripts with their right turns, written by someone who had not read the reader: transcripts/README.md."""

import json
import re
from pathlib import Path
from typing import Any

import pytest

from medsum.core.errors import UserError
from medsum.corpus.visits import dialogue_of

FOLDER = Path(__file__).parent / "transcripts"
_NUMBER = re.compile(
    r"(Doctor|Patient)_\d+$"
)  # the transcripts call every clinician Doctor; the reader tells them apart


def transcripts() -> list[Any]:
    return [
        pytest.param(row, id=f"{path.stem}-{row['id']}")
        for path in sorted(FOLDER.glob("*.jsonl"))
        for row in map(json.loads, path.read_text(encoding="utf-8").splitlines())
    ]


@pytest.mark.parametrize("row", transcripts())
def test_a_transcript_is_read_rightly_or_refused(row: dict[str, Any]) -> None:
    if row.get("refused"):
        with pytest.raises(UserError):
            dialogue_of(row["text"])
        return
    found = dialogue_of(row["text"])
    assert [[_NUMBER.sub(r"\1", turn.speaker), turn.said] for turn in found.turns] == row["turns"]
