"""The documents show the figures of the run, count what a person must write, and replace nothing that one wrote."""

import json
import re
import shutil
import sys
from contextlib import chdir
from pathlib import Path
from typing import Any, get_args

import pytest

from medsum.core.errors import UserError
from medsum.faithfulness.flags import Category
from medsum.publish import artefacts
from medsum.publish.__main__ import arguments
from medsum.publish.controls import controls
from medsum.publish.documents import PERSON, places, render_all, write_all
from medsum.publish.hazards import OF_CATEGORIES, OF_USE
from medsum.publish.measured import on_other_notes
from tests.conftest import ROOT, record, sample_rows
from tests.publish.conftest import BASE, command
from tests.publish.test_hub import told

NAMES = ("model_card.md", "tripod_llm.md", "hazard_log.md", "subgroups.md")
FIELDS = (  # of CHAI's schema v0.2, in its order
    "Model name", "Model developer", "Developer contact", "Release stage", "Release date", "Release version",
    "Global availability", "EHR compatibility", "Regulatory approval", "Summary", "Keywords",
    "Intended use and workflow", "Primary intended users", "How to use", "Targeted patient population",
    "Cautioned out-of-scope settings", "Known risks and limitations", "Known biases or ethical considerations",
    "Clinical risk level", "Outcomes and outputs", "Model type", "Foundation models", "Input data source",
    "Output and input data types", "Development data characterisation", "Bias mitigation approaches",
    "Ongoing maintenance", "Security", "Transparency", "Funding source", "Third-party information",
    "Stakeholders consulted",
    *("Goal of the metrics", "Results", "Interpretation", "Type of test", "Testing data",
      "Validation process and justification") * 3,
    "Evaluation references", "Clinical trial", "Peer-reviewed publications", "Reimbursement status",
    "Patient consent or disclosure",
)  # fmt: skip
SUBITEMS = {3: "ab", 5: "abcde", 6: "abcde", 7: "abcde", 8: "abc", 9: "ab", 14: "abcdef", 16: "abcd", 19: "abcdefg"}
ITEMS = [f"{number}{letter}" for number in range(1, 20) for letter in SUBITEMS.get(number, " ")]
HAZARDS = len(OF_CATEGORIES) + len(OF_USE)
BY_A_PERSON = {"model_card.md": 26, "tripod_llm.md": 27, "hazard_log.md": 2 + 5 * HAZARDS, "subgroups.md": 1}


def rendered(folder: Path) -> dict[str, str]:
    """The documents of a project, without asking DVC whether the run is fresh."""
    with chdir(folder):
        return render_all(artefacts.read_all(BASE))


@pytest.fixture(scope="module")
def written(documented: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What the real command writes."""
    output = tmp_path_factory.mktemp("documents") / "papers"
    done = command(documented, "--documents", "--output", str(output), HF_HUB_OFFLINE="1")
    assert done.returncode == 0, done.stderr
    total = sum(BY_A_PERSON.values())
    assert f"{output}/hazard_log.md: {BY_A_PERSON['hazard_log.md']} to be written by a person\n" in done.stdout
    assert done.stdout.endswith(f"{total} places to be written by a person. The documents claim no conformity.\n")
    return output


@pytest.fixture
def spoilable(documented: Path, tmp_path: Path) -> Path:
    """A copy to spoil."""
    return shutil.copytree(documented, tmp_path / "project")


def edit(file: Path, change: Any) -> None:
    """Change the values of a JSON file."""
    values = json.loads(file.read_text(encoding="utf-8"))
    change(values)
    file.write_text(json.dumps(values), encoding="utf-8")


@pytest.mark.parametrize("name", NAMES)
def test_what_a_person_must_write_is_counted_and_no_conformity_is_claimed(written: Path, name: str) -> None:
    text = (written / name).read_text(encoding="utf-8")
    assert text.count(PERSON) == places(text) == BY_A_PERSON[name]
    assert re.search(rf"\*\*{BY_A_PERSON[name]} places? must be written by a person\*\*", text)
    assert "**Draft. No conformity is claimed.**" in text


def test_the_same_run_gives_the_same_bytes(written: Path, documented: Path, tmp_path: Path) -> None:
    write_all(tmp_path, rendered(documented))
    assert [(tmp_path / name).read_bytes() for name in NAMES] == [(written / name).read_bytes() for name in NAMES]


def test_the_card_has_every_field_of_the_schema_in_its_order(written: Path) -> None:
    text = (written / "model_card.md").read_text(encoding="utf-8")
    assert tuple(re.findall(r"^\*\*([^*]+)\*\* – \S", text, re.MULTILINE)) == FIELDS


def test_the_checklist_has_every_item_once(written: Path) -> None:
    text = (written / "tripod_llm.md").read_text(encoding="utf-8")
    rows = [line.split(" | ") for line in text.splitlines() if re.match(r"\| \d", line)]
    assert [row[0].removeprefix("| ") for row in rows] == [item.strip() for item in ITEMS]
    assert {len(row) for row in rows} == {5}


def test_every_category_of_errors_is_a_hazard_and_no_risk_is_rated(written: Path) -> None:
    assert [one.category for one in OF_CATEGORIES] == list(get_args(Category))
    text = (written / "hazard_log.md").read_text(encoding="utf-8")
    assert len(re.findall(r"^## H\d\d: ", text, re.MULTILINE)) == len(OF_CATEGORIES) + len(OF_USE)
    for field in ("Initial hazard risk assessment", "Residual hazard risk assessment"):
        assert set(re.findall(rf"{field}\*\* \([^)]*\): (.{{{len(PERSON)}}})", text)) == {PERSON}


def test_rates_are_those_of_the_error_analysis(spoilable: Path) -> None:
    found = {"errors": 9, "major": 7, "summaries": 11, "share": 0.3667, "low": 0.2187, "high": 0.5449}
    errors = spoilable / "reports/errors.json"
    edit(errors, lambda values: values["categories"]["laterality"]["models"]["finetuned"].update(found))
    edit(spoilable / "metrics/evaluation.json", lambda values: values["finetuned"].update(major_errors=3.1415))
    texts = rendered(spoilable)
    records = json.loads(errors.read_text(encoding="utf-8"))["records"]
    assert f"11 of {records} (37 % [22 %, 54 %]) test summaries; major errors: 7, minor errors: 2." in texts[NAMES[2]]
    assert "Major errors per summary: 3.1415" in texts["model_card.md"]
    assert "3.1415 major errors per summary" in texts["tripod_llm.md"]


def test_planted_errors_conversion_and_parameters_are_those_of_the_run(spoilable: Path) -> None:
    planted = spoilable / "benchmarks/results/planted_errors.json"
    edit(planted, lambda values: values["categories"]["negation"].update(planted=77, found_alone=0.4321))
    edit(spoilable / "reports/export.json", lambda values: values["greedy"]["rouge1"].update(difference=-0.1234))
    params = spoilable / "params.yaml"
    params.write_text(
        params.read_text(encoding="utf-8").replace("hold_back: null", "hold_back: 0.25"), encoding="utf-8"
    )
    texts = rendered(spoilable)
    assert "Of 77 planted errors it found 43 % without a reference" in texts["hazard_log.md"]
    assert "ROUGE-1 changes by -0.1234" in texts["model_card.md"]
    assert "State: on; the limit holds back 25% of the notes with which it was chosen." in texts["hazard_log.md"]


def test_without_checkers_no_rate_is_stated(spoilable: Path) -> None:
    errors = spoilable / "reports/errors.json"
    kept = ("records", "models")
    errors.write_text(
        json.dumps({name: json.loads(errors.read_text(encoding="utf-8"))[name] for name in kept}), encoding="utf-8"
    )
    scores = spoilable / "data/scores/finetuned.jsonl"
    rows = [json.loads(line) for line in scores.read_text(encoding="utf-8").splitlines()]
    lines = [json.dumps({name: value for name, value in row.items() if name != "errors"}) + "\n" for row in rows]
    scores.write_text("".join(lines), encoding="utf-8")
    texts = rendered(spoilable)
    assert texts["hazard_log.md"].count("Not checked for errors") >= len(OF_CATEGORIES)
    assert "Not measured: the checkers read English alone." in texts["model_card.md"]


def test_terms_of_data_that_are_not_open_are_for_a_person(documented: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(artefacts, "OPEN", {})
    texts = rendered(documented)
    assert places(texts["model_card.md"]) == BY_A_PERSON["model_card.md"] + 1
    assert places(texts["tripod_llm.md"]) == BY_A_PERSON["tripod_llm.md"] + 2
    assert "the origin, period and terms of these dialogues" in texts["model_card.md"]


def test_no_words_of_a_patient_are_in_the_documents(written: Path) -> None:
    texts = [row["dialogue"] + "\n" + row["section_text"] for row in sample_rows()]
    said = {part.partition(": ")[2] or part for text in texts for part in re.split(r"[\n.?!]", text)}
    long = [part.strip() for part in said if len(part.split()) >= 4]
    assert len(long) > 1000
    content = "".join((written / name).read_text(encoding="utf-8") for name in NAMES)
    assert not [part for part in long if part in content]


@pytest.mark.parametrize(
    ("name", "maker"),
    [
        ("reports/audit.json", "run `dvc repro audit` to make it"),
        ("metrics/evaluation.json", "run `dvc repro evaluate` to make it"),
        ("data/scores/finetuned.jsonl", "run `dvc repro` to make it"),
        ("benchmarks/results/planted_errors.json", "run `python -m benchmarks.judge.planted_errors` to make it"),
    ],
)
def test_a_missing_artefact_is_told_with_the_command_that_makes_it(spoilable: Path, name: str, maker: str) -> None:
    (spoilable / name).unlink()
    with chdir(spoilable), pytest.raises(UserError, match=re.escape(f"{name} is not there; {maker}")):
        artefacts.require_there()


def test_a_category_without_planted_errors_is_told(spoilable: Path) -> None:
    edit(spoilable / "benchmarks/results/planted_errors.json", lambda values: values["categories"].pop("time"))
    with chdir(spoilable), pytest.raises(UserError, match=r"not have every category of errors; run `python -m bench"):
        artefacts.require_there()


def test_figures_of_another_run_are_refused_and_nothing_is_written(spoilable: Path) -> None:
    edit(spoilable / "metrics/evaluation.json", lambda values: values["finetuned"].update(rouge1=0.9))
    sentence = told(command(spoilable, "--documents"))
    assert "evaluate: not up to date (metrics/evaluation.json changed)" in sentence
    assert not (spoilable / "documents").exists()


@pytest.mark.slow
def test_a_new_run_replaces_the_documents_of_the_old_one(spoilable: Path) -> None:
    edit(spoilable / "metrics/evaluation.json", lambda values: values["finetuned"].update(major_errors=2.7182))
    record(spoilable)
    (spoilable / "documents").mkdir()
    write_all(spoilable / "documents", dict.fromkeys(NAMES, "old\n"))
    done = command(spoilable, "--documents")
    assert done.returncode == 0, done.stderr
    assert "2.7182" in (spoilable / "documents/model_card.md").read_text(encoding="utf-8")
    assert sorted(path.name for path in (spoilable / "documents").iterdir()) == sorted(NAMES)


def test_a_document_that_a_person_edited_is_not_replaced(tmp_path: Path) -> None:
    write_all(tmp_path, dict.fromkeys(NAMES, "one\n"))
    edited = tmp_path / "hazard_log.md"
    edited.write_text(edited.read_text(encoding="utf-8") + "Severity: major.\n", encoding="utf-8")
    with pytest.raises(UserError, match=r"hazard_log\.md has been edited .*; choose another folder with --output"):
        write_all(tmp_path, dict.fromkeys(NAMES, "two\n"))
    assert (tmp_path / "model_card.md").read_text(encoding="utf-8").endswith("one\n")
    assert edited.read_text(encoding="utf-8").endswith("Severity: major.\n")


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("--documents", "--repo-id", "me/notes"), "--documents contacts no hub; give it alone, or with --output"),
        (("--documents", "--dry-run", "--output", "x"), "--documents contacts no hub"),
        (("--documents", "--output", "reports"), "belongs to the pipeline; choose a folder outside"),
        ((), "give --repo-id USER/NAME to publish the adapter, or --documents"),
    ],
)
def test_options_that_contradict_documents_are_told(
    monkeypatch: pytest.MonkeyPatch, words: tuple[str, ...], said: str
) -> None:
    monkeypatch.setattr(sys, "argv", ["publish", *words])
    with pytest.raises(UserError, match=said):
        arguments()


def test_the_measured_false_alarms_on_other_notes_are_quoted_from_their_page(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(ROOT)
    quoted = on_other_notes()
    assert quoted, "docs/error_taxonomy.md no longer says in bold which share of the correct notes have a flag"
    assert re.fullmatch(r"\.\d\d of the correct [a-z ]*notes have a flag", quoted)


def test_controls_are_verified_by_tests_that_exist_and_the_gate_is_the_real_one(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.chdir(ROOT)
    known = controls()
    assert not [one.verified_by for one in known.values() if not (ROOT / one.verified_by).exists()]
    used = {name for one in (*OF_CATEGORIES, *OF_USE.values()) for name in one.controls} | {"gate"}
    assert used == set(known)
