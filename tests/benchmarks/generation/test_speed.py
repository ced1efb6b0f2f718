"""The generation benchmark gives both sides the same work, for models of both kinds."""

import subprocess
import sys
from pathlib import Path

import pytest

from benchmarks.generation.prompts import builder_of, read_cases
from benchmarks.generation.speed import Ours, make_converted
from benchmarks.records import read, spread
from medsum.params import generation
from tests.conftest import ROOT

KINDS = ["tiny_base", "tiny_decoder"]


@pytest.mark.parametrize("base", KINDS)
@pytest.mark.parametrize("beams", [1, 3])
def test_generate_writes_exactly_as_many_tokens_as_are_asked_for(
    base: str, beams: int, few_dialogues: Path, tmp_path: Path, request: pytest.FixtureRequest,
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    from benchmarks.generation.transformers_generate import loaded, write

    monkeypatch.chdir(ROOT)
    checkpoint = request.getfixturevalue(base)
    make_converted(checkpoint, tmp_path / "converted")
    builder = builder_of(tmp_path / "converted")
    cases = read_cases(few_dialogues / "Few-TrainingSet.csv", builder, 4)
    model, end_id = loaded(checkpoint, "float32", builder.frame.end, 1)
    params = generation.load().model_copy(update={"num_beams": beams})
    for ids, case in zip(write(model, cases, end_id, params).tolist(), cases, strict=True):
        assert ids.index(builder.end_id) == case.length - 1


@pytest.mark.parametrize("base", KINDS)
def test_our_side_writes_at_least_as_many_tokens_as_are_asked_for(
    base: str, few_dialogues: Path, tmp_path: Path, request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch
) -> None:
    from medsum.generation.ctranslate2_backend import CTranslate2Backend

    monkeypatch.chdir(ROOT)
    make_converted(request.getfixturevalue(base), tmp_path / "converted")
    builder = builder_of(tmp_path / "converted")
    cases = read_cases(few_dialogues / "Few-TrainingSet.csv", builder, 8)
    written: list[int] = []
    search = CTranslate2Backend._search

    def counted(*args: object, **kwargs: object) -> object:
        found = search(*args, **kwargs)  # type: ignore[arg-type]
        written.extend(len(one.beams[0]) for one in found)
        return found

    monkeypatch.setattr(CTranslate2Backend, "_search", counted)
    seconds, _ = Ours(tmp_path / "converted")(cases, builder.frame, generation.load(), 1)
    assert seconds > 0
    assert len(written) == len(cases)
    assert sum(written) >= sum(case.length for case in cases)


def test_a_spread_of_records_keeps_their_order_and_their_lengths(few_dialogues: Path) -> None:
    records = read(few_dialogues / "Few-TrainingSet.csv")
    few = spread(records, 4)
    assert [record for record in records if record in few] == few
    assert len(few) == 4
    lengths = sorted(len(record.dialogue) for record in records)
    assert sorted(len(record.dialogue) for record in few) == lengths[2::4]


@pytest.mark.long
@pytest.mark.parametrize(("base", "sides"), [("tiny_base", 2), ("tiny_decoder", 3)])
def test_the_script_prints_a_line_a_side(
    base: str, sides: int, few_dialogues: Path, request: pytest.FixtureRequest
) -> None:
    file, folder = few_dialogues / "Few-TrainingSet.csv", request.getfixturevalue(base)
    command = [
        "-m",
        "benchmarks.generation.speed",
        str(file),
        "--base",
        str(folder),
        "--records",
        "4",
        "--rounds",
        "1",
    ]
    done = subprocess.run(
        [sys.executable, *command, "--beams", "2"], cwd=ROOT, capture_output=True, encoding="utf-8", check=True
    )
    lines = done.stdout.splitlines()
    assert sum("dialogues/s" in line for line in lines) == sides
    assert any(line.startswith("dialogues a day and thread: ") for line in lines)
