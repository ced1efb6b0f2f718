"""The real bundle: all packages of the lock, installed without a network, where it then writes a summary."""

import json
import os
import re
import subprocess
import sys
import venv
from pathlib import Path

import pytest

from medsum.bundle import checksums, sbom
from tests.conftest import ROOT

DIALOGUE = "Doctor: What brings you in?\nPatient: I have had headaches for two weeks."


def run(*words: str | Path, cwd: Path, env: dict[str, str] | None = None) -> str:
    """Return what a command prints; fail with its errors."""
    done = subprocess.run(
        words, cwd=cwd, env={**os.environ, **(env or {})}, capture_output=True, encoding="utf-8", check=False
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


@pytest.mark.long
def test_the_whole_bundle_summarises_in_a_namespace_without_a_network(tmp_path: Path) -> None:
    tools, clone, bundle, installed = (tmp_path / name for name in ("tools", "clone", "bundle", "installed"))
    venv.create(tools, with_pip=True)
    run(tools / "bin/pip", "install", "-r", ROOT / "requirements-tools.txt", cwd=tmp_path)
    run("git", "clone", "-q", ROOT, clone, cwd=tmp_path)
    run(sys.executable, "-m", "stages.fetch_scorer", "minilm", cwd=clone)
    path = os.pathsep.join([os.environ["PATH"], str(tools / "bin")])
    said = run(sys.executable, "-m", "medsum.bundle", bundle, "--base", "compact", cwd=clone, env={"PATH": path})
    assert said.endswith(f"{checksums.of_bundle(bundle)}\n")

    run("unshare", "-rn", "sh", bundle / "install.sh", installed, cwd=tmp_path, env={"PYTHON": sys.executable})
    words = ("summarize.py", "--model", "models/base/compact", "--input", DIALOGUE)
    summary = run("unshare", "-rn", installed / ".venv/bin/python", *words, cwd=installed)
    assert re.search(r"\w{4,}", summary)
    assert (installed / "models/scorer/minilm/model.safetensors").is_file()

    listed = {part["name"]: part for part in json.loads((bundle / sbom.NAME).read_text("utf-8"))["components"]}
    pins = [line.partition("==")[0] for line in (ROOT / "requirements.txt").read_text("utf-8").splitlines()]
    assert {name for name in pins if name[0] != "#" and re.sub(r"[-_.]+", "-", name) not in listed} == set()
    assert [name for name, part in listed.items() if not part.get("licenses")] == []
    assert str(tmp_path) not in (bundle / sbom.NAME).read_text("utf-8")
