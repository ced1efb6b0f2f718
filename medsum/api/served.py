"""The model that the endpoint serves: its name, its hash and the software version."""

import hashlib
import json
import subprocess
from dataclasses import dataclass
from pathlib import Path

from medsum.generation.model_choice import PIPELINE_MODELS, identity, model_folder
from medsum.generation.summarizer import Summarizer
from medsum.serve.turns_at_the_model import Runs

UNKNOWN = "unknown"


@dataclass(frozen=True)
class Served:
    """One model in memory, used by one request at a time."""

    id: str
    sha256: str  # hash of the names and hashes of all files of the model
    created: int  # Unix time of the model's folder
    software: str  # commit of this project, or unknown
    summarizer: Summarizer
    runs: Runs


def served(name: str, summarizer: Summarizer, runs: Runs) -> Served:
    """Return the description of the model that `open_summarizer(name)` has opened."""
    id_ = name if name in PIPELINE_MODELS else Path(name).resolve().name
    created = int(model_folder(name).stat().st_mtime)
    return Served(id_, model_hash(name), created, software_version(), summarizer, runs)


def model_hash(name: str) -> str:
    """Return one sha256 for all files of a model; it does not depend on the path of the folder."""
    files = [(Path(path).name, digest) for path, digest in identity(name).items()]
    return hashlib.sha256(json.dumps(sorted(files)).encode()).hexdigest()


def software_version() -> str:
    """Return the name of the project's commit from `git describe`, or `unknown` outside a repository."""
    root = Path(__file__).parents[2]
    if not (root / ".git").exists():  # a repository around the project's folder does not count
        return UNKNOWN
    try:
        done = subprocess.run(
            ["git", "describe", "--always", "--dirty"], cwd=root, capture_output=True, encoding="utf-8", timeout=10,
            check=True,
        )  # fmt: skip
    except (OSError, subprocess.SubprocessError):
        return UNKNOWN
    return done.stdout.strip() or UNKNOWN
