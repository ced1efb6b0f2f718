"""Pinned files below a URL or a mirror that an environment variable names, each checked by sha256."""

import os
import shutil
import urllib.parse
import urllib.request
from pathlib import Path
from typing import Any

import pooch
from requests import RequestException

from medsum.core.errors import UserError
from medsum.fetching.placing import filling

RETRIES = 3  # pooch waits 1, 2, 3 seconds between them


def copy_file(url: str, output_file: str, _: pooch.Pooch | None) -> None:
    """Pooch downloader for a file:// mirror."""
    shutil.copyfile(urllib.request.url2pathname(urllib.parse.urlsplit(url).path), output_file)


def fetch_files(sha256: dict[str, str], base_url: str, folder: Path, remedy: str) -> None:
    """Fetch the files with the given sha256 below `base_url` (http, https or file) into `folder`.

    Raises UserError when one cannot be reached or is not the pinned one.
    """
    local = base_url.startswith("file://")
    registry = {name: f"sha256:{digest}" for name, digest in sha256.items()}
    retries = 0 if local else RETRIES
    downloads = pooch.create(folder, base_url + "/", registry=registry, retry_if_failed=retries)
    for name in registry:
        try:
            if local:
                downloads.fetch(name, downloader=copy_file)
            else:
                downloads.fetch(name, progressbar=True)
        except ValueError:  # pooch's word for a wrong hash
            raise UserError(f"{base_url}/{name} is not the pinned file: its sha256 differs; {remedy}") from None
        except (OSError, RequestException) as error:
            raise UserError(f"{base_url}/{name} cannot be reached ({type(error).__name__}); {remedy}") from None


def fetch_source(name: str, facts: dict[str, Any], catalogue: Path) -> None:
    """Fetch the files of an entry into its folder of the catalogue, all or none; raise UserError if it fails."""
    pooch.get_logger().setLevel("WARNING")  # the progress bar says enough
    variable, sha256 = facts["mirror_variable"], facts["sha256"]
    remedy = (
        f"set {variable} to a URL (https:// or file://) of a folder with {', '.join(sha256)},"
        f" or use your own folder in {catalogue}"
    )
    base_url = (os.environ.get(variable) or facts["url"]).rstrip("/")
    if not base_url.startswith(("http://", "https://", "file://")):
        raise UserError(f"{variable} is '{base_url}', which is no http://, https:// or file:// URL; {remedy}")
    with filling(catalogue / name) as folder:
        fetch_files(sha256, base_url, folder, remedy)
    print(f"{catalogue / name}: {len(sha256)} files, sha256 checked")
