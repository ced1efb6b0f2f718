"""Run a stage as `python -m` does, and end it with a signal at the nth call of a function.

python killer.py SIGNAL MODULE:FUNCTION NTH STAGE [ARGUMENT ...]
"""

import functools
import importlib
import os
import runpy
import signal
import sys
from typing import Any


def end_at(target: str, nth: int, number: signal.Signals) -> None:
    """Replace the function by one that sends the signal to this process instead of the nth call."""
    module, _, path = target.partition(":")
    owner: Any = importlib.import_module(module)
    *parents, name = path.split(".")
    for parent in parents:
        owner = getattr(owner, parent)
    function = getattr(owner, name)
    calls = 0

    @functools.wraps(function)
    def counted(*args: Any, **kwargs: Any) -> Any:
        nonlocal calls
        calls += 1
        if calls == nth:
            os.kill(os.getpid(), number)
        return function(*args, **kwargs)

    setattr(owner, name, counted)


if __name__ == "__main__":
    signal_name, target, nth, stage, *arguments = sys.argv[1:]
    sys.path[0] = ""  # the project that it is run in
    signal.signal(signal.SIGINT, signal.default_int_handler)  # a shell's background jobs are born deaf to it
    end_at(target, int(nth), signal.Signals[signal_name])
    sys.argv = [stage, *arguments]
    runpy.run_module(f"stages.{stage}", run_name="__main__", alter_sys=True)
