"""Make Git tags for promoted models. They have the form of GTO, so `gto show` and `dvc artifacts get` find a version.

The tag `note-writer@v3.0.0` marks version 3 of the artifact in dvc.yaml. A tag such as `note-writer#prod#5` marks the
commit of the promoted version. If there are several such tags, the tag with the highest last number counts.
"""

import subprocess
from pathlib import Path
from typing import Any

from medsum.core.errors import UserError, first_line

ARTIFACT = "note-writer"  # the name of the artifact in dvc.yaml
STAGE = "prod"
WITHOUT_GIT = "There is no Git repository, so there is no tag."


def git(*words: str) -> subprocess.CompletedProcess[str]:
    """Run a git command."""
    return subprocess.run(["git", *words], capture_output=True, encoding="utf-8", check=False)


def is_repository() -> bool:
    """Return whether this folder is in a Git repository with a commit."""
    return git("rev-parse", "--verify", "--quiet", "HEAD").returncode == 0


def commit() -> str | None:
    """Return the hash of the current commit, or None without Git."""
    return git("rev-parse", "HEAD").stdout.strip() if is_repository() else None


def require_committed(path: Path) -> None:
    """Raise UserError if the file differs from the current commit. Without Git, do nothing."""
    if is_repository() and git("status", "--porcelain", "--", str(path)).stdout:
        raise UserError(f"{path} is not committed, so nobody could reproduce the promoted model; commit it first")


def highest() -> int:
    """Return the highest version that has a tag, or 0. Another member of the team may have made the tag."""
    found = (tag.rpartition("@v")[2].partition(".")[0] for tag in git("tag", "--list", f"{ARTIFACT}@v*").stdout.split())
    return max(map(int, filter(str.isdecimal, found)), default=0)


def register(version: int, record: dict[str, Any]) -> str:
    """Tag the current commit as a version and with the stage `prod`. Return a message about the tags."""
    if not is_repository():
        return WITHOUT_GIT
    said = f"model {record['model']}; scores on {record['records']} test records: {record['scores']}"
    failed = _tag(_version_tag(version), "HEAD", f"Promote {ARTIFACT} v{version}\n\n{said}")
    return failed or f"Git tag {_version_tag(version)}; {assign(version)}"


def assign(version: int) -> str:
    """Tag a version with the stage `prod`. The number of this tag is higher than the numbers of all other tags.

    Return a message about the tag.
    """
    if not is_repository():
        return WITHOUT_GIT
    numbers = (tag.rpartition("#")[2] for tag in git("tag", "--list", f"{ARTIFACT}#{STAGE}#*").stdout.split())
    name = f"{ARTIFACT}#{STAGE}#{max(map(int, filter(str.isdecimal, numbers)), default=0) + 1}"
    failed = _tag(name, f"{_version_tag(version)}^{{commit}}", f"Serve {ARTIFACT} v{version}")
    return failed or f"Git tag {name}; push the tags with `git push --tags`"


def _version_tag(version: int) -> str:
    return f"{ARTIFACT}@v{version}.0.0"


def _tag(name: str, ref: str, message: str) -> str:
    """Make an annotated tag. If Git refuses, return a message with Git's reason; otherwise return an empty text."""
    done = git("tag", "--annotate", "--message", message, name, ref)
    if done.returncode == 0:
        return ""
    lines = [line for line in done.stderr.splitlines() if line.startswith(("fatal:", "error:"))]
    reason = first_line(Exception(lines[0])) if lines else "Git gave no reason"
    return f"The model is promoted, but there is no Git tag {name} ({reason})."
