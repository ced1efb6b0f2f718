"""Fetch models from a Hugging Face hub. Only the safetensors, config and tokenizer files are fetched.

Files that are already in the hub's local cache are not downloaded. HF_HOME, HF_ENDPOINT, HF_TOKEN, HF_HUB_OFFLINE and
the proxy variables have their usual meaning.
"""

import json
import os
import shutil
from fnmatch import fnmatch
from pathlib import Path

os.environ.setdefault("HF_HUB_DISABLE_XET", "1")  # use plain HTTPS, which works with proxies and can resume a download
os.environ.setdefault("HF_HUB_VERBOSITY", "error")  # the progress bars and this module's error message are enough

import httpx2
from huggingface_hub import constants, hf_hub_download, model_info, try_to_load_from_cache
from huggingface_hub.errors import (
    GatedRepoError,
    HfHubHTTPError,
    OfflineModeIsEnabled,
    RepositoryNotFoundError,
    RevisionNotFoundError,
)
from safetensors import SafetensorError, safe_open

from medsum.core.errors import UserError
from medsum.core.paths import BASES, SCORERS
from medsum.fetching.placing import filling
from medsum.fetching.resumable import WRONG_SHA256, WRONG_SIZE, fetch_large

PARAMETER = {BASES: "model.base", SCORERS: "evaluate.scorer"}  # for each catalogue, the parameter that names an entry
CONFIG = "config.json"
INDEX = "model.safetensors.index.json"
TOKENIZER = ("added_tokens.json", "merges.txt", "special_tokens_map.json", "*.model", "tokenizer*.json", "vocab.*")
WEIGHTS = {"model.safetensors", INDEX}  # a model has its weights in one file, or in several files with an index
WANTED = (CONFIG, "generation_config.json", *TOKENIZER, *WEIGHTS, "model-*-of-*.safetensors")
CARRIED = Path("models/hub")  # `make bundle` copies files here for networks without internet; one folder per revision
# The address of a mirror may contain a user name and a password. No message may show them.
HOST = constants.ENDPOINT.rpartition("@")[2]


def list_files(repository: str, revision: str) -> list[str]:
    """Return the names of the files at the revision. If the hub does not answer, return the names in the local cache.

    The hub is asked only once, with a short time limit.
    """
    try:
        answer = model_info(repository, revision=revision, timeout=constants.HF_HUB_ETAG_TIMEOUT)
        return [file.rfilename for file in answer.siblings or []]
    except (httpx2.HTTPError, OSError, ValueError):
        config = try_to_load_from_cache(repository, CONFIG, revision=revision)
        cached = [file.name for file in Path(config).parent.iterdir()] if isinstance(config, str) else []
        if WEIGHTS.isdisjoint(cached):
            raise
        return cached


def download(repository: str, revision: str) -> list[Path]:
    """Return the files of a model in models/hub. If there are none, return the files in the hub's local cache.

    First download the files that are missing in the cache; the weights come last. If a download of weights was
    interrupted, resume it.
    """
    # DVC runs some experiments in a copy of the project, which has no models/hub. DVC_ROOT names the main project.
    carried = Path(os.environ.get("DVC_ROOT", "."), CARRIED, revision)
    if carried.is_dir():
        return sorted(carried.iterdir())
    names = list_files(repository, revision)
    if WEIGHTS.isdisjoint(names):
        raise UserError(
            f"{repository} has no model.safetensors at revision {revision}, and pickled weights are not loaded; convert"
            " them with save_pretrained on a machine that may load them, then use the folder as your own model"
        )
    wanted = [name for name in names if "/" not in name and any(fnmatch(name, pattern) for pattern in WANTED)]
    wanted.sort(key=lambda name: ("safetensors" in name, name))
    files = []
    for name in wanted:
        if name.endswith(".safetensors"):
            fetch_large(repository, name, revision)
        files.append(Path(hf_hub_download(repository, name, revision=revision)))
    return files


def check_weights(snapshot: Path) -> None:
    """Raise UserError if a file of weights in the cache is missing or incomplete."""
    index = snapshot / INDEX
    try:
        shards = json.loads(index.read_bytes())["weight_map"].values() if index.exists() else ["model.safetensors"]
        for shard in sorted(set(shards)):
            with safe_open(snapshot / shard, framework="numpy"):
                pass  # safe_open raises an error if the file is shorter than its header says
    except (OSError, SafetensorError, KeyError, ValueError):
        place = snapshot if snapshot.parent.name == CARRIED.name else snapshot.parents[1]
        raise UserError(f"{place} holds broken weights; delete this folder and run again") from None


def explain(error: Exception, repository: str, revision: str) -> str:
    """Return the cause of an error and the most likely remedy, in one line."""
    # huggingface_hub hides the cause of some errors in a FileNotFoundError.
    cause = error.__cause__ if isinstance(error, FileNotFoundError) and error.__cause__ else error
    match cause:
        case GatedRepoError():
            return f"{repository} is gated: accept its terms at {HOST}/{repository} and set HF_TOKEN to your token"
        case RevisionNotFoundError():
            return f"{HOST} has no revision {revision} of {repository}; unset HF_ENDPOINT or update the mirror"
        case RepositoryNotFoundError():
            return f"{HOST} has no repository {repository}; set HF_TOKEN if it is private, or HF_ENDPOINT to its host"
        case OfflineModeIsEnabled():
            return f"{repository} is not in {constants.HF_HUB_CACHE}, and HF_HUB_OFFLINE forbids the network; unset it"
        case HfHubHTTPError(response=response) if response.status_code in (401, 403):
            return f"{HOST} refuses {repository} (HTTP {response.status_code}); set HF_TOKEN to a token with access"
        case HfHubHTTPError(response=response):
            return f"{HOST} fails for {repository} (HTTP {response.status_code}); try again later"
        case httpx2.RemoteProtocolError() | httpx2.ReadError():
            return f"the download of {repository} was cut off; run the same command again"
        case httpx2.HTTPError():
            return (
                f"{HOST} cannot be reached ({type(cause).__name__}); set HF_ENDPOINT to a mirror or correct HTTPS_PROXY"
            )
        case OSError(errno=int()):
            return f"{constants.HF_HUB_CACHE} cannot be written: {cause.strerror}; free space or set HF_HOME elsewhere"
        case OSError() if str(cause).startswith(WRONG_SHA256):
            return (
                f"{HOST} sent a file of {repository} whose sha256 differs from the announced one; run the same"
                " command again without a caching proxy, or set HF_ENDPOINT to another mirror"
            )
        case OSError() if str(cause).startswith(WRONG_SIZE):
            return f"a file of {repository} is incomplete; run the same command again without a caching proxy"
    return f"{HOST} does not answer like a model hub; check HF_ENDPOINT and the proxy"


def fetch_from_hub(name: str, facts: dict[str, str], catalogue: Path) -> None:
    """Fetch the repository of an entry into the folder of the entry, either completely or not at all.

    Raise UserError with the cause and with another way to get the files.
    """
    repository, revision = facts["repository"], facts["revision"]
    try:
        files = download(repository, revision)
    except (httpx2.HTTPError, OSError, ValueError) as error:
        own = catalogue / f"my-{name}"
        raise UserError(
            f"{explain(error, repository, revision)}; or, on a closed network, put config.json, model.safetensors and"
            f" the tokenizer files into {own} and choose {PARAMETER[catalogue]}={own.name}, or copy HF_HOME/hub from"
            " a machine that has fetched them and set HF_HUB_OFFLINE=1"
        ) from None
    check_weights(files[0].parent)
    with filling(catalogue / name) as folder:
        for file in files:
            shutil.copyfile(file, folder / file.name)
    print(f"{catalogue / name}: {len(files)} files of {repository} at {revision[:7]}")
