"""Write the list of all packages (SBOM, CycloneDX).

The bundle is installed once in a temporary folder, and cyclonedx-py reads the installed packages. So the list has the
packages that are really installed, with their licences. If the installation fails, no bundle is written.
"""

import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from medsum.core.errors import UserError

NAME = "sbom.cdx.json"
TOOL = "cyclonedx-py"


def require_tool() -> None:
    """Raise UserError if cyclonedx-py is not on PATH."""
    if shutil.which(TOOL) is None:
        raise UserError(f"{TOOL} is not on PATH; run `make bundle`, or `pip install -r requirements-tools.txt`")


def write(bundle: Path) -> None:
    """Install the bundle into a temporary folder and write the list. Raise UserError if one of the two steps fails."""
    print("Installing the bundle once, to check it and to list its packages", file=sys.stderr)
    with tempfile.TemporaryDirectory(dir=bundle.parent) as temporary:
        target = Path(temporary).resolve() / "installed"
        _run(["sh", str(bundle / "install.sh"), str(target)], "the bundle cannot be installed")
        options = ["--gather-license-texts", "--output-reproducible", "--output-format", "JSON"]
        options += ["--output-file", str(bundle / NAME)]
        _run([TOOL, "environment", *options, str(target / ".venv/bin/python")], f"{TOOL} fails")


def _run(command: list[str], problem: str) -> None:
    environment = {**os.environ, "PYTHON": sys.executable}
    done = subprocess.run(
        command, env=environment, capture_output=True, encoding="utf-8", errors="replace", check=False
    )
    if done.returncode:
        last = (done.stderr.strip() or "no message").splitlines()[-1].removeprefix("Error: ").rstrip(".")
        raise UserError(f"{problem}: {last}; correct this and run the same command again")
