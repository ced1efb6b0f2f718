"""Claims on the pipeline's own files."""

from pathlib import Path

import pytest

from medsum.core.errors import UserError
from medsum.dialogue.record import Record, read_jsonl, read_records, write_records


def test_what_is_written_is_read_back_byte_for_byte(tmp_path: Path) -> None:
    records = [Record("é", "Doctor: “Hi”\u2028\nPatient: 10⁹", "a\tb", None, "mine", "train", "é")]
    write_records(tmp_path / "records.jsonl", records)
    assert read_records(tmp_path / "records.jsonl") == records
    assert b"\r" not in (tmp_path / "records.jsonl").read_bytes()


def test_a_missing_file_says_what_makes_it(tmp_path: Path) -> None:
    with pytest.raises(UserError, match=r"records\.jsonl is not there; run `dvc repro`"):
        read_records(tmp_path / "records.jsonl")


def test_a_damaged_line_is_named(tmp_path: Path) -> None:
    (tmp_path / "records.jsonl").write_text('{"id": 1}\n{"id": \n', encoding="utf-8")
    with pytest.raises(UserError, match=r"records\.jsonl, line 2: not a JSON object"):
        list(read_jsonl(tmp_path / "records.jsonl"))
