"""Models in an installed package: its files are copied and checked by sha256, and its code never runs."""

import importlib.util
import shutil
from pathlib import Path

from medsum.core.errors import UserError
from medsum.fetching.checksums import require_pinned
from medsum.fetching.placing import filling


def package_folder(package: str) -> Path:
    """Return the folder of a package's model; raise UserError if the package is not installed."""
    spec = importlib.util.find_spec(package)
    if spec is None or spec.origin is None:
        raise UserError(f"package {package.replace('_', '-')} is not installed; run `pip install -r requirements.txt`")
    return Path(spec.origin).parent / "model"


def copy_installed(package: str, sha256: dict[str, str], target: Path) -> None:
    """Copy the named files of the package's model into `target`, whole or not at all.

    Raises UserError for a file that is missing or not the pinned one.
    """
    source = package_folder(package)
    with filling(target) as folder:
        for name, digest in sha256.items():
            if not (source / name).is_file():
                raise UserError(f"{source / name} is missing; reinstall requirements.txt")
            shutil.copyfile(source / name, folder / name)
            require_pinned(folder / name, digest, "reinstall requirements.txt", str(source / name))
    print(f"{target}: {len(sha256)} files, sha256 checked")
