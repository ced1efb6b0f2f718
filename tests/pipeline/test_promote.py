"""`make promote` and `make rollback` in a small project under Git, and what is served after them."""

import json
import re
import shutil
from contextlib import chdir
from pathlib import Path

import pytest

from medsum.core import manifest
from medsum.core.errors import UserError
from medsum.dialogue.record import read_records
from medsum.review import promote as promotion
from tests.conftest import record, run_module, run_script, run_stages
from tests.pipeline.conftest import command, commit, under_git

DIALOGUE = "Doctor: Any allergies?\nPatient: Penicillin gives me hives."


def write_scores(path: Path, project: Path, rouge: float, wrong: int = 0) -> None:
    """Write scores of the test split as the stage evaluate does; the first `wrong` summaries have a wrong drug."""
    rows = []
    for number, one in enumerate(read_records(project / "data/splits/test.jsonl")):
        error = {"category": "medication", "severity": "major", "reason": "“Zebulon”"}
        scores = {"rouge1": rouge + number / 100, "factual_f1": 0.5, "omission": 0.5, "hallucination": 0.1}
        rows.append({"id": one.id, **scores, "errors": [error] if number < wrong else []})
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")


def run_recorded(project: Path, rouge: float, wrong: int = 0) -> None:
    """Let the pipeline have run with these scores, and commit it."""
    write_scores(project / "data/scores/finetuned.jsonl", project, rouge, wrong)
    record(project)
    commit(project, "A run")


def other_model(project: Path) -> None:
    """Put another model into models/serving: the same weights with another config.json."""
    folder = project / "models/serving/ctranslate2"
    config = json.loads((folder / "config.json").read_text(encoding="utf-8"))
    (folder / "config.json").write_text(json.dumps(config, indent=1), encoding="utf-8")
    manifest.write(folder)


@pytest.fixture
def ready(served_project: Path) -> Path:
    """A project whose pipeline has run, committed."""
    run_stages(served_project, "prepare", "split")
    under_git(served_project)
    run_recorded(served_project, 0.4, wrong=1)
    return served_project


def run(project: Path, *words: str) -> tuple[int, str]:
    """Run the command as `make promote` and `make rollback` do."""
    done = run_module(project, "medsum.review.promote", *words)
    return done.returncode, done.stdout + done.stderr


def promote(project: Path, before: Path | None = None) -> tuple[int, str]:
    """Promote in this process, which saves the imports. Return the exit code and the message of the command."""
    with chdir(project):
        try:
            return 0, promotion.promote(before)
        except UserError as error:
            return 1, f"Error: {error}"


def tags(project: Path) -> list[str]:
    return command(project, "git", "tag", "--list").split()


def current(project: Path) -> int:
    """The version that is served."""
    version: int = json.loads((project / "models/promoted/current.json").read_text(encoding="utf-8"))["version"]
    return version


def served(project: Path) -> str:
    """What summarize.py says of its model."""
    done = run_script(project, "summarize.py", "--input", DIALOGUE, "--section", "CC")
    assert done.returncode == 0, done.stderr
    return str(re.findall(r"The model is (v\d+) of models/promoted\.", done.stderr)[0])


@pytest.mark.slow
def test_a_model_is_promoted_compared_replaced_and_brought_back(ready: Path) -> None:
    code, said = run(ready)
    assert (code, "v1: promoted, first promoted model, without a comparison" in said) == (0, True), said
    assert served(ready) == "v1"
    assert tags(ready) == ["note-writer#prod#1", "note-writer@v1.0.0"]
    assert promote(ready)[1].startswith("Error: models/serving is the promoted model v1 already")

    other_model(ready)
    assert "not up to date" in promote(ready)[1]
    record(ready)
    assert "dvc.lock is not committed" in promote(ready)[1]
    run_recorded(ready, 0.3, wrong=2)
    code, said = promote(ready)
    assert code == 1
    assert "not promoted, v1 stays: ROUGE-1 is worse by 0.1000" in said
    assert "medication: 2 summaries have a major error, before 1" in said
    assert current(ready) == 1

    run_recorded(ready, 0.4)
    code, said = promote(ready)
    assert (code, "v2: promoted, not worse than v1" in said) == (0, True), said
    kept = json.loads((ready / "models/promoted/v2/promotion.json").read_text(encoding="utf-8"))
    assert (kept["version"], kept["before"], kept["base"]) == (2, 1, "tiny")
    assert kept["compared_with_before"]["safety"]["medication"] == [1, 0]
    assert kept["commit"] == command(ready, "git", "rev-parse", "HEAD").strip()
    assert "Zebulon" not in (ready / "models/promoted/v2/scores.jsonl").read_text(encoding="utf-8")
    assert current(ready) == 2

    code, said = run(ready, "--rollback")
    assert (code, "v1: served again instead of v2" in said) == (0, True), said
    assert served(ready) == "v1"
    with chdir(ready), pytest.raises(UserError, match="there is no promoted model to go back to"):
        promotion.rollback()
    assert tags(ready)[:3] == ["note-writer#prod#1", "note-writer#prod#2", "note-writer#prod#3"]
    assert command(ready, "git", "status", "--porcelain") == ""

    assert command(ready, "gto", "show", "note-writer#prod", "--version").strip() == "v1.0.0"
    command(ready, "dvc", "artifacts", "get", ".", "note-writer", "--stage", "prod", "-o", "got")
    found = {file.name: file.read_bytes() for file in (ready / "got/ctranslate2").iterdir()}
    assert found == {file.name: file.read_bytes() for file in (ready / "models/promoted/v1/ctranslate2").iterdir()}
    assert [version for version in ("v1", "v2") if (ready / "models/promoted" / version).is_dir()] == ["v1", "v2"]


@pytest.mark.slow
def test_scores_of_other_records_or_rules_are_not_compared(ready: Path) -> None:
    assert promote(ready)[0] == 0
    other_model(ready)
    split = ready / "data/splits/test.jsonl"
    split.write_text(split.read_text(encoding="utf-8").replace("Doctor:", "Nurse:"), encoding="utf-8")
    run_recorded(ready, 0.4)
    code, said = promote(ready)
    assert (code, "the test records have changed since v1 was promoted" in said) == (1, True), said
    write_scores(ready / "one-off/scores.jsonl", ready, 0.9)
    assert "ROUGE-1 is worse by 0.5000" in promote(ready, Path("one-off/scores.jsonl"))[1]
    write_scores(ready / "one-off/scores.jsonl", ready, 0.2)
    assert promote(ready, Path("one-off/scores.jsonl"))[0] == 0

    shutil.copytree(ready / "models/promoted/v1/ctranslate2", ready / "models/serving/ctranslate2", dirs_exist_ok=True)
    rules = ready / "medsum/facts/units.py"
    rules.write_text(rules.read_text(encoding="utf-8") + "\n", encoding="utf-8")
    run_recorded(ready, 0.9)
    code, said = promote(ready)
    assert (code, "the scoring has changed since v2 was promoted" in said) == (1, True), said


def test_nothing_is_rolled_back_without_a_promoted_model(project: Path) -> None:
    code, said = run(project, "--rollback")
    assert (code, said) == (
        1, "Error: there is no promoted model to go back to; serve another model with --model\n"
    )  # fmt: skip
