"""A patient's record is removed everywhere, nothing else is, and no message shows its text."""

import csv
import gzip
import json
import os
import pty
import signal
import subprocess
import sys
import zipfile
from contextlib import chdir
from pathlib import Path

import pytest

from medsum.erase.places import read_places
from tests.conftest import run_stage, set_params
from tests.erase.conftest import DIALOGUE, MARKER, PATIENT, WRITTEN, erase, holding, rows, write_csv, write_jsonl
from tests.pipeline.conftest import command

BY_HAND = "by hand: "


def ids_of(path: Path) -> list[str]:
    with path.open(encoding="utf-8", newline="") as file:
        return [row["ID"] for row in csv.DictReader(file)]


def add_everything(project: Path) -> None:
    """Leave the record where commands, killed ones too, leave it."""
    write_jsonl(project / "notes/visits.jsonl", [{"id": PATIENT, "text": WRITTEN}, {"id": "V900", "text": "Well."}])
    write_jsonl(project / "notes/.visits.jsonl.parts/00000000.jsonl", [{"id": PATIENT, "text": WRITTEN}])
    (project / "data/raw/mine/.visits.csv.99999.part").write_text(DIALOGUE, encoding="utf-8")
    (project / ".checkpoints/0123456789abcdef/checkpoint-3").mkdir(parents=True)
    (project / ".dvc/tmp/exps/run/abc").mkdir(parents=True)
    (project / ".dvc/tmp/exps/run/abc/abc.out").write_text(DIALOGUE, encoding="utf-8")
    (project / "logs").mkdir(exist_ok=True)
    with gzip.open(project / "logs/run.gz", "wb") as file:
        file.write(DIALOGUE.encode())
    (project / "kept.txt").write_text(DIALOGUE, encoding="utf-8")  # in no commit, so an experiment takes it
    command(project, "git", "add", "--intent-to-add", "kept.txt")
    command(project, "dvc", "exp", "save", "--name", "with-text", "--include-untracked", "kept.txt", "--force")
    command(project, "git", "reset", "--quiet")
    (project / "kept.txt").unlink()


def test_a_record_is_removed_everywhere_and_nothing_else_is(small: Path) -> None:
    add_everything(small)
    assert {"Git", "data/raw/mine/visits.csv", "notes/visits.jsonl"} < set(holding(small))
    done = erase(small, "--id", PATIENT, "--yes")
    said = done.stdout + done.stderr
    assert done.returncode == 0, said
    assert MARKER not in said.lower()
    assert BY_HAND not in said
    assert holding(small) == []
    assert ids_of(small / "data/raw/mine/visits.csv") == [row["ID"] for row in rows() if row["ID"] != PATIENT]
    assert (small / "data/raw/mine/visits.csv").read_text("utf-8").count("\n\n") == 0
    assert json.loads((small / "notes/visits.jsonl").read_text(encoding="utf-8"))["id"] == "V900"
    for left in (".checkpoints/0123456789abcdef", "notes/.visits.jsonl.parts", "logs/run.gz"):
        assert not (small / left).exists()
    assert "models/finetuned was trained on the record; run `dvc repro`" in said
    assert (small / "models/finetuned/weights.safetensors").is_file()
    assert "with-text" not in command(small, "git", "for-each-ref")
    again = erase(small, "--id", PATIENT, "--yes")
    assert again.returncode == 0
    assert "Nothing of record 'V004'" in again.stdout


def test_without_a_confirmation_nothing_is_removed(small: Path) -> None:
    before = holding(small)
    done = erase(small, "--id", PATIENT)
    assert done.returncode == 1
    assert "data/raw/mine/visits.csv: 1 row removed" in done.stdout
    assert done.stderr == "Error: nothing was removed, because a removal needs confirmation on a terminal; add --yes\n"
    assert holding(small) == before


def answered(project: Path, answer: str) -> int:
    """Run the command at a terminal and type an answer; gives the exit code."""
    ours, its = pty.openpty()
    words = [sys.executable, "-m", "medsum.erase", "--id", PATIENT]
    process = subprocess.Popen(words, cwd=project, stdin=its, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    os.write(ours, f"{answer}\n".encode())
    code = process.wait(timeout=300)
    os.close(ours)
    os.close(its)
    return code


def test_at_a_terminal_the_answer_decides(small: Path) -> None:
    before = holding(small)
    assert answered(small, "no") == 1
    assert holding(small) == before
    assert answered(small, "yes") == 0
    assert holding(small) == []


def test_an_id_that_may_be_a_name_is_not_shown(small: Path) -> None:
    visits = rows()
    visits[3]["ID"] = "Zebulon Quirk"
    write_csv(small / "data/raw/mine/visits.csv", visits)
    (small / "ids.txt").write_text("Zebulon Quirk\n\n", encoding="utf-8")
    done = erase(small, "--ids", "ids.txt", "--yes")
    said = done.stdout + done.stderr
    assert "record of 13 characters (not shown, because it may be a name)" in said
    assert MARKER not in said.lower()
    assert "ids.txt names the record and is not searched; delete it" in said
    assert holding(small) == ["ids.txt"]
    assert done.returncode == 0


def test_a_masked_record_is_found_by_its_words(small: Path) -> None:
    visits = rows()
    visits[3]["ID"] = "Zebulon Lopez"
    write_csv(small / "data/raw/mine/visits.csv", visits)
    set_params(small, **{"privacy.action": "mask"})
    assert run_stage(small, "prepare").returncode == 0
    masked = (small / "data/processed/records.jsonl").read_text(encoding="utf-8")
    assert "masked-4" in masked
    assert "fell off a ladder in the barn" in masked
    done = erase(small, "--id", "Zebulon Lopez", "--yes")
    assert done.returncode == 0, done.stdout + done.stderr
    assert holding(small, "fell off a ladder") == []
    assert holding(small) == []


def test_history_that_holds_the_record_is_left_to_the_user_and_named(small: Path) -> None:
    command(small, "git", "add", "--force", "data/raw/mine/visits.csv", "metrics/data.json")
    command(small, "git", "commit", "--quiet", "--message", "Data")
    done = erase(small, "--id", PATIENT, "--yes")
    assert done.returncode == 1
    assert "Git's history or index (data/raw/mine/visits.csv, metrics/data.json): by hand: " in done.stdout
    assert holding(small) == ["Git"]
    assert done.stderr == "Error: the record is still in 1 place; remove it there, then run the same command again\n"


def test_other_folders_are_searched_if_they_are_named(small: Path, tmp_path: Path) -> None:
    exported = tmp_path / "exported"
    exported.mkdir()
    with zipfile.ZipFile(exported / "visits.zip", "w") as archive:
        archive.writestr("visit.txt", DIALOGUE)
    write_csv(exported / "visits.csv", rows())
    done = erase(small, "--id", PATIENT, "--also", str(exported), "--yes")
    assert f"{exported}/visits.csv: 1 row removed" in done.stdout
    assert f"{exported}/visits.zip: by hand: " in done.stdout
    assert done.returncode == 1
    assert PATIENT not in ids_of(exported / "visits.csv")


def models_in_cache(project: Path) -> set[str]:
    """The words of which the weights in DVC's cache consist."""
    contents = [path.read_bytes() for path in (project / ".dvc/cache/files").rglob("*") if path.is_file()]
    return {word for word in ("finetuned", "serving", "new") if any(f"{word * 90}".encode() in one for one in contents)}


def test_a_replaced_model_leaves_the_cache_with_the_next_run(small: Path) -> None:
    assert erase(small, "--id", PATIENT, "--yes").returncode == 0
    assert models_in_cache(small) == {"finetuned", "serving"}
    for stage in ("prepare", "split", "audit"):
        assert run_stage(small, stage).returncode == 0
    for name in ("finetuned", "serving"):
        (small / f"models/{name}/weights.safetensors").write_bytes(b"new" * 100)
    command(small, "dvc", "commit", "--force", "train", "export")
    done = erase(small, "--id", PATIENT, "--yes")
    assert "4 files of models trained on it, from earlier runs" in done.stdout  # two lists of files, two weights
    assert models_in_cache(small) == {"new"}


def test_a_second_record_with_the_same_text_is_told_and_left(small: Path) -> None:
    visits = rows()
    visits[8] |= {key: visits[3][key] for key in ("dialogue", "section_text")}
    write_csv(small / "data/raw/mine/visits.csv", visits)
    done = erase(small, "--id", PATIENT, "--yes")
    assert "1 other record of data/raw/mine has the same text" in done.stdout
    left = ids_of(small / "data/raw/mine/visits.csv")
    assert PATIENT not in left
    assert "V009" in left


def test_text_that_only_the_user_has_is_searched(small: Path) -> None:
    assert erase(small, "--id", PATIENT, "--yes").returncode == 0
    (small / "letter.txt").write_text(f"Dear colleague, {WRITTEN}", encoding="utf-8")
    assert "Only its id was searched" in erase(small, "--id", PATIENT, "--yes").stdout
    (small / "known.txt").write_text(WRITTEN, encoding="utf-8")
    done = erase(small, "--id", PATIENT, "--text", "known.txt", "--yes")
    assert done.returncode == 1
    assert "letter.txt: by hand: " in done.stdout


def test_an_id_of_nobody_is_nowhere(small: Path) -> None:
    before = holding(small)
    done = erase(small, "--id", "V999", "--yes")
    assert done.returncode == 0
    assert done.stdout.startswith("Nothing of record 'V999' is in ")
    assert holding(small) == before


@pytest.mark.parametrize(
    ("words", "error"),
    [
        (("--ids", "none.txt"), "Error: none.txt is not there; write one id per line\n"),
        (("--id", " "), "Error: --id has no id; give at least one\n"),
        (("--id", "V004", "--also", "none"), "Error: --also none is not a folder; check its name\n"),
    ],
)
def test_a_users_mistake_is_one_sentence(words: tuple[str, ...], error: str, small: Path) -> None:
    done = erase(small, *words)
    assert (done.returncode, done.stderr) == (1, error)


@pytest.mark.parametrize("folder", ["", "exps/"])
def test_an_erasure_is_refused_while_dvc_runs_a_stage(folder: str, small: Path) -> None:
    entry = {"path": {"write": {"pid": os.getpid(), "cmd": "dvc repro"}}}
    (small / ".dvc/tmp/exps").mkdir(parents=True, exist_ok=True)
    (small / f".dvc/tmp/{folder}rwlock").write_text(json.dumps(entry), encoding="utf-8")
    done = erase(small, "--id", PATIENT, "--yes")
    assert done.stderr == f"Error: DVC is running `dvc repro` (process {os.getpid()}); wait for it or stop it\n"


KILLED = """
import os, pathlib, runpy, signal, sys
calls, at = 0, int(sys.argv.pop(1))
for owner, name in ((pathlib.Path, "unlink"), (os, "replace")):
    def counted(*args, _function=getattr(owner, name), **kwargs):
        global calls
        calls += 1
        if calls == at:
            os.kill(os.getpid(), signal.SIGKILL)
        return _function(*args, **kwargs)
    setattr(owner, name, counted)
sys.path.insert(0, "")
runpy.run_module("medsum.erase", run_name="__main__", alter_sys=True)
"""


def state_names(state: Path) -> bool:
    """Whether a file of DVC's state has the name of the patient's file."""
    return any(b"V004.txt" in path.read_bytes() for path in state.rglob("*") if path.is_file())


def test_a_visit_that_is_a_file_is_deleted_and_its_name_is_nowhere(small: Path) -> None:
    (small / "data/raw/mine/visits.csv").unlink()
    for row in rows():
        (small / f"data/raw/mine/{row['ID']}.txt").write_text(row["dialogue"], encoding="utf-8")
        (small / f"data/raw/mine/{row['ID']}.note.txt").write_text(row["section_text"], encoding="utf-8")
    assert run_stage(small, "prepare").returncode == 0
    command(small, "dvc", "commit", "--force", "source", "prepare")
    with chdir(small):
        state = read_places().state
    assert state_names(state)  # DVC remembers the names of the source's files, outside the project
    done = erase(small, "--id", PATIENT, "--yes")
    assert done.returncode == 0, done.stdout + done.stderr
    assert "data/raw/mine/V004.txt: deleted, together with the file of its note" in done.stdout
    assert not state_names(state)
    assert holding(small) == []
    assert holding(small, "v004") == []
    assert not list(small.rglob("*V004*"))
    assert len(list((small / "data/raw/mine").glob("*.txt"))) == 2 * (len(rows()) - 1)


@pytest.mark.slow
@pytest.mark.parametrize("at", [1, 4, 9, 14, 20, 27])
def test_a_killed_erasure_is_finished_by_the_next(at: int, small: Path) -> None:
    words = [sys.executable, "-c", KILLED, str(at), "--id", PATIENT, "--yes"]
    killed = subprocess.run(words, cwd=small, capture_output=True, encoding="utf-8", timeout=300, check=False)
    assert killed.returncode == -signal.SIGKILL, killed.stderr
    assert MARKER not in killed.stdout + killed.stderr
    done = erase(small, "--id", PATIENT, "--yes")
    assert done.returncode == 0, done.stdout + done.stderr
    assert holding(small) == []
    assert PATIENT not in ids_of(small / "data/raw/mine/visits.csv")
