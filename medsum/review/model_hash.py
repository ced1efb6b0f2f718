"""Compute the hash that identifies a model."""

import hashlib
import json
from pathlib import Path

from medsum.generation.model_choice import identity


def model_hash(name: str) -> str:
    """Return one sha256 for all files of a model. It does not depend on the path of the model's folder."""
    files = [(Path(path).name, digest) for path, digest in identity(name).items()]
    return hashlib.sha256(json.dumps(sorted(files)).encode()).hexdigest()
