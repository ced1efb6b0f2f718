"""Several processes of one training, on accelerate: started here for one machine, elsewhere by `accelerate launch`."""

import os
import socket
import subprocess
import sys

import torch


def world_size() -> int:
    """Processes of this training, on all machines."""
    return int(os.environ.get("WORLD_SIZE", "1"))


def backend() -> str | None:
    """What the processes talk by; None for a single one."""
    if world_size() == 1:
        return None
    return "nccl" if torch.cuda.is_available() else "gloo"


def is_first() -> bool:
    """Whether this process writes the outputs."""
    return os.environ.get("RANK", "0") == "0"


def launched() -> bool:
    """Whether a launcher has started this process as one of several; it then takes its own GPU."""
    if "LOCAL_RANK" not in os.environ:
        return False
    if torch.cuda.is_available():
        torch.cuda.set_device(int(os.environ["LOCAL_RANK"]))
    return True


def launch(module: str, arguments: list[str], processes: int) -> None:
    """Run the module in so many processes of this machine; exits as they do where one fails."""
    launcher = [sys.executable, "-m", "torch.distributed.run", "--nnodes=1", f"--nproc-per-node={processes}"]
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        address = ["--master-addr=127.0.0.1", f"--master-port={free.getsockname()[1]}"]
    done = subprocess.run([*launcher, *address, "-m", module, *arguments], check=False)
    if done.returncode:
        sys.exit(1)
