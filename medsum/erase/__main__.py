"""Erase the records of a patient: list their places, remove them, and search the remaining files for copies.

    python -m medsum.erase --id D2N001
    python -m medsum.erase --ids FILE --yes

An id is the `id` of a record in data/processed/records.jsonl. Without a confirmation, the command removes nothing. If
the command is killed, run it again. It prints no text of a record, and it prints an id only if the id does not look
like a name. docs/erasure.md says which places it cannot reach. The exit code is 1 if a part of a record is left, or if
nothing was removed.
"""

import argparse
import sys
from pathlib import Path

from medsum.core.errors import UserError, run_script
from medsum.core.reading import read_text
from medsum.dialogue.shown import shown_id
from medsum.erase import cache
from medsum.erase.places import read_places, require_no_run
from medsum.erase.records import Records
from medsum.erase.survey import Survey, collected, still_there, survey, to_tell
from medsum.params import data

SHOWN = 10  # a message names at most 10 ids
BY_HAND = "by hand: "
STOPPED = "Stopped by Ctrl-C; run the same command again to continue."


def arguments() -> argparse.Namespace:
    """Return the options of the command line."""
    parser = argparse.ArgumentParser(
        prog="python -m medsum.erase", description="Remove a patient's records, and search for copies of them."
    )
    whose = parser.add_mutually_exclusive_group(required=True)
    whose.add_argument("--id", help="id of a record, as in data/processed/records.jsonl")
    whose.add_argument("--ids", type=Path, metavar="FILE", help="a text file with one id per line")
    parser.add_argument(
        "--text", type=Path, metavar="FILE", help="the text of the record, if the project no longer has this text"
    )
    parser.add_argument(
        "--also", type=Path, action="append", default=[], metavar="FOLDER", help="also search this folder"
    )
    parser.add_argument("--yes", action="store_true", help="remove the records without asking")
    return parser.parse_args()


def wanted(given: argparse.Namespace) -> set[str]:
    """Return the ids to erase. Raise UserError if there are no ids, or if a folder to search is missing."""
    lines = [given.id] if given.id is not None else read_text(given.ids, "write one id per line").splitlines()
    ids = {line.strip() for line in lines if line.strip()}
    if not ids:
        raise UserError(f"{given.ids or '--id'} has no id; give at least one")
    for folder in given.also:
        if not folder.is_dir():
            raise UserError(f"--also {folder} is not a folder; check its name")
    return ids


def named(ids: set[str]) -> str:
    """Return the ids as text for a message. Hide an id that may be a name."""
    shown = [f"record {shown_id(one)}" for one in sorted(ids)[:SHOWN]]
    return ", ".join(shown) + (f" and {len(ids) - SHOWN} more" if len(ids) > SHOWN else "")


def show(found: Survey) -> None:
    """Print every place that has the records, and what the command does there."""
    for finding in found.findings:
        print(f"  {finding.place}: {finding.effect if finding.remove else BY_HAND + finding.effect}")


def limit(records: Records) -> str:
    """Return a warning if only the id of the record was searched, because its text is not known."""
    if records.traces.windows:
        return ""
    return " Only its id was searched, because no file has its text any more; give the text with --text to search it."


def confirmed(yes: bool) -> bool:
    """Return whether the user confirms the removal. Raise UserError if there is no terminal on which to ask."""
    if yes:
        return True
    if not sys.stdin.isatty():
        raise UserError("nothing was removed, because a removal needs confirmation on a terminal; add --yes")
    return input("This cannot be undone. Remove the record from these places? Type yes: ").strip().lower() == "yes"


def main() -> None:
    """Search, ask, remove, and search again."""
    given = arguments()
    ids = wanted(given)
    places = read_places()
    require_no_run()
    records = collected(ids, places, read_text(given.text, "check its name") if given.text else "")
    own_files = [path for path in (given.ids, given.text) if path]
    found = survey(records, places, given.also, own_files)
    if not found.findings:
        cache.remember(found.held)
        print(
            f"Nothing of {named(ids)} is in {found.searched}, nor in the source {data.load().source}.{limit(records)}"
        )
        return
    print(f"Places that hold {named(ids)}:")
    show(found)
    print("What else to do:")
    for sentence in to_tell(records, found, places):
        print(f"  {sentence}")
    for path in own_files:
        print(f"  {path} names the record and is not searched; delete it")
    if not confirmed(given.yes):
        raise UserError("nothing was removed")
    cache.remember(found.held)
    for finding in found.findings:
        if finding.remove:
            finding.remove()
    left = survey(still_there(records), places, given.also, own_files)
    if left.findings:
        print("Still there:")
        show(left)
        places_left = f"{len(left.findings)} place{'s' * (len(left.findings) > 1)}"
        raise UserError(f"the record is still in {places_left}; remove it there, then run the same command again")
    print(f"Removed. Searched {left.searched}: nothing of the record is left.{limit(records)}")
    print("Run `dvc repro` to train without it.")


if __name__ == "__main__":
    run_script(main, stopped=STOPPED)
