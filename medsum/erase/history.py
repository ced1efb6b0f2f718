"""Find a record in Git.

The command removes DVC's experiments and the tasks of DVC's queue that have the record. It does not change branches,
but it reports the branches' files that have the record.
"""

import subprocess
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import Any

import yaml

from medsum.core.errors import UserError
from medsum.core.pipeline import dvc
from medsum.erase.cache import Stage, md5s
from medsum.erase.content import texts_in
from medsum.erase.finding import Finding, shown_path
from medsum.erase.traces import Traces

EXPERIMENTS = "refs/exps/"
QUEUES = ("refs/exps/celery/stash", "refs/exps/celery/failed")  # each entry in the reflogs of these two is a task
DVCS_OWN = "refs/exps/exec/"  # references that DVC itself needs, such as the commit from which an experiment began
BRANCHES = ("--exclude=refs/exps/*", "--all", "--indexed-objects")
REWRITE = "commit the files without the record, then rewrite the history in every clone with git filter-repo"
FORGET = "if you do not need earlier states, run `git reflog expire --expire=now --all && git gc --prune=now`"


def git(*words: str) -> str:
    """Return the output of a git command. Raise UserError with Git's reason if the command fails."""
    done = subprocess.run(["git", *words], capture_output=True, encoding="utf-8", errors="replace", check=False)
    if done.returncode:
        raise UserError(f"`git {words[0]}` failed: {done.stderr.strip().partition(chr(10))[0]}")
    return done.stdout


def is_used() -> bool:
    """Return whether the project is in a Git repository. DVC can also work without Git."""
    return subprocess.run(["git", "rev-parse", "--git-dir"], capture_output=True, check=False).returncode == 0


def objects_with(traces: Traces) -> tuple[set[str], int]:
    """Search Git's objects: files, commits and tags, even if no branch reaches them.

    Return the hashes of the objects that have the record, and the number of all searched objects.
    """
    words = ["git", "cat-file", "--batch-all-objects", "--batch", "--unordered"]
    found, searched = set(), 0
    with subprocess.Popen(words, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL) as process:
        assert process.stdout is not None
        while header := process.stdout.readline().split():
            name, kind, size = header
            content = process.stdout.read(int(size) + 1)[:-1]
            if kind == b"tree":  # a tree has only names of files
                continue
            searched += 1
            if traces.in_any(texts_in(content)):
                found.add(name.decode())
    return found, searched


def experiments() -> dict[str, str]:
    """Return the commit of each experiment of DVC, by the name of the experiment's reference."""
    lines = git("for-each-ref", "--format=%(refname) %(objectname)", EXPERIMENTS).splitlines()
    return {name: commit for name, commit in map(str.split, lines) if name not in QUEUES}


def tasks() -> list[str]:
    """Return the commits of the experiments that wait in DVC's queue or have failed."""
    there = git("for-each-ref", "--format=%(refname)", EXPERIMENTS).splitlines()
    return [commit for ref in QUEUES if ref in there for commit in git("reflog", "show", "--format=%H", ref).split()]


def lock_of(commit: str) -> list[Stage]:
    """Return the stages in the dvc.lock of a commit, or an empty list if the commit has no dvc.lock."""
    done = subprocess.run(["git", "show", f"{commit}:./dvc.lock"], capture_output=True, check=False)
    try:
        found: Any = yaml.load(done.stdout, getattr(yaml, "CSafeLoader", yaml.SafeLoader))  # noqa: S506 (both are safe)
    except yaml.YAMLError:
        return []
    stages = found.get("stages") if isinstance(found, dict) else None
    return [stage for stage in stages.values() if isinstance(stage, dict)] if isinstance(stages, dict) else []


def findings(found: set[str], tainted: set[str], ids: set[str]) -> Iterator[Finding]:
    """Yield the findings in Git.

    `found` has the hashes of the Git objects with the record. `tainted` has the md5 of the files in DVC's cache that
    have the record.
    """
    inside: set[str] = set()
    for ref, commit in experiments().items():
        reached = found & reachable(commit, "--not", *BRANCHES[:2]).keys()
        if reached or (not ref.startswith(DVCS_OWN) and _is_of(commit, tainted)):
            yield Finding(f"experiment {ref.rpartition('/')[2]}", "removed", partial(_remove, ref))
        inside |= reached
    for commit in tasks():
        if reached := found & reachable(commit, "--not", *BRANCHES[:2]).keys():
            yield Finding(f"experiment {commit[:7]} of DVC's queue", "removed", partial(_dequeue, commit))
            inside |= reached
    held = {name: path for name, path in reachable(*BRANCHES, *_head()).items() if name in found}
    if held:
        paths = ", ".join(sorted({shown_path(Path(path), ids) for path in held.values()}))
        yield Finding(f"Git's history or index ({paths})", REWRITE)
    logged = (found & reachable("--reflog").keys()) - held.keys() - inside
    if logged:
        yield Finding(f"{len(logged)} objects that only Git's reflog reaches", FORGET)
    if unreached := found - held.keys() - logged:
        yield Finding(f"{len(unreached)} objects that no branch reaches", "deleted by git gc", _collect)


def reachable(*words: str) -> dict[str, str]:
    """Return every object that these revisions reach. The keys are hashes, and the values are paths or empty texts."""
    parts = [line.partition(" ") for line in git("rev-list", "--objects", *words).splitlines()]
    return {name: path for name, _, path in parts}


def _is_of(commit: str, tainted: set[str]) -> bool:
    """Return whether the dvc.lock of a commit names one of these files."""
    return any(not tainted.isdisjoint(md5s(stage)) for stage in lock_of(commit))


def remotes() -> list[str]:
    """Return the names of Git's remotes."""
    return git("remote").split()


def _head() -> list[str]:
    done = subprocess.run(["git", "rev-parse", "--quiet", "--verify", "HEAD"], capture_output=True, check=False)
    return [] if done.returncode else ["HEAD"]


def _remove(ref: str) -> None:
    """Delete an experiment, and the entries of HEAD's reflog that DVC made when it committed the experiment."""
    if subprocess.run(["git", "show-ref", "--quiet", ref], check=False).returncode:
        return
    commits = set(git("rev-list", ref, "--not", *BRANCHES[:2]).split())
    entries = git("reflog", "show", "--format=%H %gd", "HEAD").splitlines() if _head() else []
    for entry in reversed(entries):  # delete the oldest entry first, so that the numbers of the others do not change
        commit, name = entry.split(" ", 1)
        if commit in commits:
            git("reflog", "delete", "--rewrite", name)
    git("update-ref", "-d", ref)


def _dequeue(commit: str) -> None:
    if commit in tasks():
        dvc("queue", "remove", commit[:7])


def _collect() -> None:
    git("gc", "--quiet", "--prune=now")
