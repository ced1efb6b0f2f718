"""Every command of docs/flan-t5.md runs as it stands there, for its three readers; parameters make sizes small."""

import json
import os
import re
import shutil
import subprocess
import sys
import zipfile
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path

import pytest

from benchmarks.training import flan_t5
from benchmarks.training.page_commands import EXPERIMENT, commands, parameters
from medsum.core.catalogue import entries
from tests.conftest import ROOT, add_few
from tests.hub.flan_t5 import write_flan_t5
from tests.hub.package_index import Index
from tests.hub.repositories import Repository
from tests.hub.server import Hub
from tests.pipeline.conftest import command, commit, places

PAGE = commands(ROOT / "docs/flan-t5.md")
INSTALL, ON_A_GPU, WITHOUT_GPU, USE, OUTSIDE, INSIDE = PAGE
SIZES = {
    "data.source": "few",
    "privacy.action": "report",
    "prompt.max_input_tokens": "64",
    "train.num_epochs": "1",
    "train.max_target_tokens": "16",
    "generation.max_new_tokens": "8",
    "error_analysis.worst_records": "2",
    "runtime.threads": "1",
}
BASES = ("flan-t5-small", "flan-t5-base")
NOWHERE = "http://127.0.0.1:1"


def wheel(name: str, version: str) -> bytes:
    """A package of that name and version with nothing in it."""
    content, info = BytesIO(), f"{name}-{version}.dist-info"
    with zipfile.ZipFile(content, "w") as archive:
        archive.writestr(f"{info}/METADATA", f"Metadata-Version: 2.1\nName: {name}\nVersion: {version}\n")
        archive.writestr(f"{info}/WHEEL", "Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n")
        archive.writestr(f"{info}/RECORD", "")
    return content.getvalue()


def pinned() -> dict[str, str]:
    """Version by name, of requirements.txt."""
    lines = (ROOT / "requirements.txt").read_text(encoding="utf-8").splitlines()
    pairs = (line.partition("==") for line in lines)
    return {re.sub("[-.]", "_", name): version for name, _, version in pairs if version}


@pytest.fixture(scope="module")
def hub(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Hub]:
    """A hub that has look-alikes of the models that the page names, and nothing else."""
    folder = tmp_path_factory.mktemp("flan")
    write_flan_t5(folder)
    files = {path.name: path.read_bytes() for path in folder.iterdir()}
    with Hub() as hub:
        for name in BASES:
            facts = entries(ROOT / "models/base")[name]
            hub.repositories[facts["repository"]] = Repository(facts["revision"], files)
        yield hub


@pytest.fixture(scope="module")
def index() -> Iterator[Index]:
    """A package index that has what requirements.txt pins."""
    with Index() as index:
        index.files = {f"{name}-{version}-py3-none-any.whl": wheel(name, version) for name, version in pinned().items()}
        yield index


@pytest.fixture
def repository(project: Path) -> Path:
    """The project as Git has it, with a source of few dialogues."""
    shutil.copyfile(ROOT / "requirements.txt", project / "requirements.txt")
    add_few(project)
    command(project, "git", "init", "--quiet", "--initial-branch=main")
    command(project, "git", "config", "user.name", "Tester")
    command(project, "git", "config", "user.email", "tester@example.org")
    command(project, "git", "add", "--force", "data/raw/few", *places(project))
    commit(project, "The project")
    return project


@pytest.fixture
def network(repository: Path, hub: Hub, index: Index, tmp_path: Path) -> dict[str, str]:
    """A newcomer's environment.

    The new .venv sees the packages that the tests run with, so pip finds them installed; .venv/bin comes before them.
    """
    kept = {name: os.environ[name] for name in ("HOME", "LANG", "OMP_NUM_THREADS") if name in os.environ}
    packages = next(path for path in sys.path if path.endswith("site-packages"))
    return kept | {
        "PATH": os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"]]),
        "PYTHONPATH": packages,
        "GIT_CONFIG_GLOBAL": os.devnull,
        "REPOSITORY": str(repository),
        "HF_ENDPOINT": hub.url,
        "HF_HOME": str(tmp_path / "hf_home"),
        "PIP_CONFIG_FILE": os.devnull,
        "PIP_INDEX_URL": index.url,
        "PIP_DISABLE_PIP_VERSION_CHECK": "1",
    }


def script(typed: list[str]) -> str:
    """A shell script of the commands that ends at the first error; experiments take SIZES too."""
    small = "".join(f" -S {name}={value}" for name, value in SIZES.items())
    return "\n".join(["set -e", *(f"{one}{small}" if one.startswith(EXPERIMENT) else one for one in typed)])


def run(headings: list[str], folder: Path, environment: dict[str, str]) -> str:
    """Type the commands of the sections one after another in one terminal; gives all that it shows."""
    typed = script([one for heading in headings for one in PAGE[heading]])
    done = subprocess.run(
        ["bash", "-c", typed],
        cwd=folder,
        env=environment,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        encoding="utf-8",
        timeout=3000,
        check=False,
    )
    assert done.returncode == 0, done.stdout
    return done.stdout


def summarised(shown: str, project: Path, base: str) -> None:
    """Assert that a trained FLAN-T5 wrote the last line, and that its pipeline has compared it."""
    adapter = json.loads((project / "models/finetuned/adapter_config.json").read_text(encoding="utf-8"))
    assert adapter["base_model_name_or_path"] == f"models/base/{base}"
    assert adapter["r"] == 16
    assert "Signs of the dialogue that the model cannot read were written in words: 1." in shown
    assert shown.splitlines()[-1].strip()
    assert "against_baseline" in json.loads((project / "reports/evaluation.json").read_text(encoding="utf-8"))


def test_the_page_trains_each_reader_s_bases_with_the_recommended_preset() -> None:
    trained = [
        (heading, parameters(one)) for heading, typed in PAGE.items() for one in typed if one.startswith(EXPERIMENT)
    ]
    assert [(heading, values["model.base"]) for heading, values in trained] == [
        (ON_A_GPU, "flan-t5-base"),
        (WITHOUT_GPU, "flan-t5-small"),
        (WITHOUT_GPU, "flan-t5-base"),
    ]
    for _, values in trained:
        assert (values["train.learning_rate"], values["train.lora_target_modules"]) == ("1e-3", "usual")


def test_the_page_s_memory_is_what_its_commands_take_by_the_formula(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(ROOT)
    assert flan_t5.table() in flan_t5.PAGE.read_text(encoding="utf-8")


@pytest.mark.long
def test_a_reader_with_a_gpu_gets_from_clone_to_summary(network: dict[str, str], tmp_path: Path) -> None:
    shown = run([INSTALL, ON_A_GPU, USE], tmp_path, network)
    summarised(shown, tmp_path / "medical-text-summarization", "flan-t5-base")


@pytest.mark.long
def test_a_reader_without_a_gpu_gets_from_clone_to_summary(network: dict[str, str], tmp_path: Path) -> None:
    shown = run([INSTALL, WITHOUT_GPU, USE], tmp_path, network)
    summarised(shown, tmp_path / "medical-text-summarization", "flan-t5-base")


@pytest.mark.long
def test_a_reader_on_a_closed_network_gets_from_clone_to_summary(
    network: dict[str, str], index: Index, hub: Hub, tmp_path: Path
) -> None:
    outside, inside = tmp_path / "outside", tmp_path / "inside"
    outside.mkdir()
    inside.mkdir()
    run([OUTSIDE], outside, network)
    wheels = {path.name for path in (outside / "carry/wheels").iterdir()}
    assert {name.partition("-")[0] for name in wheels} >= set(pinned())

    shutil.move(outside / "carry.tar", inside)
    shutil.rmtree(outside)
    asked = len(hub.requests), len(index.requests)
    closed = {name: value for name, value in network.items() if name not in ("REPOSITORY", "HF_HOME")}
    closed |= {"HF_ENDPOINT": NOWHERE, "PIP_INDEX_URL": NOWHERE, "HTTPS_PROXY": NOWHERE, "HTTP_PROXY": NOWHERE}
    shown = run([INSIDE, ON_A_GPU, USE], inside, closed)
    summarised(shown, inside / "medical-text-summarization", "flan-t5-base")
    assert (len(hub.requests), len(index.requests)) == asked
