"""A team shares results over a remote, as the README types it: here S3, served by this machine."""

import os
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.pipeline.conftest import command, commit, under_git
from tests.pipeline.test_staleness import ran

pytestmark = pytest.mark.slow
BUCKET = "team"
ADAPTER = "models/finetuned/adapter_model.safetensors"


@pytest.fixture
def store(monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """Address of an S3 server with an empty bucket."""
    import boto3
    from moto.server import ThreadedMotoServer

    for name in [name for name in os.environ if name.upper().startswith("AWS_") or name.upper().endswith("_PROXY")]:
        monkeypatch.delenv(name)
    server = ThreadedMotoServer("127.0.0.1", port=0, verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    url = f"http://{host}:{port}"
    client = boto3.client(
        "s3", endpoint_url=url, region_name="us-east-1", aws_access_key_id="team", aws_secret_access_key="secret"
    )
    client.create_bucket(Bucket=BUCKET)
    yield url
    server.stop()


def log_in(folder: Path) -> None:
    """A teammate's own key, which Git does not see."""
    command(folder, "dvc", "remote", "modify", "--local", "team", "access_key_id", "team")
    command(folder, "dvc", "remote", "modify", "--local", "team", "secret_access_key", "secret")
    assert command(folder, "git", "status", "--porcelain") == ""


@pytest.fixture
def shared(tiny_project: Path, store: str) -> Path:
    """A tiny project whose training has run, with a remote, committed."""
    under_git(tiny_project)
    command(tiny_project, "dvc", "repro", "train")
    command(tiny_project, "dvc", "remote", "add", "--default", "team", f"s3://{BUCKET}/medsum")
    command(tiny_project, "dvc", "remote", "modify", "team", "endpointurl", store)
    commit(tiny_project, "First training")
    log_in(tiny_project)
    return tiny_project


def clone(shared: Path, folder: Path) -> Path:
    """A teammate's fresh copy: Git's files alone."""
    command(folder.parent, "git", "clone", "--quiet", str(shared), str(folder))
    assert not (folder / ".dvc/cache").exists()
    assert not (folder / ADAPTER).exists()
    log_in(folder)
    return folder


def test_a_teammate_gets_the_result_and_the_experiment_of_another_without_training(
    shared: Path, tmp_path: Path
) -> None:
    share = (sys.executable, "-m", "medsum.share")
    command(shared, *share)
    result = (shared / ADAPTER).read_bytes()
    mate = clone(shared, tmp_path / "mate")
    assert ran(command(mate, "dvc", "repro", "--pull", "train")) == []
    assert (mate / ADAPTER).read_bytes() == result
    assert command(mate, "git", "status", "--porcelain") == ""

    experiment = ("-S", "train.lora_rank=3", "train")
    assert "train" in ran(command(shared, "dvc", "exp", "run", *experiment))  # committed nowhere
    command(shared, *share)
    output = command(mate, "dvc", "exp", "run", "--pull", *experiment)
    assert "Stage 'train' is cached" in output
    assert set(ran(output)) <= {"check"}
    assert (mate / ADAPTER).read_bytes() == (shared / ADAPTER).read_bytes() != result
    for name in ("metrics/train.json", "plots/training/loss.csv"):
        assert (mate / name).read_bytes() == (shared / name).read_bytes()
