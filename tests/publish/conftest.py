"""Projects whose pipeline is recorded with a real adapter of a tiny base and real measurements."""

import json
import os
import shutil
import subprocess
from collections.abc import Callable, Iterator
from contextlib import chdir
from pathlib import Path

import pytest
import torch
import yaml
from huggingface_hub import constants

from tests.conftest import record, run_module, run_stages, sample_rows, set_params
from tests.hub.server import Hub

BASE = "flan-t5-small"
REPOSITORY = "me/notes"
TOKEN = "hf_AStringThatNobodyMayReadInALog"
STRAY = "vocab-notes.txt"  # what a base of one's own may have beside its weights
Publish = Callable[..., subprocess.CompletedProcess[str]]


def command(folder: Path, *words: str, **env: str) -> subprocess.CompletedProcess[str]:
    """Run the real command in a project."""
    return run_module(folder, "medsum.publish", *words, env=env)


@pytest.fixture(autouse=True)
def _no_settings_of_whoever_runs_the_tests(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    for name in os.environ:
        if name.upper().startswith(("HF_", "TRANSFORMERS_OFFLINE")) or name.upper().endswith("_PROXY"):
            monkeypatch.delenv(name)
    monkeypatch.setenv("HF_HOME", str(tmp_path / "hf_home"))
    monkeypatch.setattr(constants, "HF_HUB_OFFLINE", False)  # what other tests import into this process sets it


@pytest.fixture(scope="session")
def unrecorded(template: Path, tiny_base: Path, measured: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A project with an adapter and metrics; DVC works in it without Git."""
    from medsum.model.loading import load_base
    from medsum.params.train import TrainParams
    from medsum.training.adapter import add_adapter, save_adapter

    folder = shutil.copytree(template, tmp_path_factory.mktemp("publish") / "project")
    shutil.copytree(tiny_base, folder / "models/base" / BASE, dirs_exist_ok=True)
    for name in ("metrics", "reports", "plots"):
        shutil.copytree(measured / name, folder / name, dirs_exist_ok=True)
    (folder / ".dvc/config.local").write_text("[core]\n    no_scm = true\n", encoding="utf-8")
    values = yaml.safe_load((folder / "params.yaml").read_text(encoding="utf-8"))
    params = TrainParams.parse("train", values["train"] | {"lora_rank": 2})
    torch.manual_seed(0)  # whatever tests ran before
    model = add_adapter(load_base(tiny_base), params)
    for name, weight in model.named_parameters():
        if "lora_B" in name:
            weight.data.fill_(0.05)  # as new they are 0, and the adapter would do nothing
    with chdir(folder):
        save_adapter(model, Path("models/base") / BASE, Path("models/finetuned"))
    return folder


@pytest.fixture(scope="session")
def published(unrecorded: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Trained on the sample."""
    folder = shutil.copytree(unrecorded, tmp_path_factory.mktemp("open") / "project")
    set_params(folder, **{"model.base": BASE})
    record(folder)
    return folder


@pytest.fixture(scope="session")
def own_data(unrecorded: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Trained on dialogues of a hospital's own, on a base of its own, with a section that only it has."""
    folder = shutil.copytree(unrecorded, tmp_path_factory.mktemp("own") / "project")
    shutil.move(folder / "models/base" / BASE, folder / "models/base/ours")
    shutil.copytree(folder / "data/raw/sample", folder / "data/raw/ward-7")
    (folder / "data/raw/ward-7/more.csv").write_text("ID,dialogue\n", encoding="utf-8")
    (folder / "models/finetuned" / STRAY).write_text(sample_rows()[0]["dialogue"], encoding="utf-8")
    for path in (folder / "plots/evaluation/by_section.csv", folder / "reports/errors.json"):
        path.write_text(path.read_text(encoding="utf-8").replace("IMMUNIZATIONS", "WARD ROUND"), encoding="utf-8")
    errors = json.loads((folder / "reports/errors.json").read_text(encoding="utf-8"))
    share = {"share": 0.25, "low": 0.125, "high": 0.375}
    errors["categories"] = {"negation": {"models": {"baseline": share, "finetuned": share}}}
    (folder / "reports/errors.json").write_text(json.dumps(errors), encoding="utf-8")
    metrics = json.loads((folder / "metrics/data.json").read_text(encoding="utf-8"))
    metrics["identifiers"] |= {"action": "mask", "left": 0}
    (folder / "metrics/data.json").write_text(json.dumps(metrics), encoding="utf-8")
    set_params(folder, **{"model.base": "ours", "data.source": "ward-7", "privacy.action": "mask"})
    record(folder)
    return folder


@pytest.fixture(scope="session")
def documented(published: Path, measured: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Trained on the sample, with everything that the documents read: splits, scores, the audit and the export."""
    folder = shutil.copytree(published, tmp_path_factory.mktemp("documented") / "project")
    for name in ("data/splits", "data/scores"):
        shutil.copytree(measured / name, folder / name, dirs_exist_ok=True)
    run_stages(folder, "audit", "export")
    record(folder)
    return folder


@pytest.fixture(scope="session")
def dry_run(published: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What a dry run writes, with neither token nor network."""
    output = tmp_path_factory.mktemp("dry") / "run"
    done = command(published, "--repo-id", REPOSITORY, "--dry-run", "--output", str(output), HF_HUB_OFFLINE="1")
    assert done.returncode == 0, done.stderr
    assert done.stdout.endswith("Nothing was uploaded.\n")
    return output


@pytest.fixture
def project(published: Path, tmp_path: Path) -> Path:
    """A copy to spoil."""
    return shutil.copytree(published, tmp_path / "project")


@pytest.fixture
def hub() -> Iterator[Hub]:
    """A hub that knows `me`."""
    with Hub() as hub:
        hub.users[TOKEN] = "me"
        yield hub


@pytest.fixture
def publish(hub: Hub) -> Publish:
    """Run the real command in a project, against the hub."""
    return lambda folder, *words, **env: command(folder, *words, **{"HF_ENDPOINT": hub.url, "HF_TOKEN": TOKEN} | env)
