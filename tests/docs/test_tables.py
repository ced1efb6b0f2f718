"""The figures in README.md and docs/ are those of the last run; `make docs-tables` writes them."""

import csv
import json
import re
import shutil
from collections.abc import Iterator
from contextlib import chdir
from pathlib import Path

import pytest

from medsum.core.atomic import write_jsonl
from medsum.core.errors import UserError
from medsum.params import model
from medsum.review import doc_tables
from medsum.review.doc_tables import BLOCKS
from tests.conftest import ROOT

OF_GIT = [(page, name) for page, blocks in BLOCKS.items() for name in blocks if name != "example"]
READ = ("README.md", "params.yaml", "docs", "metrics", "plots", "benchmarks/results")


def block(page: str, name: str) -> str:
    """What stands between a block's markers."""
    text = Path(page).read_text(encoding="utf-8")
    found = re.findall(rf"<!-- table: {name} -->\n(.*?)\n<!-- end -->", text, re.DOTALL)
    assert len(found) == 1
    return str(found[0])


@pytest.fixture
def _copy(tmp_path: Path) -> Iterator[None]:
    """The pages and all that their figures are read from, as the current folder."""
    for name in READ:
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (shutil.copytree if (ROOT / name).is_dir() else shutil.copyfile)(ROOT / name, tmp_path / name)
    with chdir(tmp_path):
        yield


@pytest.mark.parametrize(("page", "name"), OF_GIT)
def test_the_table_holds_the_figures_of_the_last_run(page: str, name: str) -> None:
    with chdir(ROOT):
        assert block(page, name) == BLOCKS[page][name](), "run `make docs-tables`"


def test_every_block_of_every_page_is_written() -> None:
    pages = [ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md"))]
    found = {
        (page.relative_to(ROOT).as_posix(), name)
        for page in pages
        for name in re.findall(r"<!-- table: (\S+) -->", page.read_text(encoding="utf-8"))
    }
    assert found == {(page, name) for page, blocks in BLOCKS.items() for name in blocks}


def test_the_example_is_a_dialogue_of_the_sample_by_the_default_base() -> None:
    with chdir(ROOT):
        example = block("README.md", "example")
        base = model.load().base
    found = re.fullmatch(r"```text\n(.+)\n\nSummary \(fine-tuned (\S+)\): .+\nReference: (.+)\n```", example, re.DOTALL)
    assert found
    assert found[2] == base, "run `dvc repro` and `make docs-tables`"
    with (ROOT / "data/raw/sample/dialogues.csv").open(encoding="utf-8", newline="") as file:
        assert (found[1], found[3]) in {(row["dialogue"], row["section_text"]) for row in csv.DictReader(file)}


@pytest.mark.usefixtures("_copy")
def test_writing_restores_changed_figures_and_keeps_the_words_around() -> None:
    doc_tables.main()
    before = {page: Path(page).read_text(encoding="utf-8") for page in BLOCKS}
    for page, text in before.items():
        Path(page).write_text(re.sub(r"\.\d{2,3}(?= )", ".777", text), encoding="utf-8")
    outside = {
        page: re.sub(r"<!-- table.*?<!-- end -->", "", Path(page).read_text("utf-8"), flags=re.S) for page in BLOCKS
    }
    doc_tables.main()
    for page, blocks in BLOCKS.items():
        after = Path(page).read_text(encoding="utf-8")
        assert re.sub(r"<!-- table.*?<!-- end -->", "", after, flags=re.S) == outside[page]
        for name in blocks:
            if name != "example":
                assert block(page, name) in before[page]


@pytest.mark.usefixtures("_copy")
def test_another_run_changes_the_table() -> None:
    doc_tables.main()
    evaluation = json.loads(Path("metrics/evaluation.json").read_text(encoding="utf-8"))
    evaluation["finetuned"]["major_errors"] += 1
    evaluation["against_baseline"]["major_errors"]["difference"] += 1
    before = block("README.md", "results")
    Path("metrics/evaluation.json").write_text(json.dumps(evaluation), encoding="utf-8")
    doc_tables.main()
    after = block("README.md", "results")
    assert before.splitlines()[:-1] == after.splitlines()[:-1]
    assert before.splitlines()[-1] != after.splitlines()[-1]


@pytest.mark.usefixtures("_copy")
def test_the_example_is_written_from_the_summaries_of_the_run() -> None:
    turns = "\n".join(
        ["Doctor: What brings you in today?", "Patient: My knee hurts. " + "It hurts more on stairs. " * 8]
    )
    short = {"id": "1", "dialogue": "Patient: No.", "summary": "None.", "section": "CC", "source": "few"}
    records = [short, {**short, "id": "2", "dialogue": turns, "summary": "Knee pain."}]
    write_jsonl(Path("data/splits/test.jsonl"), records)
    summaries = [{"id": "1", "text": "Nothing."}, {"id": "2", "text": "Pain of the knee on stairs."}]
    write_jsonl(Path("data/predictions/finetuned.jsonl"), summaries)
    doc_tables.main()
    example = block("README.md", "example")
    assert turns in example
    assert "Pain of the knee on stairs.\nReference: Knee pain." in example


def test_a_page_without_its_block_is_named() -> None:
    with pytest.raises(UserError, match="results"):
        doc_tables.replaced("# A page\n", "results", "| a |")
