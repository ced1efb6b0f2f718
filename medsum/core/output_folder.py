"""Runs outside the pipeline write outside its folders, since DVC empties and fills those."""

from pathlib import Path

from medsum.core.errors import UserError

PIPELINE = ("data", "metrics", "models", "plots", "reports")


def require_outside(output: Path, name: str = "", choose: str = "a folder") -> None:
    """Raise UserError if `output` lies in a folder of the pipeline; `name` is what the user calls it."""
    if any(output.resolve().is_relative_to(Path.cwd().resolve() / folder) for folder in PIPELINE):
        raise UserError(f"{name or output} belongs to the pipeline; choose {choose} outside {', '.join(PIPELINE)}")
