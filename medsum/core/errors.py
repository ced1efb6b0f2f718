"""Define the error class for mistakes that a user can correct. Run a script and print such an error as one message."""

import sys
from collections.abc import Callable


class UserError(Exception):
    """An error whose message is one sentence: what is wrong, where, and what to do. It contains no patient text."""


STOPPED = "Stopped by Ctrl-C; no file is half-written, so you can run the same command again."


LONGEST_SHOWN = 100  # maximum number of characters of a value that a message shows


def shown(text: str) -> str:
    """Return a text as one line for a message. Cut a long text, and escape characters that cannot be printed."""
    line = repr(text)[1:-1]
    return line if len(line) <= LONGEST_SHOWN else f"{line[:LONGEST_SHOWN]}…"


def first_line(error: BaseException) -> str:
    """Return the first line of a library's error message, without a full stop, for the text of a UserError."""
    return str(error).strip().partition("\n")[0].rstrip(".")


def run_script(main: Callable[[], None], stopped: str = STOPPED) -> None:
    """Run the main function of a script. After UserError or Ctrl-C, print one message and exit with code 1."""
    try:
        main()
    except UserError as error:
        sys.exit(f"Error: {error}")  # sys.exit prints a string on stderr and sets exit code 1
    except KeyboardInterrupt:
        sys.exit(stopped)
