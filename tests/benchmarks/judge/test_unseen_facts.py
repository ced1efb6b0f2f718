import json
from pathlib import Path

import pytest

from benchmarks.judge.unseen_facts import rows_of
from medsum.core.errors import UserError


def test_the_third_that_is_held_back_and_the_rest_are_the_frozen_half() -> None:
    held, read, frozen = ({row["id"] for row in rows_of(name)} for name in ("held", "read", "frozen"))
    assert held | read == frozen
    assert not held & read
    assert len(held) == len(frozen) // 3


def test_a_further_file_of_the_same_form_is_scored(tmp_path: Path) -> None:
    row = {"id": "n1", "style": "note", "text": "No fever.", "facts": ["finding: fever | negated"]}
    (tmp_path / "fresh.jsonl").write_text(json.dumps(row) + "\n", encoding="utf-8")
    assert rows_of(str(tmp_path / "fresh.jsonl")) == [row]
    with pytest.raises(UserError, match=r"absent\.jsonl is not a file"):
        rows_of("absent.jsonl")
