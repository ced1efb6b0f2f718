"""Push everything to the team's remote that saves a teammate a run: `python -m medsum.review.sharing`.

It does what `dvc push --run-cache` does, and also pushes the files that this command leaves out (DVC 3.67): those of
recorded runs that are not in the workspace, and those that DVC does not cache, the metrics and curves. Without them
`--pull` finds a run and still repeats it.
"""

from dvc.exceptions import DvcException
from dvc.repo import Repo

from medsum.core.errors import UserError, run_script

REMEDY = "check `dvc remote list`, your key in .dvc/config.local and the network, then run the same command again"


def push_all() -> tuple[int, int]:
    """Push workspace, runs and files of the runs; return the number of runs and of new files.

    Raises UserError if the remote refuses a file.
    """
    with Repo() as repo:
        pushed = repo.push()
        runs = repo.stage_cache.push(None)
        for files in repo.stage_cache.get_used_objs(runs).values():
            result = repo.cloud.push(files)
            if result.failed:
                raise UserError(f"{len(result.failed)} files could not be pushed; {REMEDY}")
            pushed += len(result.transferred)
        return len(runs), pushed


def main() -> None:
    """Push, and print the counts."""
    try:
        runs, files = push_all()
    except (DvcException, OSError) as error:
        said = str(error).strip().partition("\n")[0]
        raise UserError(f"the remote of the team cannot be used ({said}); {REMEDY}") from None
    print(f"Shared: {runs} runs of stages, {files} files that were not there yet")


if __name__ == "__main__":
    run_script(main)
