"""Fetch files from a URL or from a mirror, and check the sha256 of each file.

The user can set an environment variable to the URL of a mirror. The key `mirror_variable` of the entry in the catalogue
is the name of this variable.
"""

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

RETRIES = 3  # pooch waits 1, 2 and 3 seconds before the retries


def copy_file(url: str, output_file: str, _: pooch.Pooch | None) -> None:
    """Copy a file from a file:// mirror. Pooch calls this function as its downloader."""
    shutil.copyfile(urllib.request.url2pathname(urllib.parse.urlsplit(url).path), output_file)


def fetch_files(sha256: dict[str, str], base_url: str, folder: Path, remedy: str) -> None:
    """Fetch files below `base_url` (http, https or file) into `folder`. `sha256` maps each file name to its hash.

    Raise UserError if a file cannot be reached or has a wrong sha256.
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
        except ValueError:  # pooch raises this for a wrong hash
            raise UserError(f"{base_url}/{name} is not the pinned file: its sha256 differs; {remedy}") from None
        except (OSError, RequestException) as error:
            raise UserError(f"{base_url}/{name} cannot be reached ({type(error).__name__}); {remedy}") from None


def fetch_source(name: str, facts: dict[str, Any], catalogue: Path) -> None:
    """Fetch all files of an entry into its folder. If a file cannot be fetched, keep no file and raise UserError."""
    pooch.get_logger().setLevel("WARNING")  # the progress bar shows enough
    variable, sha256 = facts["mirror_variable"], facts["sha256"]
    remedy = (
        f"set {variable} to a URL (https:// or file://) of a folder with {', '.join(sha256)},"
        f" or use your own folder in {catalogue}"
    )
    base_url = (os.environ.get(variable) or facts["url"]).rstrip("/")
    if not base_url.startswith(("http://", "https://", "file://")):
        raise UserError(f"{variable} is '{base_url}', which is not an http://, https:// or file:// URL; {remedy}")
    with filling(catalogue / name) as folder:
        fetch_files(sha256, base_url, folder, remedy)
    print(f"{catalogue / name}: {len(sha256)} files, sha256 checked")
