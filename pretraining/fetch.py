"""Fetch one text of data/pretraining/: `python -m pretraining.fetch medquad`.

The text comes from GitHub at a pinned commit and is extracted by the rule below. Or it comes from a mirror: the
environment variable PRETRAINING_MIRROR has the URL (http(s):// or file://) of a folder with the two .gz files. In both
cases, the sha256 of the text is checked.
"""

import csv
import gzip
import hashlib
import io
import os
import re
import sys
import tempfile
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple
from urllib.parse import urlsplit
from urllib.request import url2pathname
from xml.sax.saxutils import unescape

import pooch
import requests

FOLDER = Path("data/pretraining")
MIRROR = "PRETRAINING_MIRROR"

ANSWER = re.compile(r"<Answer>(.*?)</Answer>", re.DOTALL)
TAG = re.compile(r"<[^>]*>")
SHORTEST_ANSWER = 81  # characters

# Rows of the augmented set whose dialogue, or whose note of more than 8 words, is in a validation or test
# set of MTS-Dialog: 23 with both translations, and five single rows.
LEAKED = "7 104 158 210 232 241 284 460 481 539 575 583 665 726 863 949 989 1007 1011 1025 1027 1069 1155"
ORIGINS = ("", "TR=EN-FR-EN ", "TR=EN-ES-EN ")
LEAKED_IDS = {origin + row for origin in ORIGINS for row in LEAKED.split()}
LEAKED_IDS |= {"56", "318", "901", "926", "TR=EN-ES-EN 926"}


class FetchError(Exception):
    """One sentence for the user, with the next step."""


class Source(NamedTuple):
    """Where a text comes from, how it is extracted, and its sha256."""

    url: str
    extract: Callable[[Path], str]  # gets the text from the file at `url`
    tidy: Callable[[str], str]  # gives the text the same form for every origin
    file: str
    sha256: str


def answers(archive: Path) -> str:
    """Return every answer over 80 characters in MedQuAD's XML, one per line, without tags and with single spaces."""
    with zipfile.ZipFile(archive) as files:
        pages = [files.read(name).decode("utf-8") for name in files.namelist() if name.endswith(".xml")]
    tagged = (answer for page in pages for answer in ANSWER.findall(page))
    plain = (" ".join(unescape(TAG.sub(" ", answer)).split()) for answer in tagged)
    return "\n".join(answer for answer in plain if len(answer) >= SHORTEST_ANSWER)


def sorted_lines(text: str) -> str:
    """Return the lines in alphabetical order, so that the order of the archive does not matter."""
    return "\n".join(sorted(text.strip("\n").split("\n"))) + "\n"


def dialogues(table: Path) -> str:
    """Return the augmented MTS-Dialog in its published form."""
    return table.read_text(encoding="utf-8-sig")


def without_leaks(text: str) -> str:
    """Return the rows that are in no validation or test set, as CSV in one dialect."""
    rows = csv.DictReader(io.StringIO(text.replace("\r\n", "\n"), newline=""))
    result = io.StringIO(newline="")
    writer = csv.DictWriter(result, rows.fieldnames or (), lineterminator="\n")
    writer.writeheader()
    writer.writerows(row for row in rows if row["ID"] not in LEAKED_IDS)
    return result.getvalue()


SOURCES = {
    "medquad": Source(
        "https://github.com/abachaa/MedQuAD/archive/577bd37b96c02d1833b2c9eed2de9f96964e96cb.zip",
        answers,
        sorted_lines,
        "medquad.txt",
        "47a8fe7d5dd4aa6b189b2f2a51e567b50b91cd1d6c22436be482874940b20254",
    ),
    "mts-dialog-augmented": Source(
        "https://raw.githubusercontent.com/abachaa/MTS-Dialog/3ff0801933608d6f570468c13125125fb5cabdea/"
        "Augmented-Data/MTS-Dialog-Augmented-TrainingSet-3-FR-and-ES-3603-Pairs-final.csv",
        dialogues,
        without_leaks,
        "mts-dialog-augmented.csv",
        "d04950c167d950049e0b8ae66695bcec577e2ad37fb12865862f73ab9047f476",
    ),
}


def download(url: str, folder: Path) -> Path:
    """Return the file at `url`. Download it into `folder` if it is not a local file."""
    if url.startswith("file://"):
        return Path(url2pathname(urlsplit(url).path))
    # No hash is checked here, because the bytes of an archive may change. Its text is checked at the end.
    file: str = pooch.retrieve(url, known_hash=None, fname="download", path=folder, progressbar=True)
    return Path(file)


def text_of(source: Source, mirror: str | None) -> str:
    """Return the extracted text, from the mirror if there is one."""
    url = f"{mirror.rstrip('/')}/{source.file}.gz" if mirror else source.url
    with tempfile.TemporaryDirectory() as folder:
        try:
            file = download(url, Path(folder))
            raw = gzip.decompress(file.read_bytes()).decode("utf-8") if mirror else source.extract(file)
        except (OSError, requests.RequestException, ValueError) as error:
            raise FetchError(
                f"Cannot fetch {url} ({type(error).__name__}): set {MIRROR} to the URL of a folder that holds "
                f"{source.file}.gz, or put {FOLDER / source.file} there by hand."
            ) from error
    return source.tidy(raw)


def main(name: str) -> None:
    """Fetch one text and check it. Write it only if the check succeeds."""
    source = SOURCES[name]
    text = text_of(source, os.environ.get(MIRROR))
    found = hashlib.sha256(text.encode()).hexdigest()
    if found != source.sha256:
        raise FetchError(
            f"{source.file} has sha256 {found} instead of {source.sha256}: "
            f"fetch it again, or from another mirror ({MIRROR})."
        )
    FOLDER.mkdir(parents=True, exist_ok=True)
    (FOLDER / source.file).write_bytes(text.encode())
    print(f"Wrote {FOLDER / source.file}.")


if __name__ == "__main__":
    if len(sys.argv) != 2 or sys.argv[1] not in SOURCES:
        sys.exit(f"Usage: python -m pretraining.fetch {'|'.join(SOURCES)}")
    try:
        main(sys.argv[1])
    except FetchError as error:
        sys.exit(str(error))
