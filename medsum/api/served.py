"""Describe the model that the endpoint serves: its name, its hash and the software version."""

import subprocess
from dataclasses import dataclass
from pathlib import Path

from medsum.generation.model_choice import PIPELINE_MODELS, model_folder
from medsum.generation.summarizer import Summarizer
from medsum.review import promoted
from medsum.serve.audit_log import Uses
from medsum.serve.turns_at_the_model import Runs

UNKNOWN = "unknown"


@dataclass(frozen=True)
class Served:
    """The model in memory. Only one request at a time uses the model."""

    id: str
    sha256: str  # a hash over the names and hashes of all files of the model
    created: int  # the time of the model's folder, in seconds since 1970 (Unix time)
    software: str  # the name of this project's commit, or `unknown`
    summarizer: Summarizer
    runs: Runs
    uses: Uses


def served(name: str, summarizer: Summarizer, uses: Uses) -> Served:
    """Return the description of the model that `open_summarizer(name)` has opened. `uses` has the model's hash."""
    id_ = name if name in PIPELINE_MODELS else Path(name).resolve().name
    if promoted.told(name):
        id_ = "serving"  # the name does not change with a new version; the hash identifies the version
    created = int(model_folder(name).stat().st_mtime)
    return Served(id_, uses.model, created, software_version(), summarizer, Runs(), uses)


def software_version() -> str:
    """Return the name of the project's commit from `git describe`, or `unknown` outside a repository."""
    root = Path(__file__).parents[2]
    if not (root / ".git").exists():  # a Git repository in a folder above the project does not count
        return UNKNOWN
    try:
        done = subprocess.run(
            ["git", "describe", "--always", "--dirty"], cwd=root, capture_output=True, encoding="utf-8", timeout=10,
            check=True,
        )  # fmt: skip
    except (OSError, subprocess.SubprocessError):
        return UNKNOWN
    return done.stdout.strip() or UNKNOWN
