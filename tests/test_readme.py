"""The README promises only what is there."""

import re
from pathlib import Path

import pytest

from stages.check import SECTIONS

ROOT = Path(__file__).parent.parent
README = (ROOT / "README.md").read_text(encoding="utf-8")
OVERRIDES = re.findall(r"-S '?([a-z_]+)\.([a-z_]+)=([^\s'`]+)", README)


def test_the_readme_shows_overrides() -> None:
    assert len(OVERRIDES) > 10


@pytest.mark.parametrize(("section", "key", "value"), OVERRIDES)
def test_every_override_in_the_readme_is_a_valid_parameter(section: str, key: str, value: str) -> None:
    module = {m.__name__.rpartition(".")[2]: m for m in SECTIONS}[section]
    params = module.load()
    for single in value.split(","):  # 4,8,16 is a sweep
        changed = {**params.model_dump(), key: {"<name>": "name", "null": None}.get(single, single)}
        assert key in type(params).model_fields
        type(params).parse(section, changed)


def test_the_first_experiment_in_the_readme_changes_something() -> None:
    found = re.search(r"\ndvc exp run -S ([a-z_]+)\.([a-z_]+)=(\S+) ", README)
    assert found, "the README begins with no experiment"
    section, key, value = found.groups()
    module = {m.__name__.rpartition(".")[2]: m for m in SECTIONS}[section]
    default = module.load().model_dump()
    assert module.load().model_copy(update={key: type(default[key])(value)}).model_dump() != default


def test_each_direct_dependency_has_its_line_in_the_readme_and_no_other_has() -> None:
    lines = (ROOT / "requirements.txt").read_text(encoding="utf-8").splitlines()
    pinned = {line.partition("==")[0] for line in lines if "==" in line}
    table = README.partition("## Dependencies")[2].partition("## Licence")[0]
    assert set(re.findall(r"^\| ([a-z0-9.-]+) \|", table, flags=re.MULTILINE)) - {"package"} == pinned


def test_every_make_target_in_the_readme_exists() -> None:
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    for target in re.findall(r"make ([a-z-]+)", README):
        if target not in ("and",):
            assert re.search(rf"^{target}:", makefile, flags=re.MULTILINE), target


def test_every_file_that_the_readme_names_exists_or_is_made_by_a_stage() -> None:
    made = (ROOT / "dvc.yaml").read_text(encoding="utf-8")
    for name in re.findall(r"`((?:data|models|metrics|reports|presets|plots)/[\w./-]+)`", README):
        if "<" not in name:
            assert (ROOT / name).exists() or name.rstrip("/") in made, name
