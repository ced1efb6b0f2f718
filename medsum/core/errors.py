"""Errors that a user can correct, reported in one sentence."""

import sys
from collections.abc import Callable


class UserError(Exception):
    """One sentence without patient text: what is wrong, where, and what to do."""


STOPPED = "Stopped by Ctrl-C; nothing half-written was left, run the same command again."


def run_script(main: Callable[[], None], stopped: str = STOPPED) -> None:
    """Run the main function of a script; UserError or Ctrl-C ends it with one line and exit code 1."""
    try:
        main()
    except UserError as error:
        sys.exit(f"Error: {error}")  # a string: printed on stderr, exit code 1
    except KeyboardInterrupt:
        sys.exit(stopped)
