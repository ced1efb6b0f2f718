"""Two machines that are connected with a cable: two network namespaces of this machine (Linux, without root)."""

import subprocess

import pytest

FIRST, SECOND = "192.0.2.1", "192.0.2.2"
NETWORK = f"""set -e
ip link set lo up
unshare --net sleep 3600 &
export OTHER=$!
until [ "$(readlink /proc/$OTHER/ns/net)" != "$(readlink /proc/self/ns/net)" ]; do sleep 0.1; done
ip link add link0 type veth peer name link1 netns $OTHER
ip addr add {FIRST}/24 dev link0
ip link set link0 up
nsenter --target $OTHER --net sh -c 'ip link set lo up; ip addr add {SECOND}/24 dev link1; ip link set link1 up'
"$@"
"""
# A command after these words runs on the first machine. When it ends, all processes of both machines end.
FIRST_MACHINE = [
    "unshare",
    "--map-root-user",
    "--net",
    "--pid",
    "--fork",
    "--mount-proc",
    "bash",
    "-c",
    NETWORK,
    "bash",
]
ON_SECOND = "nsenter --target $OTHER --net"  # in a script of the first machine, these words come before a command


def need_two_machines() -> None:
    """Skip the test if this machine cannot make network namespaces."""
    probe = subprocess.run([*FIRST_MACHINE, "true"], capture_output=True, text=True, check=False)
    if probe.returncode:
        pytest.skip(f"this machine cannot make two network namespaces: {probe.stderr}")
