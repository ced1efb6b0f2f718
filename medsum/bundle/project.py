"""Write the project itself as a Git bundle: the last commit of this branch, with its history."""

import subprocess
import sys
from pathlib import Path

from medsum.core.errors import UserError

NAME = "project.bundle"


def git(*words: str) -> str:
    """Return the output of a Git command. Raise UserError if Git is missing or fails."""
    try:
        return subprocess.run(["git", *words], capture_output=True, encoding="utf-8", check=True).stdout.strip()
    except FileNotFoundError:
        raise UserError("git is not installed; install git and run the same command again") from None
    except subprocess.CalledProcessError as error:
        last = error.stderr.strip().rpartition("\n")[2].rstrip(".")
        raise UserError(f"git failed with '{last}'; correct this and run the same command again") from None


def require_whole_repository() -> None:
    """Raise UserError if this clone is shallow (it lacks old commits). A bundle of a shallow clone cannot be cloned."""
    if git("rev-parse", "--is-shallow-repository") == "true":
        raise UserError("this clone is shallow and cannot be bundled; run `git fetch --unshallow`")


def write(bundle: Path) -> None:
    """Write the Git bundle. Print a note to stderr if the work tree has changes that are not committed."""
    if git("status", "--porcelain"):
        print("Note: this folder has changes that are not committed; the bundle does not have them", file=sys.stderr)
    branch = git("branch", "--show-current")
    git("bundle", "create", "--quiet", str((bundle / NAME).resolve()), "HEAD", *([branch] if branch else []))
