"""Notes by anyone are checked by the command line without a model."""

import csv
import json
import subprocess
import sys
from pathlib import Path

import pytest

from medsum.core.errors import UserError
from medsum.serve.batch_input import Line
from medsum.serve.checking import check_notes, has_major, read_note_text

ROOT = Path(__file__).parents[2]
DIALOGUE = (
    "Doctor: Any allergies?\nPatient: Yes, penicillin.\nDoctor: What do you take?\n"
    "Patient: Methotrexate, fifteen milligrams, once a week."
)
RIGHT = "Allergic to penicillin. Takes methotrexate 15 mg weekly."
WRONG = "Allergic to penicillin. Takes methotrexate 15 mg daily. He is a kind man."


def run(*arguments: str | Path) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "summarize.py", *map(str, arguments)]
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)


@pytest.fixture
def files(tmp_path: Path) -> tuple[Path, Path, Path]:
    """A dialogue, a right note and a wrong one."""
    paths = tmp_path / "visit.txt", tmp_path / "right.txt", tmp_path / "wrong.txt"
    for path, text in zip(paths, (DIALOGUE, RIGHT, WRONG), strict=True):
        path.write_text(text, encoding="utf-8")
    return paths


def test_a_major_flag_ends_in_exit_code_4(files: tuple[Path, Path, Path]) -> None:
    visit, right, wrong = files
    good, bad = run("--check", right, "--file", visit), run("--check", wrong, "--file", visit)
    assert (good.returncode, bad.returncode) == (0, 4)
    assert good.stdout == "Of 2 sentences: 2 supported by the dialogue.\n"
    assert bad.stdout.startswith("major, quantity: “daily”")
    assert good.stderr == "Read as 4 turns of Doctor and Patient.\n"


def test_a_note_and_a_dialogue_in_windows_1252_are_checked_and_named(files: tuple[Path, Path, Path]) -> None:
    visit, right, _ = files
    visit.write_bytes(f"{DIALOGUE}\nDoctor: Any pain?\nPatient: I don’t have pain.".encode("cp1252"))
    right.write_bytes(f"{RIGHT} He doesn’t have pain.".encode("cp1252"))
    finished = run("--check", right, "--file", visit)
    assert (finished.returncode, finished.stdout) == (0, "Of 3 sentences: 3 supported by the dialogue.\n")
    assert finished.stderr.splitlines() == [
        "Read as 6 turns of Doctor and Patient.",
        *(f"{path}: The file is not UTF-8 and was read as Windows-1252." for path in (right, visit)),
    ]


def test_a_note_in_another_encoding_is_refused(files: tuple[Path, Path, Path]) -> None:
    visit, right, _ = files
    right.write_bytes(f"{RIGHT} Меня зовут".encode("koi8-r"))
    finished = run("--check", right, "--file", visit)
    assert finished.returncode == 1
    assert finished.stderr == f"Error: {right}: line 1: not UTF-8 at byte 57 (0xed); save the file as UTF-8\n"


def test_json_says_where_each_sentence_stands(files: tuple[Path, Path, Path]) -> None:
    visit, _, wrong = files
    note = json.loads(run("--check", wrong, "--file", visit, "--json").stdout)
    assert note["note"] == WRONG
    assert [row["standing"] for row in note["evidence"]] == ["supported", "contradicted", "not checkable"]
    assert [flag["text"] for flag in note["flags"]] == ["daily"]


def test_marked_text_shows_the_wrong_words_and_their_turn(files: tuple[Path, Path, Path]) -> None:
    visit, _, wrong = files
    assert "15 mg >>daily<<. [contradicted: 4]" in run("--check", wrong, "--file", visit, "--marked").stdout


def test_a_batch_checks_its_column_note(tmp_path: Path) -> None:
    source, output = tmp_path / "notes.csv", tmp_path / "checked.jsonl"
    with source.open("w", newline="", encoding="utf-8") as file:
        csv.writer(file).writerows([["id", "dialogue", "note"], ["a", DIALOGUE, RIGHT], ["b", DIALOGUE, WRONG]])
    source.write_bytes(source.read_bytes() + b"c,Doctor: Any pain? Patient: I don\x92t have pain.,Denies pain.\r\n")
    finished = run("--check", "--batch", source, "--output", output)
    rows = [json.loads(line) for line in output.read_text(encoding="utf-8").splitlines()]
    assert finished.returncode == 4
    assert "1 notes have a major flag" in finished.stderr
    assert "1 rows are not UTF-8 and are read as Windows-1252" in finished.stderr
    assert [has_major(row) for row in rows] == [False, True, False]
    assert [row.get("encoding") for row in rows] == [None, None, "Windows-1252"]


@pytest.mark.parametrize(("options"), [["--check"], ["--check", "x.txt", "--batch", "b.csv", "--output", "o.jsonl"]])
def test_a_check_without_its_note_is_a_wrong_command(options: list[str]) -> None:
    assert run(*options).returncode == 2


def test_a_missing_note_is_told_in_one_sentence(tmp_path: Path) -> None:
    finished = run("--check", tmp_path / "none.txt", "--input", DIALOGUE)
    assert finished.returncode == 1
    assert len(finished.stderr.splitlines()) == 1
    with pytest.raises(UserError, match="no note"):
        read_note_text(" \n")


def test_a_bad_row_does_not_stop_the_others() -> None:
    lines = [Line(1, "a", DIALOGUE), Line(2, "b", "", note="x"), Line(3, "c", DIALOGUE, note=RIGHT)]
    assert ["error" in row for row in check_notes(lines)] == [True, True, False]
