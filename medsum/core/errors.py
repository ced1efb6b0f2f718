"""The error class for mistakes that a user can correct, and the end of a script with such an error."""

import sys
from collections.abc import Callable


class UserError(Exception):
    """An error whose message is one sentence: what is wrong, where, and what to do. The message has no patient text."""


STOPPED = "Stopped by Ctrl-C; no file is half-written, so you can run the same command again."


LONGEST_SHOWN = 100  # characters of a value in a message


def shown(text: str) -> str:
    """Return a text for a message: on one line, with escapes for characters that cannot be printed, and cut."""
    line = repr(text)[1:-1]
    return line if len(line) <= LONGEST_SHOWN else f"{line[:LONGEST_SHOWN]}…"


def first_line(error: BaseException) -> str:
    """Return the first line of a library's error message without its full stop. A UserError can quote this line."""
    return str(error).strip().partition("\n")[0].rstrip(".")


def run_script(main: Callable[[], None], stopped: str = STOPPED) -> None:
    """Run the main function of a script. UserError or Ctrl-C ends the script with one line and exit code 1."""
    try:
        main()
    except UserError as error:
        sys.exit(f"Error: {error}")  # sys.exit prints a string on stderr and sets exit code 1
    except KeyboardInterrupt:
        sys.exit(stopped)
