"""Keep the outputs of other runs out of the pipeline's folders, because DVC deletes and rewrites these folders."""

from pathlib import Path

from medsum.core.errors import UserError

PIPELINE = ("data", "metrics", "models", "plots", "reports")


def require_outside(output: Path, name: str = "", choose: str = "a folder") -> None:
    """Raise UserError if `output` lies in a folder of the pipeline.

    The message calls the output `name`, and it asks the user for `choose`, such as "a folder".
    """
    if any(output.resolve().is_relative_to(Path.cwd().resolve() / folder) for folder in PIPELINE):
        raise UserError(f"{name or output} belongs to the pipeline; choose {choose} outside {', '.join(PIPELINE)}")
