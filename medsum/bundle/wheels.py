"""Collect the wheels of a lock file. pip refuses every file whose sha256 is not in the lock file."""

import subprocess
import sys
from importlib.metadata import version
from pathlib import Path

from medsum.core.atomic import write_text
from medsum.core.errors import UserError
from medsum.core.hashing import sha256
from medsum.fetching.pip import explain

WHEELS = "wheels"
LOCK = "wheels.lock"  # lists all wheels of the bundle with their sha256, even the wheels that this machine built
OPTIONS = (
    "--require-hashes",
    "--no-deps",  # the lock lists all packages
    "--no-build-isolation",  # build with the installed setuptools (a version in the lock file) and not with the newest
    "--use-pep517",
    "--no-input",
    "--disable-pip-version-check",
)


def lock_of_this_machine() -> Path:
    """Return the lock file that has the installed build of torch."""
    return Path("requirements-cpu.lock" if version("torch").endswith("+cpu") else "requirements.lock")


def collect(lock: Path, bundle: Path) -> None:
    """Download the wheels of the lock file, and list them in wheels.lock. If there is no wheel, build it from source.

    Raise UserError if a package cannot be downloaded, or if its sha256 is not in the lock file.
    """
    print(f"Collecting the packages of {lock}; this takes minutes", file=sys.stderr)
    folder = bundle / WHEELS
    command = [sys.executable, "-m", "pip", "wheel", *OPTIONS, "--wheel-dir", str(folder), "-r", str(lock)]
    done = subprocess.run(command, capture_output=True, encoding="utf-8", errors="replace", check=False)
    if done.returncode:
        raise UserError(f"the packages of {lock} cannot be collected: {explain(done.stdout + done.stderr)}")
    wheels = sorted(folder.glob("*.whl"))
    write_text(bundle / LOCK, "".join(f"{_pin(wheel)} --hash=sha256:{sha256(wheel)}\n" for wheel in wheels))


def _pin(wheel: Path) -> str:
    name, version_, *_ = wheel.stem.split("-")  # the name in a wheel's file name has no hyphen
    return f"{name}=={version_}"
