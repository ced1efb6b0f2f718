"""Download a large file of a model hub into the hub's local cache. A download that was interrupted is resumed.

huggingface_hub can resume a download only in the same process. Each process has its own partial file and deletes this
file at its end. This module can also resume the download of a process that was killed.
"""

import os
import re
import time
from pathlib import Path
from typing import BinaryIO, NoReturn

import httpx2
from filelock import FileLock
from huggingface_hub import constants, get_hf_file_metadata, hf_hub_url, try_to_load_from_cache
from huggingface_hub.utils import build_hf_headers, hf_raise_for_status, http_stream_backoff
from tqdm import tqdm

from medsum.core.hashing import sha256

WRONG_SHA256 = "Wrong sha256"
WRONG_SIZE = "Consistency check failed"  # huggingface_hub's error for a small file begins with the same words
CHUNK_BYTES = 10 * 2**20
RETRIES = 5  # the download fails after this number of attempts in a row without a new byte
RETRY_SECONDS = 1
CUT = (httpx2.ConnectError, httpx2.TimeoutException, httpx2.RemoteProtocolError)


def fetch_large(repository: str, name: str, revision: str) -> None:
    """Download the file into the cache's folder of blobs, unless it is already there. `hf_hub_download` finds it there.

    Raise the errors of huggingface_hub. Raise OSError with WRONG_SHA256 or WRONG_SIZE at its beginning if the content
    is wrong.
    """
    if isinstance(try_to_load_from_cache(repository, name, revision=revision), str):
        return
    url = hf_hub_url(repository, name, revision=revision)
    about = get_hf_file_metadata(url, retry_on_errors=True)
    if about.size is None or not re.fullmatch(r"[0-9a-f]{64}", about.etag or ""):
        return  # the hub stores this file in Git: it is small, and its etag is not a sha256
    folder = f"models--{repository.replace('/', '--')}"  # the hub's documentation describes this layout of the cache
    blob = Path(constants.HF_HUB_CACHE, folder, "blobs", str(about.etag))
    part = blob.with_suffix(".part")
    part.parent.mkdir(parents=True, exist_ok=True)
    with FileLock(blob.with_suffix(".lock")):
        if not blob.exists():
            _complete(part, url, about.size)
            _check(part, blob.name)
            os.replace(part, blob)


def _complete(part: Path, url: str, size: int) -> None:
    """Download the rest of the file into `part`. If the final length is wrong, delete `part`.

    The length is wrong, for example, if `part` is the error page of a proxy.
    """
    if part.exists() and part.stat().st_size > size:
        part.unlink()
    with part.open("ab") as file:
        _append_with_retries(file, url, size)
        length = file.tell()
    if length != size:
        part.unlink()
        raise OSError(f"{WRONG_SIZE}: the file has {length} bytes instead of {size}")


def _append_with_retries(file: BinaryIO, url: str, size: int) -> None:
    retries, name = RETRIES, url.rpartition("/")[2]
    with tqdm(unit="B", unit_scale=True, total=size, initial=file.tell(), desc=name, disable=None) as bar:
        while (start := file.tell()) < size:
            try:
                _append(file, url, bar)
                return
            except CUT:
                retries = RETRIES if file.tell() > start else retries - 1
                if retries < 0:
                    raise
                time.sleep(RETRY_SECONDS)


def _append(file: BinaryIO, url: str, bar: "tqdm[NoReturn]") -> None:
    """Append the missing bytes to the file. If the server sends the whole file instead, replace the content."""
    start = file.tell()
    headers = build_hf_headers() | ({"Range": f"bytes={start}-"} if start else {})
    with http_stream_backoff(
        "GET",
        url,
        headers=headers,
        timeout=constants.HF_HUB_DOWNLOAD_TIMEOUT,
        retry_on_exceptions=(),
        retry_on_status_codes=(408, 429),
    ) as response:
        hf_raise_for_status(response)
        if start and response.status_code == httpx2.codes.OK:
            file.seek(0)
            file.truncate()
            bar.update(-start)
        for chunk in response.iter_bytes(CHUNK_BYTES):
            file.write(chunk)
            bar.update(len(chunk))


def _check(part: Path, pinned: str) -> None:
    found = sha256(part)
    if found != pinned:
        part.unlink()
        raise OSError(f"{WRONG_SHA256}: the file has {found}")
