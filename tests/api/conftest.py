"""The real app.py without the page, on the tiny model."""

import os
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx2
import pytest

from tests.conftest import make_tiny, set_params
from tests.page.conftest import free_port

SECRET = "Zebulon"
DIALOGUE = (
    f"Doctor: Any allergies, {SECRET}?\nPatient: Penicillin gives me hives.\nDoctor: For how long?\nPatient: Two years."
)


@contextmanager
def answering(project: Path, *words: str, env: dict[str, str] | None = None) -> Iterator[tuple[str, Path]]:
    """Run `app.py --no-page` there; gives its address and the file of what it prints."""
    port, log = free_port(), project / "api.log"
    with log.open("w", encoding="utf-8") as output:
        process = subprocess.Popen(
            [sys.executable, "app.py", "--no-page", "--port", str(port), *words],
            cwd=project,
            env={**os.environ, **(env or {})},
            stdout=output,
            stderr=subprocess.STDOUT,
        )
    address = f"http://127.0.0.1:{port}"
    try:
        for _ in range(600):
            assert process.poll() is None, log.read_text(encoding="utf-8")
            try:
                httpx2.get(address, timeout=5)
                break
            except httpx2.TransportError:
                time.sleep(0.1)
        yield address, log
    finally:
        process.terminate()
        process.wait(20)


@pytest.fixture(scope="package")
def api_project(
    template: Path, tiny_base: Path, tiny_encoder: Path, tiny_serving: Path, tmp_path_factory: pytest.TempPathFactory
) -> Path:
    """A tiny project with a model to serve, for all tests of this folder."""
    project = shutil.copytree(template, tmp_path_factory.mktemp("api") / "project")
    make_tiny(project, tiny_base, tiny_encoder)
    shutil.copytree(tiny_serving, project / "models/serving")
    set_params(project, **{"generation.max_new_tokens": 24})
    return project


@pytest.fixture(scope="package")
def address(api_project: Path) -> Iterator[str]:
    """A server for all tests; its log, folders and scratch hold no word of a dialogue at the end."""
    scratch = api_project / "scratch"
    scratch.mkdir()
    with answering(api_project, env={"TMPDIR": str(scratch)}) as (address, log):
        yield address
        assert log.read_text(encoding="utf-8").count("\n") == 1
    found = subprocess.run(["grep", "-rl", SECRET, str(api_project)], capture_output=True, check=False)
    assert found.stdout == b""
    assert [file for file in scratch.rglob("*") if file.is_file()] == []
