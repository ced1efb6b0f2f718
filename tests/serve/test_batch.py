"""A batch: who may work at an output, and what is gone on with."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest

from medsum.core.errors import UserError
from medsum.serve.batch import CHUNK, Batch
from medsum.serve.batch_input import Line


@pytest.fixture
def source(tmp_path: Path) -> Path:
    path = tmp_path / "in.jsonl"
    path.write_text('{"dialogue": "Doctor: Hm."}\n' * (CHUNK + 1), encoding="utf-8")
    return path


def write(lines: Sequence[Line]) -> list[dict[str, Any]]:
    return [{"line": line.number, "summary": "first"} for line in lines]


class StopError(Exception):
    """What ends a run in the middle."""


def begin(source: Path, **identity: str) -> Path:
    """Leave a batch half done; gives its folder."""
    run = Batch([source], source.with_name("out.jsonl"), identity)

    def once(lines: Sequence[Line]) -> list[dict[str, Any]]:
        if list(run.parts.glob("0*")):
            raise StopError
        return write(lines)

    with pytest.raises(StopError), run.prepared():
        run.work(once)
    return run.parts


def test_the_same_run_goes_on(source: Path) -> None:
    parts = begin(source, model="a")
    run = Batch([source], source.with_name("out.jsonl"), {"model": "a"})
    with run.prepared() as resumed:
        assert resumed
        run.work(write)
        assert run.finish().bad == 0
    assert run.output.read_text(encoding="utf-8").count("\n") == CHUNK + 1
    assert not parts.exists()


def test_another_run_neither_goes_on_nor_clears_away(source: Path) -> None:
    parts = begin(source, model="a")
    before = {path: path.read_bytes() for path in parts.glob("*.json*")}
    other = Batch([source], source.with_name("out.jsonl"), {"model": "b"})
    with pytest.raises(
        UserError, match=r"holds a part of this output that was written with another model.*delete this folder"
    ):
        other.prepared().__enter__()
    assert {path: path.read_bytes() for path in parts.glob("*.json*")} == before


def test_two_runs_never_share_an_output(source: Path) -> None:
    first, second = (Batch([source], source.with_name("out.jsonl"), {"model": name}) for name in "aa")
    with first.prepared():
        with pytest.raises(UserError, match=r"another run is writing .*out\.jsonl; wait"):
            second.prepared().__enter__()
        first.work(write)
        first.finish()
    with pytest.raises(UserError, match="exists already"):
        second.prepared().__enter__()
    assert list(source.parent.glob(".*")) == []


def test_a_run_that_did_nothing_leaves_nothing(source: Path) -> None:
    for name in "ab":
        with pytest.raises(StopError), Batch([source], source.with_name("out.jsonl"), {"model": name}).prepared():
            raise StopError
    assert list(source.parent.iterdir()) == [source]


def test_a_folder_that_cannot_be_made_is_told(source: Path) -> None:
    with pytest.raises(UserError, match="cannot be written: "):
        Batch([source], source / "out.jsonl", {}).prepared().__enter__()
    with pytest.raises(UserError, match="is the batch itself"):
        Batch([source], source, {})
