"""The locks pin everything that requirements.txt installs, and make finds a Python or says which one is missing."""

import os
import re
import subprocess
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from tests.conftest import ROOT

LOCKS = ("requirements.lock", "requirements-cpu.lock")
SHA256 = re.compile(r"--hash=sha256:[0-9a-f]{64}")


def locked(lock: str) -> dict[str, list[str]]:
    """Return the lines of each requirement of a lock, its hashes included, by the requirement without its marker."""
    lines = [line for line in (ROOT / lock).read_text(encoding="utf-8").splitlines() if "#" not in line]
    entries = "\n".join(lines).replace("\\\n", " ").splitlines()
    return {entry.split()[0]: entry.split()[1:] for entry in entries if entry.strip()}


def direct() -> set[str]:
    lines = (ROOT / "requirements.txt").read_text(encoding="utf-8").splitlines()
    pins = [line.strip().partition("==") for line in lines if not line.startswith("#")]
    return {f"{canonicalize_name(name)}=={version}" for name, _, version in pins}


def test_the_lock_has_every_direct_requirement_with_its_version() -> None:
    assert len(direct()) > 30
    assert direct() - locked("requirements.lock").keys() == set()


def test_the_lock_for_cpus_differs_by_torch_and_the_packages_of_gpus() -> None:
    everywhere, cpu = (set(locked(lock)) for lock in LOCKS)
    assert cpu - everywhere == {f"{line}+cpu" for line in direct() if line.startswith("torch==")}
    assert all(re.match(r"torch|triton|nvidia-|cuda-", line) for line in everywhere - cpu)
    assert not any(re.match(r"triton|nvidia-|cuda-", line) for line in cpu)


@pytest.mark.parametrize("lock", LOCKS)
def test_every_line_of_a_lock_has_one_version_and_a_hash(lock: str) -> None:
    entries = locked(lock)
    assert len(entries) > 150
    for pin, rest in entries.items():
        assert re.fullmatch(r"[\w.-]+==[\w.+]+", pin)
        assert any(SHA256.fullmatch(word) for word in rest), pin
        assert not [word for word in rest if word.startswith("--") and not SHA256.fullmatch(word)], pin


@pytest.mark.parametrize("lock", LOCKS)
def test_a_lock_names_no_address(lock: str) -> None:
    assert not re.search(
        r"://|--(index|extra|find|trusted)|[\w-]+\.(org|com|io|net)\b", (ROOT / lock).read_text("utf-8")
    )


@pytest.mark.parametrize("version", ["3.11", "3.12", "3.13"])
@pytest.mark.parametrize("lock", LOCKS)
def test_a_lock_has_one_version_of_a_package_for_each_python(lock: str, version: str) -> None:
    found = []
    for pin, rest in locked(lock).items():
        marker = " ".join(word for word in rest if not word.startswith("--hash"))
        requirement = Requirement(f"{pin} {marker}")
        environment = {
            "python_version": version,
            "python_full_version": f"{version}.4",
            "implementation_name": "cpython",
        }
        if requirement.marker is None or requirement.marker.evaluate(environment):
            found.append(canonicalize_name(requirement.name))
    assert len(found) == len(set(found)) > 150


def make(folder: Path, *words: str, path: Path) -> subprocess.CompletedProcess[str]:
    """Run make with the project's Makefile in an empty folder, with only the commands of `path`."""
    return subprocess.run(
        ["make", "-f", str(ROOT / "Makefile"), *words],
        cwd=folder, env={**os.environ, "PATH": str(path)}, capture_output=True, encoding="utf-8", check=False,
    )  # fmt: skip


@pytest.fixture
def commands(tmp_path: Path) -> Path:
    """A folder with only sh, make and touch."""
    folder = tmp_path / "commands"
    folder.mkdir()
    for name in ("sh", "make", "touch"):
        found = subprocess.run(["which", name], capture_output=True, encoding="utf-8", check=True)
        (folder / name).symlink_to(found.stdout.strip())
    (tmp_path / "requirements.txt").touch()
    return folder


def a_python(folder: Path, name: str, version: str) -> None:
    """Write a command that accepts the check of make if `version` is 3.12, and that prints what it is asked to run."""
    script = f'#!/bin/sh\ncase "$*" in *version_info*) [ {version} = 3.12 ];; *) echo "{name} runs $*"; exit 9;; esac\n'
    (folder / name).write_text(script, encoding="utf-8")
    (folder / name).chmod(0o755)


def test_make_takes_the_first_python_that_the_project_supports(tmp_path: Path, commands: Path) -> None:
    a_python(commands, "python3.13", "3.12")
    a_python(commands, "python3", "3.10")
    assert "python3.13 runs -m venv .venv" in make(tmp_path, ".venv/installed", path=commands).stdout


@pytest.mark.parametrize(
    ("words", "names"), [((), "no command python3 or python is Python 3.11"), (("PYTHON=python3",), "python3 is not")]
)
def test_make_names_the_python_that_is_missing(
    tmp_path: Path, commands: Path, words: tuple[str, ...], names: str
) -> None:
    a_python(commands, "python3", "3.10")
    done = make(tmp_path, ".venv/installed", *words, path=commands)
    assert done.returncode
    said = done.stderr.splitlines()[0]
    assert said.startswith(f"Error: {names}")
    assert "make PYTHON=/path/to/python" in said
    assert not (tmp_path / ".venv").exists()
