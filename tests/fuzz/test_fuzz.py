"""Whatever is in a file or in a request: no traceback, no hang, little memory, and no patient text in a message.

CI runs some cases of each kind. `make fuzz` runs CASES of them, with another SEED if you like, and continues where it
was stopped.
"""

import hashlib
import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.conftest import ROOT

CASES = int(os.environ.get("MEDSUM_FUZZ_CASES", "0"))
SEED = int(os.environ.get("MEDSUM_FUZZ_SEED", "1"))
FEW = 350  # ten of each kind


def hash_of_code() -> str:
    """A hash of the code that a run tests. A run of other code begins again."""
    found = hashlib.sha256()
    for folder in ("medsum", "stages", "tests/fuzz"):
        for path in sorted((ROOT / folder).rglob("*.py")):
            found.update(path.read_bytes())
    return found.hexdigest()[:12]


@pytest.mark.slow
def test_no_damaged_file_or_request_ends_in_a_traceback_or_a_hang(fuzzed_project: Path) -> None:
    words = ["--cases", str(CASES or FEW), "--seed", str(SEED)]
    if CASES:
        words += ["--kept", str(ROOT / f".checkpoints/fuzz/{hash_of_code()}-{SEED}.jsonl")]
    command = [sys.executable, "-m", "tests.fuzz", str(fuzzed_project), *words]
    done = subprocess.run(command, cwd=ROOT, env={**os.environ, "PYTHONPATH": str(ROOT)}, check=False)
    assert done.returncode == 0
