"""The real script against a hub of our own, which fails in every way that a hub, a proxy or a disk does."""

import hashlib
import json
import os
import re
import resource
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import numpy as np
import pytest
from safetensors.numpy import save

from medsum.core import manifest
from medsum.core.catalogue import entries
from tests.conftest import ROOT, run_stage, set_params
from tests.hub.repositories import Repository
from tests.hub.server import ALWAYS, Fault, Hub

NAME = "flan-t5-small"
ITEMS = {name: facts for name, facts in entries(ROOT / "models/base").items() if facts["kind"] == "hub"}
FETCHED = [name for name, facts in entries(ROOT / "models/base").items() if facts["kind"] != "git"]
REPOSITORY, REVISION = ITEMS[NAME]["repository"], ITEMS[NAME]["revision"]
INFO = f"/api/models/{REPOSITORY}/revision/{REVISION}"
RESOLVE = f"/{REPOSITORY}/resolve/{REVISION}"
TOKEN = "hf_AStringThatNobodyMayReadInALog"
PART = 10 * 2**20  # bytes that huggingface_hub keeps at a time: it resumes at a multiple
UNWANTED = {
    ".gitattributes": b"*.bin filter=lfs",
    "README.md": b"# FLAN-T5",
    "flax_model.msgpack": b"flax",
    "onnx/model.safetensors": b"onnx",
    "onnx/spiece.model": b"onnx",
    "pytorch_model.bin": b"pickle",
    "tf_model.h5": b"tensorflow",
}
OURS = (".gitignore", manifest.NAME)  # what no repository brings


@cache
def weights(numbers: int) -> bytes:
    return save({"shared.weight": np.arange(numbers, dtype=np.float32)})


def small_files() -> dict[str, bytes]:
    return {
        "config.json": b'{"model_type": "t5"}',
        "model.safetensors": weights(1000),
        "spiece.model": b"pieces",
        "tokenizer.json": b"{}",
        "tokenizer_config.json": b"{}",
    }


def large(content: bytes) -> str:
    """Path where the hub's other host has a large file."""
    return f"/large/{hashlib.sha256(content).hexdigest()}"


@pytest.fixture(autouse=True)
def _no_settings_of_whoever_runs_the_tests(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in os.environ:
        if name.upper().startswith(("HF_", "TRANSFORMERS_OFFLINE")) or name.upper().endswith("_PROXY"):
            monkeypatch.delenv(name)


@pytest.fixture
def hub() -> Iterator[Hub]:
    with Hub() as hub:
        hub.repositories[REPOSITORY] = Repository(REVISION, small_files())
        yield hub


@pytest.fixture
def environment(hub: Hub, tmp_path: Path) -> dict[str, str]:
    return {"HF_ENDPOINT": hub.url, "HF_HOME": str(tmp_path / "hf_home")}


def fetch(project: Path, environment: dict[str, str], **more: str) -> subprocess.CompletedProcess[str]:
    return run_stage(project, "fetch_base", NAME, env={**environment, **more})


def fetch_with_little_disk(project: Path, environment: dict[str, str]) -> subprocess.CompletedProcess[str]:
    """Run the script where no file may grow past 100 kB: the nearest to a full disk that needs no disk."""
    return subprocess.run(
        [sys.executable, "-B", "-m", "stages.fetch_base", NAME],
        cwd=project,
        env={**os.environ, **environment},
        capture_output=True,
        encoding="utf-8",
        check=False,
        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (100_000, 100_000)),
    )


def dvc_repro(project: Path, environment: dict[str, str]) -> int:
    path = os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"]])
    command = ["dvc", "repro", "--quiet", "base"]
    return subprocess.run(command, cwd=project, env={**os.environ, **environment, "PATH": path}, check=False).returncode


def fetched(project: Path) -> dict[str, bytes]:
    return contents(project / "models/base" / NAME)


def contents(folder: Path) -> dict[str, bytes]:
    """What was fetched, each file listed in the folder's manifest; .gitignore is in Git."""
    files = {path.name: path.read_bytes() for path in folder.iterdir() if path.name not in OURS}
    assert manifest.read(folder) == {name: hashlib.sha256(content).hexdigest() for name, content in files.items()}
    return files


def forget(project: Path) -> None:
    """Delete what was fetched; the folder is as Git has it."""
    for path in (project / "models/base" / NAME).iterdir():
        if path.name != ".gitignore":
            path.unlink()


def told(done: subprocess.CompletedProcess[str], project: Path) -> str:
    """The one sentence of a run that failed and left nothing behind."""
    assert (done.returncode, done.stdout) == (1, ""), done.stderr
    assert re.fullmatch(r"Error: [^\n]+[^.\n]\n", done.stderr), done.stderr
    there = sorted(
        path.relative_to(project / "models/base").as_posix() for path in (project / "models/base").rglob("*")
    )
    there = [name for name in there if not name.endswith(".md")]  # the cards
    assert there == sorted([".gitignore", "catalogue.yaml", *FETCHED, *(f"{name}/.gitignore" for name in FETCHED)])
    return done.stderr


@pytest.mark.parametrize("name", ITEMS)
def test_every_name_stands_for_one_commit_of_a_model(name: str) -> None:
    assert re.fullmatch(r"[0-9a-f]{40}", ITEMS[name]["revision"])


def test_its_usage_is_printed_and_told_where_words_are_missing(project: Path) -> None:
    done = run_stage(project, "fetch_base", "--help")
    assert (done.returncode, done.stderr) == (0, "")
    assert "python -m stages.fetch_base NAME" in done.stdout
    for words in ([], [NAME, REPOSITORY, REVISION]):
        sentence = told(run_stage(project, "fetch_base", *words), project)
        assert f"write one name: {', '.join(sorted(entries(ROOT / 'models/base')))}, or your own" in sentence
    sentence = told(run_stage(project, "fetch_base", REPOSITORY), project)
    assert f"is '{REPOSITORY}', which is called {NAME} here" in sentence
    assert "'../x' is not the name of a folder" in told(run_stage(project, "fetch_base", "../x"), project)


@pytest.mark.parametrize("name", ITEMS)
def test_a_name_that_is_not_fetched_yet_passes_the_check(project: Path, name: str) -> None:
    set_params(project, **{"model.base": name})
    assert run_stage(project, "check").returncode == 0


def test_a_true_t5_arrives_byte_for_byte_without_anything_pickled(
    project: Path, hub: Hub, environment: dict[str, str], tiny_base: Path
) -> None:
    files = {path.name: path.read_bytes() for path in tiny_base.iterdir()}
    hub.repositories[REPOSITORY].files = files | UNWANTED
    done = fetch(project, environment)
    assert done.stdout == f"models/base/{NAME}: {len(files)} files of {REPOSITORY} at {REVISION[:7]}\n", done.stderr
    assert fetched(project) == files
    assert not {path for path in hub.paths() if path.endswith(tuple(UNWANTED))}


def test_shards_arrive_with_their_index(project: Path, hub: Hub, environment: dict[str, str]) -> None:
    shards = {f"model-0000{n}-of-00002.safetensors": weights(n) for n in (1, 2)}
    index = {"weight_map": {f"layer.{n}": name for n, name in enumerate(shards)}}
    files = {"config.json": b"{}", "model.safetensors.index.json": json.dumps(index).encode(), **shards}
    hub.repositories[REPOSITORY].files = files
    assert fetch(project, environment).returncode == 0
    assert fetched(project) == files


def test_an_encoder_arrives_in_the_catalogue_of_scorers(
    project: Path, hub: Hub, environment: dict[str, str], tiny_encoder: Path
) -> None:
    item = entries(ROOT / "models/scorer")["roberta-large"]
    assert re.fullmatch(r"[0-9a-f]{40}", item["revision"])
    files = {path.name: path.read_bytes() for path in tiny_encoder.iterdir()}
    hub.repositories[item["repository"]] = Repository(item["revision"], files | UNWANTED)
    arguments = ("fetch_scorer", "roberta-large")
    done = run_stage(project, *arguments, env=environment)
    assert done.returncode == 0, done.stderr
    folder = project / "models/scorer/roberta-large"
    assert contents(folder) == files
    set_params(project, **{"evaluate.scorer": "roberta-large", "model.base": NAME})
    assert run_stage(project, "check").returncode == 0

    shutil.rmtree(folder)
    hub.stop()
    done = run_stage(project, *arguments, env={**environment, "HF_HOME": str(project / "empty")})
    assert "into models/scorer/my-roberta-large and choose evaluate.scorer=my-roberta-large" in done.stderr
    assert not folder.exists()


@pytest.mark.parametrize("more", [{"HF_HUB_OFFLINE": "1"}, {}], ids=["offline", "unreachable"])
def test_what_was_fetched_once_needs_no_hub(
    project: Path, hub: Hub, environment: dict[str, str], more: dict[str, str]
) -> None:
    assert fetch(project, environment).returncode == 0
    hub.stop()
    forget(project)
    assert fetch(project, environment, **more).returncode == 0
    assert fetched(project) == small_files()


def test_a_cache_copied_from_another_machine_serves_a_closed_network(
    project: Path, environment: dict[str, str], tmp_path: Path
) -> None:
    assert fetch(project, environment).returncode == 0
    forget(project)
    brought = tmp_path / "brought"
    shutil.move(environment["HF_HOME"], brought)
    assert fetch(project, {"HF_HOME": str(brought), "HF_HUB_OFFLINE": "1"}).returncode == 0
    assert fetched(project) == small_files()


def test_files_that_a_bundle_brought_need_no_hub(project: Path, environment: dict[str, str]) -> None:
    carried = project / "models/hub" / REVISION
    carried.mkdir(parents=True)
    for name, content in small_files().items():
        (carried / name).write_bytes(content)
    done = fetch(project, environment | {"HF_ENDPOINT": "http://127.0.0.1:9"})
    assert done.returncode == 0, done.stderr
    assert fetched(project) == small_files()


def test_the_token_is_given_to_the_hub_alone_and_never_shown(
    project: Path, hub: Hub, environment: dict[str, str]
) -> None:
    hub.repositories[REPOSITORY].readers = {TOKEN}
    done = fetch(project, environment, HF_TOKEN=TOKEN)
    assert done.returncode == 0, done.stderr
    assert TOKEN not in done.stdout + done.stderr
    asked = {(request.host.partition(":")[0], request.token) for request in hub.requests if REPOSITORY in request.path}
    assert asked == {("127.0.0.1", TOKEN)}
    assert {request.token for request in hub.requests if request.path.startswith("/large/")} == {None}


def test_a_refused_token_is_not_shown_either(project: Path, hub: Hub, environment: dict[str, str]) -> None:
    hub.repositories[REPOSITORY].readers = {"hf_another"}
    assert TOKEN not in told(fetch(project, environment, HF_TOKEN=TOKEN), project)


def test_user_and_password_of_a_mirror_are_not_shown(project: Path, hub: Hub, environment: dict[str, str]) -> None:
    hub.repositories.clear()
    mirror = hub.url.replace("//", f"//user:{TOKEN}@")
    assert TOKEN not in told(fetch(project, environment, HF_ENDPOINT=mirror), project)


def test_a_cut_download_goes_on_where_it_stopped(project: Path, hub: Hub, environment: dict[str, str]) -> None:
    content = weights(4 * 2**20)
    hub.repositories[REPOSITORY].files["model.safetensors"] = content
    hub.faults.append(Fault(large(content), cut_after=PART + 2**20))
    assert fetch(project, environment).returncode == 0
    assert fetched(project)["model.safetensors"] == content
    ranges = [request.range for request in hub.requests if request.path == large(content)]
    assert ranges == [None, f"bytes={PART}-"]


def test_a_download_that_was_killed_goes_on_where_it_stopped(
    project: Path, hub: Hub, environment: dict[str, str]
) -> None:
    content = weights(4 * 2**20)
    hub.repositories[REPOSITORY].files["model.safetensors"] = content
    hub.faults.append(Fault(large(content), stall_after=PART + 2**20))
    command = [sys.executable, "-m", "stages.fetch_base", NAME]
    killed = subprocess.Popen(command, cwd=project, env={**os.environ, **environment})
    try:
        end = time.monotonic() + 100
        while [path.stat().st_size for path in Path(environment["HF_HOME"]).rglob("*.part")] != [PART]:
            assert time.monotonic() < end
            time.sleep(0.1)
    finally:
        killed.kill()
        killed.wait()
    assert fetched(project) == {}
    assert fetch(project, environment).returncode == 0
    assert fetched(project)["model.safetensors"] == content
    ranges = [request.range for request in hub.requests if request.path == large(content)]
    assert ranges == [None, f"bytes={PART}-"]
    assert not list(Path(environment["HF_HOME"]).rglob("*.part"))


def test_a_proxy_that_ignores_the_range_sends_the_file_from_its_beginning(
    project: Path, hub: Hub, environment: dict[str, str]
) -> None:
    content = weights(4 * 2**20)
    hub.repositories[REPOSITORY].files["model.safetensors"] = content
    hub.faults += [Fault(large(content), cut_after=PART + 2**20), Fault(large(content), whole=True)]
    assert fetch(project, environment).returncode == 0
    assert fetched(project)["model.safetensors"] == content
    ranges = [request.range for request in hub.requests if request.path == large(content)]
    assert ranges == [None, f"bytes={PART}-"]


def test_a_part_that_is_none_of_the_file_is_thrown_away(project: Path, environment: dict[str, str]) -> None:
    blobs = Path(environment["HF_HOME"], "hub", f"models--google--{NAME}", "blobs")
    blobs.mkdir(parents=True)
    (blobs / f"{hashlib.sha256(weights(1000)).hexdigest()}.part").write_bytes(b"<html>Log in</html>")
    sentence = told(fetch(project, environment), project)
    assert f"sent a file of {REPOSITORY} whose sha256 differs from the announced one; run the same" in sentence
    assert fetch(project, environment).returncode == 0
    assert fetched(project) == small_files()


def test_files_that_were_whole_are_not_fetched_again(project: Path, hub: Hub, environment: dict[str, str]) -> None:
    hub.faults.append(Fault(f"{RESOLVE}/model.safetensors", method="HEAD", status=404))
    told(fetch(project, environment), project)
    assert fetch(project, environment).returncode == 0
    assert hub.paths().count(f"{RESOLVE}/config.json") == 1


def test_a_hub_that_is_overloaded_for_a_moment_is_asked_again(
    project: Path, hub: Hub, environment: dict[str, str]
) -> None:
    hub.faults.append(Fault(f"{RESOLVE}/config.json", method="HEAD", status=503))
    assert fetch(project, environment).returncode == 0
    assert hub.paths("HEAD").count(f"{RESOLVE}/config.json") == 2


def test_everything_goes_through_the_proxy_that_is_set(project: Path, hub: Hub, environment: dict[str, str]) -> None:
    done = fetch(project, environment, HF_ENDPOINT="http://hub.invalid", HTTP_PROXY=hub.url)
    assert done.returncode == 0, done.stderr
    assert fetched(project) == small_files()


@pytest.mark.parametrize(
    ("fault", "more", "words"),
    [
        (Fault(f"{RESOLVE}/*", "HEAD", ALWAYS, status=401), {}, "refuses .* HF_TOKEN"),
        (Fault(INFO, status=503), {}, r"\(HTTP 503\); try again later"),
        (Fault(INFO, page=b"<html>Log in</html>"), {}, "does not answer like a model hub; check HF_ENDPOINT"),
        (Fault(INFO, silent=True), {"HF_HUB_ETAG_TIMEOUT": "1"}, r"\(ReadTimeout\); set HF_ENDPOINT .* HTTPS_PROXY"),
        (Fault(large(weights(1000)), keep=99, times=ALWAYS), {}, "is incomplete; run the same command again"),
        (Fault(large(weights(1000)), page=weights(1000)[::-1], times=ALWAYS), {}, "whose sha256 differs from"),
        (Fault(""), {"HF_ENDPOINT": "http://127.0.0.1:1"}, r"127.0.0.1:1 cannot be reached \(ConnectError\)"),
        (Fault(""), {"HF_HUB_OFFLINE": "1"}, "is not in .*hf_home/hub, and HF_HUB_OFFLINE forbids .*; unset it"),
    ],
    ids=["refused", "5xx", "login page", "silent", "truncated", "other bytes", "no connection", "offline"],
)
def test_a_hub_that_fails_is_told_in_one_sentence(
    project: Path, hub: Hub, environment: dict[str, str], fault: Fault, more: dict[str, str], words: str
) -> None:
    hub.faults = [Fault(**vars(fault))]
    sentence = told(fetch(project, environment, **more), project)
    assert re.search(words, sentence)
    assert f"into models/base/my-{NAME} and choose model.base=my-{NAME}" in sentence
    assert "copy HF_HOME/hub from a machine that has fetched them and set HF_HUB_OFFLINE=1" in sentence


@pytest.mark.slow
def test_a_connection_that_is_always_cut_is_given_up(project: Path, hub: Hub, environment: dict[str, str]) -> None:
    hub.faults.append(Fault(large(weights(1000)), cut_after=99, times=ALWAYS))  # six times, a second between
    assert "was cut off; run the same command again" in told(fetch(project, environment), project)


@pytest.mark.parametrize("token", ["", "hf_of_somebody_else"], ids=["nobody", "somebody else"])
def test_a_gated_repository_names_its_terms(project: Path, hub: Hub, environment: dict[str, str], token: str) -> None:
    hub.repositories[REPOSITORY].readers = {TOKEN}
    sentence = told(fetch(project, environment, HF_TOKEN=token), project)
    assert f"is gated: accept its terms at {hub.url}/{REPOSITORY} and set HF_TOKEN" in sentence


def test_a_missing_repository_is_named(project: Path, hub: Hub, environment: dict[str, str]) -> None:
    hub.repositories.clear()
    assert f"{hub.url} has no repository {REPOSITORY}; set HF_TOKEN" in told(fetch(project, environment), project)


def test_a_missing_revision_is_named(project: Path, hub: Hub, environment: dict[str, str]) -> None:
    hub.repositories[REPOSITORY].revision = "0" * 40
    sentence = told(fetch(project, environment), project)
    assert f"has no revision {REVISION} of {REPOSITORY}; unset HF_ENDPOINT or update the mirror" in sentence


def test_a_repository_with_pickled_weights_only_is_refused(
    project: Path, hub: Hub, environment: dict[str, str]
) -> None:
    hub.repositories[REPOSITORY].files = {"config.json": b"{}", "pytorch_model.bin": b"pickle"}
    assert f"{REPOSITORY} has no model.safetensors" in told(fetch(project, environment), project)
    assert not [path for path in hub.paths() if path.startswith(RESOLVE)]


def test_a_full_cache_is_told_with_its_place(project: Path, hub: Hub, environment: dict[str, str]) -> None:
    hub.repositories[REPOSITORY].files["model.safetensors"] = weights(2**18)
    sentence = told(fetch_with_little_disk(project, environment), project)
    assert f"{environment['HF_HOME']}/hub cannot be written: File too large; free space or set HF_HOME" in sentence


def test_a_full_project_disk_is_told_and_leaves_nothing(project: Path, hub: Hub, environment: dict[str, str]) -> None:
    hub.repositories[REPOSITORY].files["model.safetensors"] = weights(2**18)
    assert fetch(project, environment).returncode == 0
    forget(project)
    sentence = told(fetch_with_little_disk(project, environment), project)
    assert f"models/base/{NAME} cannot be written: File too large; free space" in sentence


def test_a_cache_that_was_copied_in_part_is_told_with_its_place(project: Path, environment: dict[str, str]) -> None:
    assert fetch(project, environment).returncode == 0
    forget(project)
    snapshot = Path(environment["HF_HOME"], "hub", f"models--google--{NAME}", "snapshots", REVISION)
    (snapshot / "model.safetensors").write_bytes(weights(1000)[:99])
    folder = snapshot.parents[1]
    assert f"{folder} holds broken weights; delete this folder" in told(fetch(project, environment), project)
    shutil.rmtree(folder)
    assert fetch(project, environment).returncode == 0


def test_a_folder_that_cannot_be_replaced_stays_as_it_was(project: Path, hub: Hub, environment: dict[str, str]) -> None:
    hub.stop()
    own = project / "models/base" / NAME / "config.json"
    own.write_text("by hand")
    assert fetch(project, environment).returncode == 1
    assert own.read_text() == "by hand"


def test_dvc_fetches_by_name_and_deletes_nothing_that_it_cannot_replace(
    project: Path, environment: dict[str, str]
) -> None:
    folder = project / "models/base" / NAME
    set_params(project, **{"model.base": NAME})
    (folder / "config.json").write_text("by hand")
    subprocess.run(["git", "init", "--quiet"], cwd=project, check=True)
    assert dvc_repro(project, {**environment, "HF_HUB_OFFLINE": "1"}) != 0
    assert (folder / "config.json").read_text() == "by hand"
    assert dvc_repro(project, environment) == 0
    assert fetched(project) == small_files()
