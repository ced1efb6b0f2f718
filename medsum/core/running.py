"""Find out whether another process is running."""

import os


def is_running(process: int) -> bool:
    """Return whether a process with this number exists. The process may belong to another user."""
    try:
        os.kill(process, 0)  # signal 0 only checks that the process exists
    except ProcessLookupError:
        return False
    except OSError:  # the process belongs to another user
        return True
    return True
