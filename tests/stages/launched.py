"""Run a stage as `python -m` does, as a script for `accelerate launch`: with FSDP on CPUs too, and killed if wanted.

python launched.py STAGE [flags]

torch's FSDP spreads weights over processes without GPUs, by gloo; only accelerate asks for GPUs. Where the environment
has KILLED_AT, a MODULE:FUNCTION, the second process is killed at its fourth call.
"""

import os
import runpy
import signal
import sys
from typing import Any

from accelerate.state import AcceleratorState
from accelerate.utils import DistributedType
from killer import end_at  # type: ignore[import-not-found]  # it lies beside this script

init = AcceleratorState.__init__


def init_as_on_gpus(self: AcceleratorState, *args: Any, fsdp_plugin: Any = None, **kwargs: Any) -> None:
    """As accelerate's own, which does the last lines among processes with GPUs."""
    init(self, *args, fsdp_plugin=fsdp_plugin, **kwargs)
    if fsdp_plugin is not None:
        self.distributed_type = DistributedType.FSDP
        self.fsdp_plugin = fsdp_plugin
        if self._mixed_precision != "no":
            fsdp_plugin.set_mixed_precision(self._mixed_precision)


if __name__ == "__main__":
    AcceleratorState.__init__ = init_as_on_gpus
    sys.path[0] = ""  # the project that it is run in
    if "KILLED_AT" in os.environ and os.environ["RANK"] == "1":
        end_at(os.environ["KILLED_AT"], 4, signal.SIGKILL)
    _, stage, *flags = sys.argv
    sys.argv = [stage, *flags]
    runpy.run_module(f"stages.{stage}", run_name="__main__", alter_sys=True)
