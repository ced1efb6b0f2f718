"""Copy a model from an installed package and check the sha256 of its files. No code of the package is run."""

import importlib.util
import shutil
from pathlib import Path

from medsum.core.errors import UserError
from medsum.fetching.checksums import require_pinned
from medsum.fetching.placing import filling


def package_folder(package: str) -> Path:
    """Return the folder of the model in a package. Raise UserError if the package is not installed."""
    spec = importlib.util.find_spec(package)
    if spec is None or spec.origin is None:
        raise UserError(f"package {package.replace('_', '-')} is not installed; run `pip install -r requirements.txt`")
    return Path(spec.origin).parent / "model"


def copy_installed(package: str, sha256: dict[str, str], target: Path) -> None:
    """Copy the named files of the package's model into `target`: all files, or none if one of them fails.

    Raise UserError if a file is missing or has a wrong sha256.
    """
    source = package_folder(package)
    with filling(target) as folder:
        for name, digest in sha256.items():
            if not (source / name).is_file():
                raise UserError(f"{source / name} is missing; install the packages of requirements.txt again")
            shutil.copyfile(source / name, folder / name)
            remedy = "install the packages of requirements.txt again"
            require_pinned(folder / name, digest, remedy, str(source / name))
    print(f"{target}: {len(sha256)} files, sha256 checked")
