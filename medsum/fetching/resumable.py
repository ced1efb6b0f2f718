"""A large file of the hub in the hub's cache, fetched from where a run that was killed left it.

huggingface_hub goes on after a cut connection, but gives each process a part of its own and deletes it in the end.
"""

import hashlib
import os
import re
from pathlib import Path

from filelock import FileLock
from huggingface_hub import constants, hf_hub_url, try_to_load_from_cache
from huggingface_hub.file_download import get_hf_file_metadata, http_get, repo_folder_name
from huggingface_hub.utils._headers import build_hf_headers

WRONG_SHA256 = "Wrong sha256"


def fetch_large(repository: str, name: str, revision: str) -> None:
    """Put the file among the cache's blobs, where `hf_hub_download` finds it, unless it is there.

    Raises what huggingface_hub does, and OSError that begins with WRONG_SHA256 for another content of the right length.
    """
    if isinstance(try_to_load_from_cache(repository, name, revision=revision), str):
        return
    url = hf_hub_url(repository, name, revision=revision)
    about = get_hf_file_metadata(url, retry_on_errors=True)
    if about.size is None or not re.fullmatch(r"[0-9a-f]{64}", about.etag or ""):
        return  # a file in Git itself: small, and named by another hash
    folder = repo_folder_name(repo_id=repository, repo_type="model")
    blob = Path(constants.HF_HUB_CACHE, folder, "blobs", str(about.etag))
    part = blob.with_suffix(".part")
    part.parent.mkdir(parents=True, exist_ok=True)
    with FileLock(blob.with_suffix(".lock")):
        if not blob.exists():
            _complete(part, url, about.size)
            _check(part, blob.name)
            os.replace(part, blob)


def _complete(part: Path, url: str, size: int) -> None:
    """Ask for the rest; what ends in another length, as a page of a proxy does, is no beginning to go on from."""
    if part.exists() and part.stat().st_size > size:
        part.unlink()
    try:
        with part.open("ab") as file:
            http_get(url, file, resume_size=file.tell(), headers=build_hf_headers(), expected_size=size)
    except OSError as error:
        if error.errno is None:
            part.unlink()
        raise


def _check(part: Path, sha256: str) -> None:
    with part.open("rb") as content:
        found = hashlib.file_digest(content, "sha256").hexdigest()
    if found != sha256:
        part.unlink()
        raise OSError(f"{WRONG_SHA256}: it is {found}")
