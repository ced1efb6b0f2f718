"""Fetch the pinned files of a public data set into data/raw/<name>, each checked by sha256.

Reads the network, or the folder that <NAME>_MIRROR names; writes data/raw/<name>/, whole or not at all.
"""

import os
import shutil
import sys
import urllib.parse
import urllib.request
from dataclasses import dataclass
from pathlib import Path

import pooch
from requests import RequestException

from medsum.atomic import replacing_folder
from medsum.errors import UserError, run_script

RAW = Path("data/raw")
RETRIES = 3  # pooch waits 1, 2, 3 seconds between them


@dataclass(frozen=True)
class Source:
    """Where a data set's files come from, and the sha256 of each."""

    url: str
    sha256: dict[str, str]
    mirror_variable: str


SOURCES = {
    "mts-dialog": Source(
        "https://raw.githubusercontent.com/abachaa/MTS-Dialog/3ff0801933608d6f570468c13125125fb5cabdea/Main-Dataset",
        {
            "MTS-Dialog-TrainingSet.csv": "65a28681dd59fc159681ea026e44610f2af7bc64a0e7f892d763eb03d9f503dc",
            "MTS-Dialog-ValidationSet.csv": "227206520c4534381c0d7fba6d3f09319a9af5a6d9603a93c0341af1198e3958",
            "MTS-Dialog-TestSet-1-MEDIQA-Chat-2023.csv": (
                "b4d38dd2c99b2e9860099abcf653f1e0f3e9b69f9fcc45be2a2699b37a4d2f37"
            ),
        },
        "MTS_DIALOG_MIRROR",
    ),
}


def copy_file(url: str, output_file: str, _: pooch.Pooch | None) -> None:
    """Pooch downloader for a file:// mirror."""
    shutil.copyfile(urllib.request.url2pathname(urllib.parse.urlsplit(url).path), output_file)


def fetch_files(source: Source, base_url: str, folder: Path, remedy: str) -> None:
    """Fetch the files of `source` below `base_url` (http, https or file) into `folder`.

    Raises UserError when one cannot be reached or is not the pinned one.
    """
    local = base_url.startswith("file://")
    registry = {name: f"sha256:{digest}" for name, digest in source.sha256.items()}
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


def main() -> None:
    """Fetch the data set named on the command line."""
    pooch.get_logger().setLevel("WARNING")  # the progress bar says enough
    name = sys.argv[1]
    source = SOURCES[name]
    target = RAW / name
    remedy = (
        f"set {source.mirror_variable} to a URL (https:// or file://) of a folder with {', '.join(source.sha256)},"
        f" or use your own folder in {RAW}"
    )
    base_url = (os.environ.get(source.mirror_variable) or source.url).rstrip("/")
    if not base_url.startswith(("http://", "https://", "file://")):
        raise UserError(
            f"{source.mirror_variable} is '{base_url}', which is no http://, https:// or file:// URL; {remedy}"
        )
    with replacing_folder(target) as folder:
        fetch_files(source, base_url, folder, remedy)
    print(f"{target}: {len(source.sha256)} files, sha256 checked")


if __name__ == "__main__":
    run_script(main)
