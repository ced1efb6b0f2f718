"""A launched process ends when its launcher ends, for any reason."""

import ctypes
import os
import signal
import sys

LAUNCHER = "MEDSUM_LAUNCHER"  # holds the process id of the launcher
PR_SET_PDEATHSIG = 1  # of Linux' prctl: the signal that comes when the parent ends


def end_with_launcher() -> None:
    """Ask the kernel (Linux only) to end this process with its launcher; end now if the launcher has ended."""
    launcher = os.environ.get(LAUNCHER)
    if launcher is None:
        return
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGKILL)
    if os.getppid() != int(launcher):  # the launcher was killed before the line above
        os._exit(1)  # nothing has begun, and nobody would read a message
