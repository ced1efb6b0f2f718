"""A process that was launched ends with its launcher, however that ended."""

import ctypes
import os
import signal
import sys

LAUNCHER = "MEDSUM_LAUNCHER"  # names its process id to those that it launches
PR_SET_PDEATHSIG = 1  # of Linux' prctl: the signal that comes when the parent ends


def end_with_launcher() -> None:
    """Let the kernel end this process when its launcher is killed, where it can (Linux); end now if it is gone."""
    launcher = os.environ.get(LAUNCHER)
    if launcher is None:
        return
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGKILL)
    if os.getppid() != int(launcher):  # killed before that was set
        os._exit(1)  # nothing is begun, and who would read why
