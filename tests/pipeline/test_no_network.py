"""Every command works in a network namespace without a route, and no Python code tries to reach another machine."""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.conftest import set_params
from tests.pipeline.conftest import commit, under_git

pytestmark = pytest.mark.slow
NAMESPACE = ("unshare", "--map-root-user", "--net", "sh", "-c", 'ip link set lo up && exec "$@"', "sh")
DIALOGUE = "Doctor: What brings you in?\nPatient: I've had headaches for two weeks."
NO_ROUTE = """
import errno, socket
with socket.socket() as probe:
    raise SystemExit(probe.connect_ex(("192.0.2.1", 80)) != errno.ENETUNREACH)
"""
HOOK = """
import os, sys

def written(event, arguments):
    if event == "socket.connect" and isinstance(arguments[1], tuple):
        host = arguments[1][0]
    elif event in ("socket.getaddrinfo", "socket.gethostbyname"):
        host = arguments[0]
    else:
        return
    name = host.decode() if isinstance(host, bytes) else str(host)
    if not name.startswith("127.") and name not in ("localhost", "::1", "0.0.0.0", "None", ""):
        with open(os.environ["TRIED"], "a") as file:
            file.write(f"{event} {name}: {sys.argv}\\n")

sys.addaudithook(written)
"""
ASK = """
import json, subprocess, sys, time, urllib.request
page = subprocess.Popen([sys.executable, "app.py", "--port", "7861"], stdout=sys.stderr)
try:
    for _ in range(600):
        try:
            html = urllib.request.urlopen("http://127.0.0.1:7861", timeout=60).read()
            break
        except OSError:
            assert page.poll() is None
            time.sleep(0.2)
    assert b"<html" in html
    body = {"model": "serving", "messages": [{"role": "user", "content": sys.argv[1]}]}
    asked = urllib.request.Request(
        "http://127.0.0.1:7861/v1/chat/completions", json.dumps(body).encode(), {"Content-Type": "application/json"}
    )
    answer = json.load(urllib.request.urlopen(asked, timeout=120))
    print(json.dumps(answer["choices"][0]["message"]))
finally:
    page.terminate()
    page.wait(60)
"""


@pytest.fixture
def tried(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The file in which every Python process writes the other machines that it tries to reach."""
    done = subprocess.run([*NAMESPACE, sys.executable, "-c", NO_ROUTE], capture_output=True, text=True, check=False)
    if done.returncode:
        pytest.skip(f"no network namespace can be made here: {done.stderr.strip() or 'it has a route'}")
    (tmp_path / "hook").mkdir()
    (tmp_path / "hook/sitecustomize.py").write_text(HOOK, encoding="utf-8")
    monkeypatch.setenv("PYTHONPATH", str(tmp_path / "hook"))
    monkeypatch.setenv("TRIED", str(tmp_path / "tried"))
    for name in [name for name in os.environ if name.upper().startswith("HF_") or name.upper().endswith("_PROXY")]:
        monkeypatch.delenv(name)
    return tmp_path / "tried"


def alone(project: Path, *words: str) -> str:
    """Run a command in a network namespace of its own; gives what it prints."""
    bin_folder = str(Path(sys.executable).parent)
    done = subprocess.run(
        [*NAMESPACE, *words],
        cwd=project,
        env={**os.environ, "PATH": bin_folder + os.pathsep + os.environ["PATH"], "GIT_CONFIG_GLOBAL": os.devnull},
        capture_output=True,
        encoding="utf-8",
        timeout=1500,  # a machine that runs other tests too may take so long
        check=False,
    )
    assert done.returncode == 0, f"{' '.join(words)}\n{done.stdout}\n{done.stderr}"
    return done.stdout


def test_the_hook_sees_who_tries_to_reach_another_machine(tried: Path, tmp_path: Path) -> None:
    code = "import urllib.request as r\ntry: r.urlopen('http://example.org')\nexcept OSError: pass"
    alone(tmp_path, sys.executable, "-c", code)
    assert "socket.getaddrinfo example.org" in tried.read_text(encoding="utf-8")


def test_no_command_needs_or_tries_a_network(tiny_project: Path, tried: Path) -> None:
    set_params(tiny_project, **{"privacy.action": "mask"})  # otherwise publishing refuses identifiers
    under_git(tiny_project)
    python = sys.executable
    ran = alone(tiny_project, "dvc", "repro")
    stages = ("source", "base", "scorer@tiny", "prepare", "split", "audit", "train", "export", "predict@baseline")
    for stage in (*stages, "predict@finetuned", "evaluate", "error-analysis", "plots-page"):
        assert f"Running stage '{stage}'" in ran
    commit(tiny_project, "First run")
    assert alone(tiny_project, python, "summarize.py", "--input", DIALOGUE, "--json").startswith("{")
    assert json.loads(alone(tiny_project, python, "-c", ASK, DIALOGUE))["role"] == "assistant"
    publish = ("--repo-id", "me/notes", "--data-license", "ours", "--dry-run", "--output", "dry")
    assert "Nothing was uploaded." in alone(tiny_project, python, "-m", "medsum.publish", *publish)
    shutil.rmtree(tiny_project / "dry")
    assert alone(tiny_project, python, "-m", "medsum.review.changes", "HEAD")
    assert "every file matches its hash" in alone(tiny_project, python, "-m", "medsum.review.verify")
    removed = alone(tiny_project, python, "-m", "medsum.erase", "--id", "nobody-1", "--yes")
    assert removed.startswith("Nothing of record 'nobody-1'")
    assert not tried.exists(), tried.read_text(encoding="utf-8")
