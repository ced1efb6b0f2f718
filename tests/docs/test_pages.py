"""README.md, CONTRIBUTING.md, CHANGELOG.md and docs/ name only commands, options, files and parameters that exist."""

import os
import re
import shlex
from itertools import pairwise
from pathlib import Path
from typing import Any, get_args

import pytest
import yaml
from dvc.cli.parser import get_main_parser

from medsum.faithfulness.flags import Category
from medsum.params import train
from stages.check import SECTIONS
from tests.conftest import ROOT
from tests.docs.pages import PAGES, PRESET, TEXTS, Command, code, commands, module_file

OURS = ("benchmarks", "medsum", "pretraining", "stages")
LOADERS = {module.__name__.rpartition(".")[2]: module for module in SECTIONS}
COMMANDS = commands()
PYTHON = [one for one in COMMANDS if re.match(r"python (?:-m (?!venv|pip)|\S+\.py)", one.text)]
DVC = [one for one in COMMANDS if one.text.startswith("dvc ")]
OVERRIDES = sorted(
    {found for text in TEXTS.values() for found in re.findall(r"-S '?([a-z_]+)\.([a-z_]+)=([^\s'`]+)", text)}
)
ROOMS = (
    *OURS, ".github", "data", "docs", "metrics", "models", "notebooks", "plots", "presets", "reports", "tests",
)  # fmt: skip
PATHS = re.compile(rf"(?<![\w/.-])((?:{'|'.join(map(re.escape, ROOMS))})/[^\s`'\"()|,;:*<$]*)")
MAKERS = (
    "dvc.yaml",
    "medsum/review/corrections.py",
    "medsum/review/promoted.py",
)  # they name what the stages and the commands make
MADE = "\n".join((ROOT / name).read_text(encoding="utf-8") for name in MAKERS)
LINES, BYTES = 120, 8192
ONE_OFF = ("--config", "--output")  # of a one-off training, next to its parameters
OF_ONE_OFF = ("model", "prompt", "runtime", "train", "watch")  # their sections


def names(commands: list[Command]) -> list[str]:
    return [f"{one.page}: {one.text}" for one in commands]


def test_the_pages_show_commands_and_overrides() -> None:
    assert len(PYTHON) > 30
    assert len(DVC) > 20
    assert len(OVERRIDES) > 20


def test_readme_is_two_screens() -> None:
    text = TEXTS["README.md"]
    assert len(text.splitlines()) <= LINES
    assert len(text.encode()) <= BYTES


@pytest.mark.parametrize(("section", "key", "value"), OVERRIDES)
def test_every_override_is_a_valid_parameter(section: str, key: str, value: str) -> None:
    params = LOADERS[section].load()
    for single in value.split(","):  # 4,8,16 is a sweep
        changed = {**params.model_dump(), key: {"<name>": "name", "null": None}.get(single, single)}
        assert key in type(params).model_fields
        type(params).parse(section, changed)


def test_every_parameter_that_is_named_exists() -> None:
    key = re.compile(rf"`({'|'.join(LOADERS)})\.([a-z_]+)(?=[`=: ])")
    named = {(page, *found) for page, text in TEXTS.items() for found in key.findall(text)}
    assert len(named) > 30
    assert {
        (page, section, key)
        for page, section, key in named
        if key not in type(LOADERS[section].load()).model_fields and key not in ("args", "py")
    } == set()


def test_the_first_experiment_changes_something() -> None:
    found = re.search(r"\ndvc exp run -S ([a-z_]+)\.([a-z_]+)=(\S+) ", TEXTS["README.md"])
    assert found, "README.md begins with no experiment"
    section, key, value = found.groups()
    default = LOADERS[section].load().model_dump()
    assert LOADERS[section].load().model_copy(update={key: type(default[key])(value)}).model_dump() != default


@pytest.mark.parametrize("command", PYTHON, ids=names(PYTHON))
def test_a_command_runs_a_script_that_exists_with_options_that_it_has(command: Command) -> None:
    _, first, *rest = shlex.split(command.text.replace("...", ""))
    file = module_file(rest[0]) if first == "-m" else ROOT / first
    assert file, f"there is no module {rest[0]}"
    source = file.read_text(encoding="utf-8")
    for word in rest:
        if word.startswith("-") and not is_option(word.partition("=")[0], rest[0], source):
            pytest.fail(f"{file.relative_to(ROOT)} has no option {word}")


def is_option(word: str, module: str, source: str) -> bool:
    """Whether a script's source names the option, or it is a parameter of a one-off training."""
    if module == "stages.train":
        of_parameters = {key for name in OF_ONE_OFF for key in type(LOADERS[name].load()).model_fields}
        return word in ONE_OFF or word.removeprefix("--").replace("-", "_") in of_parameters
    return f'"{word}"' in source or word == "--help"


@pytest.mark.parametrize("command", DVC, ids=names(DVC))
def test_dvc_knows_the_command_and_its_options(command: Command) -> None:
    text = PRESET.sub(
        lambda found: (ROOT / f"presets/{found[1]}.args").read_text(encoding="utf-8").strip(), command.text
    )
    words = shlex.split(text)[1:]
    if "..." in words:
        words[words.index("...")] = "value"
    if words[-1] == "-S":
        words.append("train.seed=1")
    try:
        get_main_parser().parse_args(words)
    except SystemExit:
        pytest.fail(f"DVC refuses: {text}")
    except Exception as error:  # DVC raises its own for a wrong command line
        pytest.fail(f"DVC refuses: {text}: {error}")


def test_every_make_target_exists() -> None:
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    targets = {one.text.split()[1] for one in COMMANDS if one.text.startswith("make ")}
    assert {"repro", "app", "test", "test-slow", "review", "experiments", "docs-tables"} <= targets
    assert {target for target in targets if not re.search(rf"^{target}:", makefile, flags=re.MULTILINE)} == set()


def test_every_option_named_by_itself_is_one_of_some_script() -> None:
    files = [ROOT / "summarize.py", ROOT / "app.py", *(file for name in OURS for file in (ROOT / name).rglob("*.py"))]
    source = "\n".join(file.read_text(encoding="utf-8") for file in files)
    alone = {line.split()[0] for text in TEXTS.values() for line in code(text) if line.startswith("--")}
    assert alone
    of_dvc = {"--temp", "--queue", "--pull"}
    assert {option for option in alone - of_dvc if f'"{option.partition("=")[0]}"' not in source} == set()


def test_every_name_in_our_code_exists() -> None:
    dotted = re.compile(rf"`((?:{'|'.join(OURS)})(?:\.\w+)+)`")
    for page, text in TEXTS.items():
        for name in dotted.findall(text):
            module, _, attribute = name.rpartition(".")
            file = module_file(module)
            inside = file and re.search(
                rf"^(?:class |def )?{attribute}\b", file.read_text(encoding="utf-8"), re.MULTILINE
            )
            assert inside or module_file(name) or (ROOT / name.replace(".", "/")).is_dir(), f"{page}: {name}"


def is_there(path: str) -> bool:
    """Whether a path is in the tree, or a stage or a command makes it or a folder that holds it."""
    name = path.rstrip("/.")
    made = [name, *(str(folder) for folder in Path(name).parents if folder.parts[1:])]
    return (ROOT / name).exists() or any(re.search(rf"(?<![\w/]){re.escape(one)}(?![\w/])", MADE) for one in made)


def test_every_file_that_is_named_exists_or_is_made_by_a_stage() -> None:
    missing = set()
    for page, text in TEXTS.items():
        for line in code(text):
            for path in PATHS.findall(line):
                if not is_there(path):
                    missing.add((page, path))
    assert missing == set()


def test_every_link_leads_to_a_file() -> None:
    for page in PAGES:
        for target in re.findall(r"\]\(([^)#\s]+)", page.read_text(encoding="utf-8")):
            if not target.startswith("http"):
                assert Path(os.path.normpath(page.parent / target)).is_file(), f"{page.name}: {target}"


def test_the_table_of_contents_has_every_page() -> None:
    listed = set(re.findall(r"\]\((\w[\w-]*\.md)\)", TEXTS["docs/README.md"]))
    assert listed == {page.name for page in (ROOT / "docs").glob("*.md")} - {"README.md"}


def test_readme_leads_to_every_page() -> None:
    linked = set(re.findall(r"\]\((docs/[\w-]+\.md)\)", TEXTS["README.md"]))
    assert linked == {page for page in TEXTS if page.startswith("docs/")}


def test_every_preset_that_is_named_exists_and_each_has_its_row() -> None:
    present = {path.stem for path in (ROOT / "presets").glob("*.args")}
    named = {name for text in TEXTS.values() for name in re.findall(r"presets/([\w-]+)\.args", text)}
    named |= {name for text in TEXTS.values() for name in re.findall(r"--config ([a-z]\w*)", text)}
    assert named <= present
    assert {row[0] for row in preset_rows()} == present


def preset_rows() -> list[list[str]]:
    table = TEXTS["docs/training.md"].partition("| preset |")[2].partition("\n\n")[0].splitlines()[2:]
    return [[cell.strip() for cell in row.strip("|").split("|")] for row in table]


@pytest.mark.parametrize("row", preset_rows(), ids=lambda row: row[0])
def test_a_presets_row_has_its_values(row: list[str]) -> None:
    name, _, rate, batch, epochs, rank, decay = row
    words = shlex.split((ROOT / f"presets/{name}.args").read_text(encoding="utf-8"))
    values: dict[str, Any] = {**train.load().model_dump()}
    for flag, pair in pairwise(words):
        if flag == "-S" and pair.startswith("train."):
            key, _, value = pair.removeprefix("train.").partition("=")
            values[key] = yaml.safe_load(value)
    size, _, steps = batch.partition(" x ")
    found = (values["batch_size"], values["gradient_accumulation_steps"], values["num_epochs"], values["lora_rank"])
    assert (int(size), int(steps or 1), int(epochs), int(rank.split()[0])) == found
    assert (float(rate), float(decay)) == (float(values["learning_rate"]), float(values["weight_decay"]))


def test_the_taxonomy_has_a_row_for_each_category_of_error() -> None:
    table = TEXTS["docs/error_taxonomy.md"].partition("| category | severity |")[2].partition("\n\n")[0]
    rows = re.findall(r"^\| (\w+) \|", table, flags=re.MULTILINE)
    assert sorted(rows) == sorted(get_args(Category)), "give each category its row in docs/error_taxonomy.md"


def test_each_direct_dependency_has_its_row_and_no_other_has() -> None:
    lines = (ROOT / "requirements.txt").read_text(encoding="utf-8").splitlines()
    pinned = {line.partition("==")[0] for line in lines if "==" in line}
    rows = re.findall(r"^\| ([a-z0-9.-]+) \|", TEXTS["docs/dependencies.md"], flags=re.MULTILINE)
    assert set(rows) - {"package"} == pinned


def test_each_package_of_the_tests_is_named() -> None:
    lines = (ROOT / "requirements-dev.txt").read_text(encoding="utf-8").splitlines()
    names = [re.split(r"[\[=]", line)[0] for line in lines if "==" in line]
    words = set(re.findall(r"[a-z0-9.-]+", TEXTS["docs/dependencies.md"].rpartition("requirements-dev.txt")[2]))
    assert {name for name in names if not name.startswith("types-")} - {word.rstrip(".") for word in words} == set()
