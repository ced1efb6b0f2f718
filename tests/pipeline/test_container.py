"""What Containerfile claims: hashed packages, no root, no patient's file, a read-only file system, a health check."""

import json
import os
import re
import shutil
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.conftest import ROOT
from tests.page.conftest import free_port

TEXT = (ROOT / "Containerfile").read_text(encoding="utf-8").replace("\\\n", " ")
STEPS = [line.split(maxsplit=1) for line in TEXT.splitlines() if re.match(r"[A-Z]+ ", line)]
ALLOWED = [
    line.removeprefix("!/")
    for line in (ROOT / ".dockerignore").read_text(encoding="utf-8").splitlines()
    if line.startswith("!")
]


def steps(name: str) -> list[str]:
    return [rest for step, rest in STEPS if step == name]


def health_check() -> list[str]:
    words: list[str] = json.loads(steps("HEALTHCHECK")[0].partition("CMD ")[2])
    return words


def test_nothing_runs_as_root() -> None:
    assert steps("USER") == ["10001:10001"]
    assert [step for step, _ in STEPS].index("USER") > max(n for n, (step, _) in enumerate(STEPS) if step == "RUN")


def test_packages_are_installed_only_from_a_lock() -> None:
    installed = re.findall(r"pip install ([^&]+)", TEXT)
    assert len(installed) == 1
    assert "--require-hashes" in installed[0]
    assert "LOCK=requirements-cpu.lock" in steps("ARG")
    assert not steps("ADD")


def test_the_image_has_only_named_files_and_none_with_patient_text() -> None:
    first = next(line for line in (ROOT / ".dockerignore").read_text("utf-8").splitlines() if not line.startswith("#"))
    assert first == "*"
    assert all((ROOT / name).exists() for name in ALLOWED)
    assert not {name.split("/")[0] for name in ALLOWED} & {"data", "models", "reports", "logs", ".dvc", ".git", "notes"}


@pytest.mark.slow
def test_the_files_of_the_image_serve_the_page_read_only(served_project: Path, tmp_path: Path) -> None:
    image, scratch, port = tmp_path / "image", tmp_path / "scratch", free_port()
    scratch.mkdir()
    for name in (*ALLOWED, "models"):
        copy = shutil.copytree if (served_project / name).is_dir() else shutil.copy2
        if (served_project / name).exists():
            image.mkdir(exist_ok=True)
            copy(served_project / name, image / name)
    read_only = 'mount --bind "$0" "$0" && mount -o remount,ro,bind "$0" && cd "$0" && exec "$@"'
    command = ["unshare", "--map-root-user", "--mount", "sh", "-c", read_only, str(image), sys.executable]
    command += [*steps("ENTRYPOINT")[0].strip("[]").replace('"', "").split(", ")[1:], "--port", str(port)]
    environment = {**os.environ, "HOME": str(scratch), "TMPDIR": str(scratch), "PYTHONDONTWRITEBYTECODE": "1"}
    environment |= {"MEDSUM_USER": "ward", "MEDSUM_PASSWORD": "a long password"}
    log = tmp_path / "log"
    with log.open("w") as output, subprocess.Popen(command, env=environment, stdout=output, stderr=output) as process:
        try:
            check = [sys.executable, *(word.replace("7860", str(port)) for word in health_check()[1:])]
            assert subprocess.run(check, capture_output=True, check=False).returncode, "nothing listens yet"
            for _ in range(600):
                assert process.poll() is None, log.read_text(encoding="utf-8")
                if subprocess.run(check, capture_output=True, check=False).returncode == 0:
                    break
                time.sleep(0.5)
            else:
                pytest.fail(log.read_text(encoding="utf-8"))
        finally:
            process.terminate()
    assert "Read-only" not in log.read_text(encoding="utf-8")
