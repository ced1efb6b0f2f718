"""End this process when its launcher ends for any reason. The launcher is the process that started this process."""

import ctypes
import os
import signal
import sys

LAUNCHER = "MEDSUM_LAUNCHER"  # environment variable that holds the process id of the launcher
PR_SET_PDEATHSIG = 1  # option of Linux's prctl: the signal that a process gets when the parent process ends


def end_with_launcher() -> None:
    """On Linux, make this process end when the launcher ends. Exit now if the launcher has already ended."""
    launcher = os.environ.get(LAUNCHER)
    if launcher is None:
        return
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGKILL)
    if os.getppid() != int(launcher):  # the launcher ended before prctl was called
        os._exit(1)  # no work has begun, so nothing is lost
