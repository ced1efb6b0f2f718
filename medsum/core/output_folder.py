"""Check that a run outside the pipeline does not write into the pipeline's folders, because DVC overwrites these."""

from pathlib import Path

from medsum.core.errors import UserError

PIPELINE = ("data", "metrics", "models", "plots", "reports")


def require_outside(output: Path, name: str = "", choose: str = "a folder") -> None:
    """Raise UserError if `output` is in a folder of the pipeline.

    The message calls the output `name`, and asks the user to choose `choose`.
    """
    if any(output.resolve().is_relative_to(Path.cwd().resolve() / folder) for folder in PIPELINE):
        raise UserError(f"{name or output} belongs to the pipeline; choose {choose} outside {', '.join(PIPELINE)}")
