"""Push the results of runs to the team's remote: `python -m medsum.review.sharing`.

A teammate can then get these results and does not have to repeat the runs. This command does the same as
`dvc push --run-cache`. It also pushes two kinds of files that DVC 3.67 leaves out: files of recorded runs that are not
in the workspace, and files that DVC does not cache (metrics and curves). Without these files, `dvc repro --pull` finds
the record of a run but still repeats the run.
"""

from dvc.exceptions import DvcException
from dvc.repo import Repo

from medsum.core.errors import UserError, run_script

REMEDY = "check `dvc remote list`, your key in .dvc/config.local and the network, then run the same command again"


def push_all() -> tuple[int, int]:
    """Push the workspace, the runs and their files. Return the number of runs and the number of new files.

    Raise UserError if the remote refuses a file.
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
    """Push everything and print the counts."""
    try:
        runs, files = push_all()
    except (DvcException, OSError) as error:
        said = str(error).strip().partition("\n")[0]
        raise UserError(f"the remote of the team cannot be used ({said}); {REMEDY}") from None
    print(f"Pushed {runs} runs of stages and {files} new files")


if __name__ == "__main__":
    run_script(main)
