"""Tell whether another process is running."""

import os


def is_running(process: int) -> bool:
    """Return whether the process with this number exists, whoever owns it."""
    try:
        os.kill(process, 0)  # signal 0 only checks that the process exists
    except ProcessLookupError:
        return False
    except OSError:  # the process belongs to another user
        return True
    return True
