"""Shards of a batch: which chunks each writes, who may run beside whom, and how they are joined."""

import shutil
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pyarrow.parquet
import pytest

from medsum.core.errors import UserError
from medsum.serve.batch import CHUNK, Batch
from medsum.serve.batch_input import Line
from medsum.serve.shards import WHOLE, Shard

HALVES = (Shard(1, 2), Shard(2, 2))


@pytest.fixture
def sources(tmp_path: Path) -> list[Path]:
    """Two files of two chunks and of one chunk."""
    files = [tmp_path / "may.jsonl", tmp_path / "june.jsonl"]
    for file, lines in zip(files, (CHUNK + 1, 2), strict=True):
        file.write_text('{"dialogue": "Doctor: Hm.", "id": 7}\n' * lines, encoding="utf-8")
    return files


def write(lines: Sequence[Line]) -> list[dict[str, Any]]:
    return [{"line": line.number, "id": line.id, "summary": "é"} for line in lines]


def run_of(sources: list[Path], output: str = "notes", shard: Shard = WHOLE, model: str = "a") -> Batch:
    return Batch(sources, sources[0].with_name(output), {"model": model}, shard=shard)


def whole(sources: list[Path], output: str) -> Path:
    run = run_of(sources, output)
    with run.prepared():
        run.work(write)
        run.finish()
    return run.output


@pytest.mark.parametrize("processes", [(1, 1), (2, 2), (1, 2), (3, 1)])
def test_shards_of_any_number_of_processes_write_each_chunk_once(processes: tuple[int, int]) -> None:
    written = [
        [number for number in range(24) if number % places == place]
        for shard, count in zip(HALVES, processes, strict=True)
        for rank in range(count)
        for place, places in [shard.place(rank, count)]
    ]
    assert sorted(number for one in written for number in one) == list(range(24))


def test_shards_write_each_chunk_once_and_their_merge_is_the_whole_run(sources: list[Path]) -> None:
    written: list[int] = []

    def counted(lines: Sequence[Line]) -> list[dict[str, Any]]:
        written.append(len(lines))
        return write(lines)

    for shard in HALVES:
        run = run_of(sources, shard=shard)
        with run.prepared():
            run.work(counted)
            run.wait_for_parts()
    assert sorted(written) == [1, 2, CHUNK]
    merge = run_of(sources)
    with merge.prepared() as resumed:
        assert resumed
        merge.require_parts()
        assert merge.finish().bad == 0
    expected = whole(sources, "alone")
    for name in ("may.jsonl", "june.jsonl"):
        assert (merge.output / name).read_bytes() == (expected / name).read_bytes()
    assert not merge.parts.exists()


def test_a_merge_says_how_many_parts_are_missing(sources: list[Path]) -> None:
    run = run_of(sources, shard=HALVES[0])
    with run.prepared():
        run.work(write)
    merge = run_of(sources)
    with merge.prepared(), pytest.raises(UserError, match=r"1 of 3 parts of .*notes are missing; run the unfinished"):
        merge.require_parts()
    assert not merge.output.exists()
    assert merge.parts.exists()


def test_sisters_run_together_and_no_other_run_joins_them(sources: list[Path]) -> None:
    with run_of(sources, shard=HALVES[0]).prepared():
        for other in (WHOLE, Shard(1, 3), HALVES[0]):
            with pytest.raises(UserError, match="another run is writing"), run_of(sources, shard=other).prepared():
                pass
        with pytest.raises(UserError, match="another model"), run_of(sources, shard=HALVES[1], model="b").prepared():
            pass
        with run_of(sources, shard=HALVES[1]).prepared() as resumed:
            assert resumed
    with run_of(sources, shard=Shard(1, 3)).prepared():
        pass


def test_a_run_stopped_while_it_joined_goes_on(sources: list[Path]) -> None:
    run = run_of(sources)
    with run.prepared():
        run.work(write)
        left = shutil.copytree(run.parts, sources[0].with_name("left"))
        run.finish()
    (run.output / "june.jsonl").unlink()
    left.rename(run.parts)  # as a run that was killed before it joined the second file leaves it
    again = whole(sources, "notes")
    assert sorted(file.name for file in again.iterdir()) == ["june.jsonl", "may.jsonl"]


def test_parquet_holds_the_same_lines_as_json_lines(sources: list[Path]) -> None:
    lines = (whole(sources, "notes") / "may.jsonl").read_text(encoding="utf-8").splitlines()
    table = pyarrow.parquet.read_table(whole(sources[:1], "may.parquet"))
    assert table.column_names == ["line", "id", "summary", "error", "record"]
    assert table["record"].to_pylist() == lines
    assert table["id"].to_pylist() == ["7"] * (CHUNK + 1)
    assert table["line"].to_pylist() == list(range(1, CHUNK + 2))


def test_files_of_one_name_and_one_file_for_two_are_refused(sources: list[Path], tmp_path: Path) -> None:
    (tmp_path / "b").mkdir()
    twin = sources[0].rename(tmp_path / "b/june.jsonl")
    with pytest.raises(UserError, match=r"june\.jsonl and .*june\.jsonl would both become"):
        run_of([sources[1], twin])
    with pytest.raises(UserError, match="is one file, but the batch has 2; give a folder"):
        run_of([sources[1], twin], "out.jsonl")
    with pytest.raises(UserError, match="is the batch itself"):
        Batch([sources[1]], tmp_path, {})


@pytest.mark.parametrize("text", ["0/2", "3/2", "1", "a/b", "1/2/3", ""])
def test_what_is_no_shard_is_refused(text: str) -> None:
    with pytest.raises(ValueError):  # noqa: PT011
        Shard.of(text)
