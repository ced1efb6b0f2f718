"""A user's mistake, told in one sentence."""

import sys
from collections.abc import Callable


class UserError(Exception):
    """What is wrong, where, and what to do, in one sentence without patient text."""


STOPPED = "Stopped by Ctrl-C; nothing half-written was left, run the same command again."


def run_script(main: Callable[[], None], stopped: str = STOPPED) -> None:
    """Run a script's main; a user's mistake or Ctrl-C ends it in one line with exit code 1."""
    try:
        main()
    except UserError as error:
        sys.exit(f"Error: {error}")  # a string: printed on stderr, exit code 1
    except KeyboardInterrupt:
        sys.exit(stopped)
