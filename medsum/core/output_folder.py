"""Check that a run outside the pipeline does not write into the pipeline's folders. DVC overwrites these folders."""

from pathlib import Path

from medsum.core.errors import UserError

PIPELINE = ("data", "metrics", "models", "plots", "reports")


def require_outside(output: Path, name: str = "", choose: str = "a folder") -> None:
    """Raise UserError if `output` is in a folder of the pipeline.

    In the message, `name` is the name of the output, and `choose` is what the user should choose instead.
    """
    if any(output.resolve().is_relative_to(Path.cwd().resolve() / folder) for folder in PIPELINE):
        raise UserError(f"{name or output} belongs to the pipeline; choose {choose} outside {', '.join(PIPELINE)}")
