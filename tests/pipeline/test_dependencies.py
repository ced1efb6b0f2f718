"""DVC does not see imports: what a stage declares must be what it runs, and imports must run one way."""

import ast
import re
import subprocess
from collections.abc import Iterator
from functools import cache
from graphlib import CycleError, TopologicalSorter
from modulefinder import ModuleFinder
from pathlib import Path
from typing import Any, NamedTuple

import pytest
import yaml

from medsum.core.catalogue import entries

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


def has_code(file: Path) -> bool:
    """Whether a file has more than a docstring and imports; what it imports is declared for itself."""
    tree = ast.parse(file.read_text(encoding="utf-8"))
    body = tree.body[1:] if ast.get_docstring(tree) is not None else tree.body
    return not all(isinstance(node, ast.Import | ast.ImportFrom) for node in body)


@cache
def closure(module: str) -> tuple[frozenset[str], frozenset[str]]:
    """Files of the project that `python -m module` may run, and the names that it imports from elsewhere."""
    finder = ModuleFinder([str(ROOT)])  # nothing installed is on this path, so it stays outside
    script = ROOT / (module.replace(".", "/") + ".py")
    finder.run_script(str(script))
    paths = [getattr(found, "__file__", None) for found in finder.modules.values()]
    files = {Path(path) for path in paths if path}
    files |= {parent / "__init__.py" for file in files for parent in file.parents if ROOT in parent.parents}
    ours = {file.relative_to(ROOT).as_posix() for file in files if file.is_file() and has_code(file)}
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
    kept = {Path(name).parent.name for name in listed.stdout.split()}
    assert kept == fetched, "copy a .gitignore into the folder and `git add -f` it"


CODE = ("medsum/", "stages/")


def declared_code(stage: Stage) -> set[str]:
    return {dep for dep in stage.deps if dep.startswith(CODE)}


def below(file: str, path: str) -> bool:
    return file == path or file.startswith(path + "/")


@pytest.mark.parametrize("stage", STAGES, ids=lambda stage: stage.name)
def test_every_import_of_a_stage_lies_under_a_path_that_it_declares(stage: Stage) -> None:
    imported, _ = closure(stage.module)
    assert {file for file in imported if not any(below(file, path) for path in declared_code(stage))} == set()


@pytest.mark.parametrize("stage", STAGES, ids=lambda stage: stage.name)
def test_no_declared_path_is_without_an_import(stage: Stage) -> None:
    imported, _ = closure(stage.module)
    assert {path for path in declared_code(stage) if not any(below(file, path) for file in imported)} == set()


@pytest.mark.parametrize("stage", STAGES, ids=lambda stage: stage.name)
def test_declared_code_is_there(stage: Stage) -> None:
    assert {path for path in declared_code(stage) if not (ROOT / path).exists()} == set()


@pytest.mark.parametrize("stage", STAGES, ids=lambda stage: stage.name)
def test_who_declares_no_templates_renders_no_report(stage: Stage) -> None:
    imported, _ = closure(stage.module)
    assert ("medsum/report/pages.py" in imported) <= ("medsum/report" in stage.deps)


@pytest.mark.parametrize("stage", STAGES, ids=lambda stage: stage.name)
def test_every_stage_says_in_a_line_what_it_does(stage: Stage) -> None:
    assert len(stage.desc.split()) >= 4
    assert "\n" not in stage.desc


@pytest.mark.parametrize("stage", ["check", "prepare", "split", "audit", "fetch_data", "fetch_scorer", "plots_page"])
def test_stages_without_a_model_never_import_heavy_packages(stage: str) -> None:
    _, elsewhere = closure(f"stages.{stage}")
    assert elsewhere & set(HEAVY) == set()


def test_the_search_for_heavy_packages_finds_them_where_they_are() -> None:
    _, elsewhere = closure("stages.train")
    assert {"torch", "transformers", "peft", "datasets"} <= elsewhere


FLOORS = [  # each may import what stands before it
    {"core"},
    {"params"},
    {"dialogue"},
    {"signs", "corpus", "metrics", "privacy"},
    {"facts"},
    {"faithfulness"},
    {"risk"},
    {"model"},
    {"fetching", "training", "generation"},
    {"evaluation"},
    {"report", "review", "publish", "bundle", "erase"},
    {"serve"},
    {"api"},
]
ROOMS = sorted(room for floor in FLOORS for room in floor)


def imports_between_rooms() -> Iterator[tuple[str, str]]:
    for file in modules_below("medsum"):
        parts = file.relative_to(ROOT / "medsum").parts
        for name in imports_of(file):
            package, _, rest = name.partition(".")
            if package == "medsum" and len(parts) > 1 and rest:
                yield parts[0], rest.partition(".")[0]


def test_every_room_has_its_floor() -> None:
    there = {path.parent.name for path in (ROOT / "medsum").glob("*/*.py")}
    assert there == set(ROOMS)


def test_no_room_imports_one_above_it_or_beside_it() -> None:
    floor = {room: number for number, rooms in enumerate(FLOORS) for room in rooms}
    wrong = {(one, other) for one, other in imports_between_rooms() if one != other and floor[other] >= floor[one]}
    assert wrong == set()


def test_no_import_closes_a_circle() -> None:
    files = {file: dotted(file) for package in FIRST_PARTY for file in modules_below(package)}
    graph = {name: {found for found in imported_modules(file) if found != name} for file, name in files.items()}
    try:
        TopologicalSorter(graph).prepare()
    except CycleError as error:
        pytest.fail(f"circle: {' -> '.join(error.args[1])}")


def dotted(file: Path) -> str:
    return file.relative_to(ROOT).with_suffix("").as_posix().replace("/", ".")


def imported_modules(file: Path) -> Iterator[str]:
    """Modules that a file imports; `from package import module` counts as the module."""
    for name in imports_of(file):
        for candidate in (name, name.rpartition(".")[0]):
            if (ROOT / (candidate.replace(".", "/") + ".py")).is_file():
                yield candidate
                break


def test_no_room_holds_a_fifth_of_the_house() -> None:
    lines = {
        room: sum(len(file.read_text(encoding="utf-8").splitlines()) for file in modules_below(f"medsum.{room}"))
        for room in ROOMS
    }
    assert {room: count for room, count in lines.items() if count >= 0.2 * sum(lines.values())} == {}


@pytest.mark.parametrize(
    ("package", "forbidden"),
    [
        ("medsum", "stages"),
        ("medsum", "pretraining"),
        ("medsum", "benchmarks"),
        *((f"medsum.{room}", heavy) for room in ("core", "params", "dialogue", "corpus") for heavy in HEAVY),
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


def test_rouge_stands_alone_and_is_all_that_training_takes_of_metrics() -> None:
    imported, _ = closure("stages.train")
    taken = {file for file in imported if file.startswith("medsum/metrics/")}
    assert taken == {f"medsum/metrics/{name}.py" for name in ("rouge", "words")}
    for name, allowed in {"rouge": "medsum.metrics.words", "words": "nothing"}.items():
        found = {n for n in imports_of(ROOT / f"medsum/metrics/{name}.py") if n.startswith(FIRST_PARTY)}
        assert all(n.startswith(allowed) for n in found)
