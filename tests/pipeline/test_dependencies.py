"""DVC does not see imports: what a stage declares must be what it runs, and imports must run one way."""

import ast
import re
import subprocess
from collections.abc import Iterator
from functools import cache
from modulefinder import ModuleFinder
from pathlib import Path
from typing import Any, NamedTuple

import pytest
import yaml

from medsum.params.catalogue import entries

ROOT = Path(__file__).parents[2]
FIRST_PARTY = ("medsum", "stages", "pretraining")
HEAVY = ("torch", "transformers", "peft", "datasets", "gradio", "bert_score")


class Stage(NamedTuple):
    name: str
    desc: str
    module: str
    deps: set[str]


def stages_of(pipeline: Path) -> Iterator[Stage]:
    """The stages of a dvc.yaml; a `foreach` counts as one, since its items differ in data only."""
    stages: dict[str, dict[str, Any]] = yaml.safe_load(pipeline.read_text(encoding="utf-8"))["stages"]
    for name, definition in stages.items():
        stage = definition.get("do", definition)
        folder = (pipeline.parent / stage.get("wdir", ".")).resolve()
        deps = {(folder / dep).relative_to(ROOT).as_posix() for dep in stage.get("deps", []) if "$" not in dep}
        found = re.match(r"python -m ([\w.]+)", stage["cmd"])
        assert found, f"{pipeline}: {name} does not run `python -m <module>`"
        yield Stage(f"{pipeline.parent.name}:{name}", stage.get("desc", ""), found[1], deps)


STAGES = list(stages_of(ROOT / "dvc.yaml"))


@cache
def closure(module: str) -> tuple[frozenset[str], frozenset[str]]:
    """Files of the project that `python -m module` may run, and the names that it imports from elsewhere."""
    finder = ModuleFinder([str(ROOT)])  # nothing installed is on this path, so it stays outside
    script = ROOT / (module.replace(".", "/") + ".py")
    finder.run_script(str(script))
    paths = [getattr(found, "__file__", None) for found in finder.modules.values()]
    files = {Path(path) for path in paths if path}
    files |= {parent / "__init__.py" for file in files for parent in file.parents if ROOT in parent.parents}
    ours = {file.relative_to(ROOT).as_posix() for file in files if file.is_file() and file.stat().st_size}
    missing, _ = finder.any_missing_maybe()
    return frozenset(ours), frozenset(name.partition(".")[0] for name in missing)


def imports_of(file: Path) -> set[str]:
    """Dotted names that a file imports; `from a import b` counts as a.b."""
    names = set()
    for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{file} imports relatively"
            names |= {f"{node.module}.{alias.name}" for alias in node.names}
    return names


def modules_below(package: str) -> list[Path]:
    return sorted((ROOT / package.replace(".", "/")).rglob("*.py"))


def is_in(name: str, package: str) -> bool:
    return name == package or name.startswith(package + ".")


def test_there_is_one_pipeline_so_that_dvc_status_speaks_of_what_is_selected_alone() -> None:
    listed = subprocess.run(
        ["git", "ls-files", "*dvc.yaml", "*.dvc"], cwd=ROOT, capture_output=True, encoding="utf-8", check=True
    )
    assert listed.stdout.split() == ["dvc.yaml"]
    assert len(STAGES) >= 10


@pytest.mark.parametrize("catalogue", ["data/raw", "models/base", "models/scorer"])
def test_what_is_fetched_has_a_folder_in_git_without_which_pull_would_skip_it(catalogue: str) -> None:
    fetched = {name for name, facts in entries(ROOT / catalogue).items() if facts["kind"] != "git"}
    listed = subprocess.run(
        ["git", "ls-files", f"{catalogue}/*/.gitignore"], cwd=ROOT, capture_output=True, encoding="utf-8", check=True
    )
    assert fetched
    assert {Path(name).parent.name for name in listed.stdout.split()} == fetched


@pytest.mark.parametrize("stage", STAGES, ids=lambda stage: stage.name)
def test_declared_modules_are_exactly_those_that_the_stage_imports(stage: Stage) -> None:
    declared = {dep for dep in stage.deps if dep.endswith(".py")}
    imported, _ = closure(stage.module)
    assert declared == imported


@pytest.mark.parametrize("stage", STAGES, ids=lambda stage: stage.name)
def test_declared_files_are_there_or_are_made_by_the_pipeline(stage: Stage) -> None:
    code = {dep for dep in stage.deps if dep.endswith((".py", ".j2"))}
    assert {dep for dep in code if not (ROOT / dep).is_file()} == set()


@pytest.mark.parametrize("stage", STAGES, ids=lambda stage: stage.name)
def test_who_renders_the_report_declares_its_templates_and_nobody_else(stage: Stage) -> None:
    templates = {path.relative_to(ROOT).as_posix() for path in (ROOT / "medsum/report/templates").iterdir()}
    imported, _ = closure(stage.module)
    expected = templates if "medsum/report/pages.py" in imported else set()
    assert {dep for dep in stage.deps if "/templates/" in dep} == expected


@pytest.mark.parametrize("stage", STAGES, ids=lambda stage: stage.name)
def test_every_stage_says_in_a_line_what_it_does(stage: Stage) -> None:
    assert len(stage.desc.split()) >= 4
    assert "\n" not in stage.desc


@pytest.mark.parametrize("stage", ["check", "prepare", "split", "fetch_data", "fetch_scorer", "plots_page"])
def test_stages_without_a_model_never_import_heavy_packages(stage: str) -> None:
    _, elsewhere = closure(f"stages.{stage}")
    assert elsewhere & set(HEAVY) == set()


def test_the_search_for_heavy_packages_finds_them_where_they_are() -> None:
    _, elsewhere = closure("stages.train")
    assert {"torch", "transformers", "peft", "datasets"} <= elsewhere


@pytest.mark.parametrize(
    ("package", "forbidden"),
    [
        ("medsum", "stages"),
        ("medsum", "pretraining"),
        ("medsum.params", "medsum.data"),
        ("medsum.params", "medsum.model"),
        ("medsum.params", "medsum.quality"),
        ("medsum.data", "medsum.model"),
        ("medsum.data", "medsum.quality"),
        ("medsum.model", "medsum.quality"),
        ("medsum.quality", "medsum.model"),
        ("medsum.data", "medsum.publish"),
        ("medsum.model", "medsum.publish"),
        ("medsum.quality", "medsum.publish"),
        ("medsum.publish", "medsum.model"),
        ("medsum.data", "torch"),
        ("medsum.data", "transformers"),
        ("stages", "pretraining"),
        ("pretraining", "stages"),
    ],
)
def test_imports_run_one_way(package: str, forbidden: str) -> None:
    files = modules_below(package)
    assert files
    wrong = {file.name: {n for n in imports_of(file) if is_in(n, forbidden)} for file in files}
    assert {name: names for name, names in wrong.items() if names} == {}


def test_two_stages_never_import_each_other() -> None:
    wrong = {file.name: {n for n in imports_of(file) if is_in(n, "stages")} for file in modules_below("stages")}
    assert {name: names for name, names in wrong.items() if names} == {}


def test_rouge_stands_alone_and_is_all_that_training_takes_of_quality() -> None:
    imported, _ = closure("stages.train")
    taken = {file for file in imported if file.startswith("medsum/quality/")}
    assert taken - {"medsum/quality/__init__.py"} == {"medsum/metrics/rouge.py"}
    assert {n for n in imports_of(ROOT / "medsum/metrics/rouge.py") if n.startswith(FIRST_PARTY)} == set()
