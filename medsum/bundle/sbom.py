"""The list of all packages (SBOM, CycloneDX). The bundle is installed once, and cyclonedx-py reads the result.

So the list shows what is really installed, with licences, and a bundle that cannot be installed is never finished.
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
    """Install the bundle into a temporary folder and write the list. Raise UserError if either of them fails."""
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
        raise UserError(f"{problem}: {last}; correct this and run again")
