"""Two processes write the bytes of one; where one fails, all end with one sentence and nothing is written."""

import json
import signal
from pathlib import Path

import pytest

from tests.conftest import run_stage, sample_rows, set_params

pytestmark = pytest.mark.slow


@pytest.fixture
def words(tiny_project: Path, tmp_path: Path) -> list[str]:
    """The command line; the records make batches enough, the last round of which is not full."""
    set_params(tiny_project, **{"generation.batch_tokens": 200})
    with (tmp_path / "records.jsonl").open("w", encoding="utf-8") as file:
        for row in sample_rows()[:9]:
            file.write(json.dumps({"id": row["ID"], "dialogue": row["dialogue"]}) + "\n")
    return ["--model-path", "models/base/tiny", "--records", str(tmp_path / "records.jsonl")]


def test_two_processes_write_the_bytes_of_one(words: list[str], tiny_project: Path, tmp_path: Path) -> None:
    one = run_stage(tiny_project, "predict", *words, "--output", str(tmp_path / "one.jsonl"))
    assert one.returncode == 0, one.stderr
    set_params(tiny_project, **{"predict.num_processes": 2})
    two = run_stage(tiny_project, "predict", *words, "--output", str(tmp_path / "two.jsonl"))
    assert two.returncode == 0, two.stderr
    written = (tmp_path / "two.jsonl").read_bytes()
    assert written == (tmp_path / "one.jsonl").read_bytes()
    assert len(set(written.splitlines())) == 9
    assert two.stdout.count("9 summaries") == 1
    assert "9/9" in two.stderr  # the bar counts what both have done
    assert {path.name for path in tmp_path.glob("*.jsonl")} == {"one.jsonl", "two.jsonl", "records.jsonl"}


def test_what_both_processes_find_wrong_is_told_once(words: list[str], tiny_project: Path, tmp_path: Path) -> None:
    (tmp_path / "records.jsonl").write_text("{}\n", encoding="utf-8")
    done = run_stage(tiny_project, "predict", *words, "--output", str(tmp_path / "two.jsonl"), "--processes", "2")
    assert done.returncode == 1
    assert done.stderr.count("records.jsonl, line 1: not a record") == 1
    assert "Traceback" not in done.stderr
    assert not (tmp_path / "two.jsonl").exists()


@pytest.mark.parametrize("rank", [0, 1])
def test_a_killed_process_ends_the_other_with_one_sentence(
    rank: int, words: list[str], tiny_project: Path, tmp_path: Path
) -> None:
    """The process kills itself after its first batch, while the other waits to exchange the second."""
    (tiny_project / "stages/killed.py").write_text(KILLED.format(rank=rank), encoding="utf-8")
    output = ["--output", str(tmp_path / "two.jsonl"), "--processes", "2"]
    done = run_stage(tiny_project, "killed", *words, *output)
    assert done.returncode == 1
    last = done.stderr.splitlines()[-1]
    assert last.startswith(f"Error: process {rank + 1} of 2 was ended by {signal.SIGKILL.name}, perhaps because")
    assert "Traceback" not in done.stderr
    assert not (tmp_path / "two.jsonl").exists()


KILLED = """
import os, signal
from medsum.core.errors import run_script
from medsum.model import processes
from medsum.generation.torch_backend import TorchBackend
from stages import predict

def killed(self, batches):
    for number, batch in enumerate(generate(self, batches)):
        if number == 1 and processes.rank() == {rank}:
            os.kill(os.getpid(), signal.SIGKILL)
        yield batch

generate, TorchBackend.generate = TorchBackend.generate, killed
launch = predict.launch
predict.launch = lambda module, arguments, wanted: launch("stages.killed", arguments, wanted)
run_script(predict.main)
"""
