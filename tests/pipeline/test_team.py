"""A team shares results over a remote, as docs/team.md types it: here S3, served by this machine."""

import os
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from medsum.core.catalogue import entries
from tests.conftest import ROOT, set_params
from tests.hub.repositories import Repository
from tests.hub.server import Hub
from tests.pipeline.conftest import command, commit, under_git
from tests.pipeline.test_screen import UP_TO_DATE
from tests.pipeline.test_staleness import ran

pytestmark = pytest.mark.long
BUCKET = "team"
ADAPTER = "models/finetuned/adapter_model.safetensors"
FETCHED = {"base", "scorer@tiny", "source"}  # what no remote holds is fetched or looked at in each clone


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


@pytest.fixture(params=["tiny", "flan-t5-small"])
def base(
    request: pytest.FixtureRequest, untied_base: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[str]:
    """A base in Git, as compact is, or one of FLAN-T5's shape that is fetched from a hub."""
    name: str = request.param
    for variable in [name for name in os.environ if name.upper().startswith("HF_")]:
        monkeypatch.delenv(variable)
    with Hub() as hub:
        facts = entries(ROOT / "models/base")["flan-t5-small"]
        files = {path.name: path.read_bytes() for path in untied_base.iterdir()}
        hub.repositories[facts["repository"]] = Repository(facts["revision"], files)
        monkeypatch.setenv("HF_ENDPOINT", hub.url)
        monkeypatch.setenv("HF_HOME", str(tmp_path / "hf_home"))
        yield name


@pytest.fixture
def shared(tiny_project: Path, base: str, store: str) -> Path:
    """A tiny project whose whole pipeline has run, with a remote, committed and shared."""
    set_params(tiny_project, **{"model.base": base})
    under_git(tiny_project)
    command(tiny_project, "dvc", "repro")
    command(tiny_project, "dvc", "remote", "add", "--default", "team", f"s3://{BUCKET}/medsum")
    command(tiny_project, "dvc", "remote", "modify", "team", "endpointurl", store)
    commit(tiny_project, "First run")
    log_in(tiny_project)
    share(tiny_project)
    return tiny_project


def share(folder: Path) -> None:
    command(folder, sys.executable, "-m", "medsum.review.sharing")


def clone(shared: Path, folder: Path) -> Path:
    """A teammate's fresh copy: Git's files alone."""
    command(folder.parent, "git", "clone", "--quiet", str(shared), str(folder))
    assert not (folder / ".dvc/cache").exists()
    assert not (folder / ADAPTER).exists()
    log_in(folder)
    return folder


def experiment(folder: Path, rank: int) -> list[str]:
    """Run an experiment as docs/team.md types it, with the team's results; gives the stages that ran."""
    return ran(command(folder, "dvc", "exp", "run", "--pull", "-S", f"train.lora_rank={rank}"))


def test_a_teammate_gets_results_and_experiments_without_training_and_loses_nothing(
    shared: Path, tmp_path: Path
) -> None:
    result = (shared / ADAPTER).read_bytes()
    mate = clone(shared, tmp_path / "mate")
    assert set(ran(command(mate, "dvc", "repro", "--pull"))) <= FETCHED
    assert (mate / ADAPTER).read_bytes() == result
    assert command(mate, "git", "status", "--porcelain") == ""
    assert command(mate, "dvc", "status") == UP_TO_DATE

    assert "train" in experiment(shared, 3)  # committed nowhere
    share(shared)
    other = clone(shared, tmp_path / "other")  # has pulled nothing yet
    for folder in (mate, other):
        assert set(experiment(folder, 3)) <= {"check", *FETCHED}
        assert (folder / ADAPTER).read_bytes() == (shared / ADAPTER).read_bytes() != result
        for name in ("metrics/evaluation.json", "metrics/train.json", "plots/training/loss.csv", "reports/errors.json"):
            assert (folder / name).read_bytes() == (shared / name).read_bytes()

    assert experiment(other, 4).count("train") == 1  # a new one
    assert (other / ADAPTER).is_file()
    command(other, "git", "checkout", "--quiet", ".")
    assert ran(command(other, "dvc", "repro", "--pull")) == []
    assert (other / ADAPTER).read_bytes() == result
    assert command(other, "dvc", "status") == UP_TO_DATE


def test_a_base_of_ones_own_is_copied_into_the_copies_of_the_project_that_dvc_runs_in(
    tiny_project: Path, tiny_base: Path
) -> None:
    under_git(tiny_project)
    own = tiny_project / "models/base/mine"
    own.mkdir()
    for file in tiny_base.iterdir():
        (own / file.name).write_bytes(file.read_bytes())
    output = command(tiny_project, "dvc", "exp", "run", "--temp", "-S", "model.base=mine", "train")
    assert "models/base/mine: copied from the main project" in output
    assert command(tiny_project, "git", "status", "--porcelain") == ""
