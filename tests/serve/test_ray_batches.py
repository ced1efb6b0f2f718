"""Batches on Ray, with the real Ray, a tiny model, and processes that are killed."""

import json
import os
import signal
import subprocess
import sys
from contextlib import suppress
from importlib.util import find_spec
from pathlib import Path

import pyarrow.parquet
import pytest

from tests.conftest import ROOT, run_script, sample_rows
from tests.processes import descendants, runs, wait_until
from tests.two_machines import FIRST, FIRST_MACHINE, ON_SECOND, SECOND, need_two_machines

needs_ray = pytest.mark.skipif(find_spec("ray") is None, reason="needs pip install -r requirements-ray.txt")
SECONDS = 240
COUNTED = """set -e
ip link set lo up
ip link add out0 type veth peer name in0
echo 1 > /proc/sys/net/ipv6/conf/out0/disable_ipv6
echo 1 > /proc/sys/net/ipv6/conf/in0/disable_ipv6
ip addr add 198.51.100.2/24 dev out0
ip link set in0 up
ip link set out0 up
ip route add default via 198.51.100.1
ip neigh add 198.51.100.1 lladdr 02:00:00:00:00:01 dev out0
sent() { awk '$1 == "out0:" {print $11}' /proc/net/dev; }
open() { awk '$4 == "0A" && $2 !~ /0100007F:|^000000000000000000000000010/' /proc/net/tcp /proc/net/tcp6; }
before=$(sent)
set +e
"$@" &
while kill -0 $! 2> /dev/null; do
    [ -n "$(open)" ] && echo "a port is open for other machines" && break
    sleep 0.5
done
wait $!
code=$?
echo "packets that left: $(($(sent) - before))"
exit $code
"""
NAMESPACE = ["unshare", "--map-root-user", "--net", "sh", "-c", COUNTED, "sh"]
PROBE = """
import socket, time
socket.socket(socket.AF_INET, socket.SOCK_DGRAM).sendto(b'hello', ('203.0.113.1', 9))
with socket.create_server(('', 0)):
    time.sleep(2)
"""


def write_batch(path: Path, count: int) -> None:
    """Write dialogues of two lines and, in their middle, lines that cannot be summarised."""
    short = ["\n".join(row["dialogue"].splitlines()[:2]) for row in sample_rows()]
    dialogues = [{"id": str(n), "dialogue": short[n % len(short)]} for n in range(count)]
    dialogues.insert(count // 2, {"id": "empty", "dialogue": ""})
    if path.suffix == ".parquet":
        pyarrow.parquet.write_table(pyarrow.Table.from_pylist(dialogues), path)
        return
    lines = [json.dumps(dialogue) for dialogue in dialogues]
    lines.insert(count // 2, "{")
    path.write_text("".join(f"{line}\n" for line in lines), encoding="utf-8")


def workers_of(project: Path) -> list[str]:
    """Return the process ids of the workers that hold this project's model."""
    found = []
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            words, place = (folder / "cmdline").read_bytes(), str((folder / "cwd").readlink())
        except OSError:
            continue
        if words.startswith(b"ray::") and place == str(project) and runs(folder.name):
            found.append(folder.name)
    return found


def has_no_usage_statistics(driver: int) -> bool:
    """Whether Ray's dashboard, which would send the statistics, has the variable that switches them off."""
    for process in descendants(driver):
        with suppress(OSError):  # the process may have ended
            if b"/ray/dashboard/dashboard.py" in Path(f"/proc/{process}/cmdline").read_bytes():
                return b"RAY_USAGE_STATS_ENABLED=0" in Path(f"/proc/{process}/environ").read_bytes().split(b"\0")
    return False


@pytest.fixture
def expected(served_project: Path) -> dict[str, bytes]:
    """Two batches, and their outputs by one process."""
    for name, count in (("may.jsonl", 1200), ("june.parquet", 30)):
        write_batch(served_project / name, count)
    done = run_script(served_project, "summarize.py", "--batch", "may.jsonl", "june.parquet", "--output", "alone")
    assert done.returncode == 3, done.stderr
    return {name: (served_project / "alone" / name).read_bytes() for name in ("may.jsonl", "june.jsonl")}


def outputs(project: Path) -> dict[str, bytes]:
    return {file.name: file.read_bytes() for file in (project / "out").iterdir()}


RAY = ["--batch", "may.jsonl", "june.parquet", "--output", "out", "--engine", "ray", "--processes", "2"]


@needs_ray
@pytest.mark.slow
def test_ray_writes_the_bytes_of_one_process_and_no_other_machine_is_reached(
    served_project: Path, expected: dict[str, bytes]
) -> None:
    probe = subprocess.run([*NAMESPACE, sys.executable, "-c", PROBE], capture_output=True, text=True, check=False)
    if probe.returncode:
        pytest.skip(f"this machine cannot count packets: {probe.stderr}")
    assert probe.stdout == "a port is open for other machines\npackets that left: 1\n"
    done = subprocess.run(
        [*NAMESPACE, sys.executable, "summarize.py", *RAY],
        cwd=served_project,
        env={**os.environ, "HOME": str(served_project)},
        capture_output=True,
        encoding="utf-8",
        check=False,
    )
    assert done.returncode == 3, done.stderr
    assert done.stdout == "packets that left: 0\n"
    assert outputs(served_project) == expected
    assert "may.jsonl, line 601: not valid JSON" in done.stderr
    assert "out: 3 lines could not be summarised" in done.stderr
    assert not list(served_project.glob(".*.parts"))
    assert not (served_project / ".ray").exists()


@needs_ray
@pytest.mark.slow
def test_a_killed_worker_and_a_killed_driver_lose_and_repeat_nothing(
    served_project: Path, expected: dict[str, bytes]
) -> None:
    parts = served_project / ".out.parts"
    with (served_project / "said").open("w") as said:
        driver = subprocess.Popen([sys.executable, "summarize.py", *RAY], cwd=served_project, stderr=said)
    try:
        wait_until(lambda: any(parts.glob("0*.jsonl")), SECONDS)
        first = workers_of(served_project)
        os.kill(int(first[0]), signal.SIGKILL)
        wait_until(lambda: bool(set(workers_of(served_project)) - set(first)) or driver.poll() is not None, SECONDS)
    finally:
        driver.kill()
        driver.wait()
    wait_until(lambda: not workers_of(served_project), SECONDS)
    part = min(parts.glob("0*.jsonl"))
    marked = part.read_bytes().replace(b'"summary": "', b'"summary": "kept ')
    number = int(part.stem)
    before = part.read_bytes()
    part.write_bytes(marked)

    again = run_script(served_project, "summarize.py", *RAY)
    assert again.returncode == 3, again.stderr
    assert "continuing where an earlier run stopped" in again.stderr
    name = "may.jsonl" if number < 5 else "june.jsonl"
    assert outputs(served_project) == expected | {name: expected[name].replace(before, marked)}


@needs_ray
@pytest.mark.slow
def test_a_killed_worker_alone_is_replaced(served_project: Path, expected: dict[str, bytes]) -> None:
    driver = subprocess.Popen([sys.executable, "summarize.py", *RAY], cwd=served_project, stderr=subprocess.DEVNULL)
    try:
        wait_until(lambda: any((served_project / ".out.parts").glob("0*.jsonl")), SECONDS)
        worker = int(workers_of(served_project)[0])
        assert has_no_usage_statistics(driver.pid)
        assert os.getpriority(os.PRIO_PROCESS, worker) == os.getpriority(os.PRIO_PROCESS, driver.pid)
        os.kill(worker, signal.SIGKILL)
        assert driver.wait(SECONDS) == 3
    finally:
        driver.kill()
        driver.wait()
    assert outputs(served_project) == expected


CLUSTER = """set -e
folder=$(mktemp -d)
trap 'rm -r $folder' EXIT
{generate}
{export}
{head} --node-ip-address={first} --num-cpus=1 --temp-dir=$folder
{on_second} {other} --node-ip-address={second} --num-cpus=1
set +e
python summarize.py {words} &
until ls .out.parts/0*.jsonl || ! kill -0 $!; do sleep 0.1; done
pkill -KILL --oldest -f 'ray::[M]apWorker' && echo 'a worker was killed'
wait $!
code=$?
ls $folder/session_latest/usage_stats.json && exit 9
exit $code
"""


@needs_ray
@pytest.mark.slow
def test_the_commands_of_the_docs_start_two_machines_of_which_one_loses_its_worker(
    served_project: Path, expected: dict[str, bytes]
) -> None:
    need_two_machines()
    lines = (ROOT / "docs/batches.md").read_text(encoding="utf-8").replace("10.0.0.5", FIRST).splitlines()
    generate, export, head, other = (
        next(line for line in lines if line.startswith(start))
        for start in ("ray get-auth-token", "export RAY_", "ray start --head", "ray start --address")
    )
    head, other = (command.partition(" #")[0] for command in (head, other))
    script = CLUSTER.format(
        generate=generate, export=export, head=head, other=other, first=FIRST, second=SECOND, on_second=ON_SECOND,
        words=" ".join([*RAY[:-2], "--address", f"{FIRST}:6379"]),
    )  # fmt: skip
    path = f"{Path(sys.executable).parent}:{os.environ['PATH']}"
    done = subprocess.run(
        [*FIRST_MACHINE, "bash", "-c", script],
        cwd=served_project,
        env={**os.environ, "HOME": str(served_project), "PATH": path},
        capture_output=True,
        encoding="utf-8",
        timeout=2 * SECONDS,
        check=False,
    )
    assert done.returncode == 3, done.stdout + done.stderr
    assert "a worker was killed" in done.stdout
    assert outputs(served_project) == expected


@needs_ray
@pytest.mark.slow
def test_a_model_that_is_missing_is_one_sentence(served_project: Path) -> None:
    write_batch(served_project / "june.jsonl", 3)
    words = ["--batch", "june.jsonl", "--output", "out.jsonl", "--engine", "ray", "--model", "models/scorer/tiny"]
    done = run_script(served_project, "summarize.py", *words)
    assert done.returncode == 1
    assert [line for line in done.stderr.splitlines() if line.startswith("Error: ")] == [done.stderr.splitlines()[-1]]
    assert "names BertModel" in done.stderr
    assert "Traceback" not in done.stderr


def test_without_ray_the_message_names_the_file_to_install(served_project: Path, tmp_path: Path) -> None:
    write_batch(served_project / "june.jsonl", 3)
    hidden = tmp_path / "hidden"
    hidden.mkdir()
    (hidden / "ray.py").write_text("raise ImportError", encoding="utf-8")
    words = ["--batch", "june.jsonl", "--output", "out.jsonl", "--engine", "ray"]
    done = run_script(served_project, "summarize.py", *words, env={"PYTHONPATH": str(hidden)})
    assert done.returncode == 1
    assert "Error: Ray is not installed; run `pip install -r requirements-ray.txt`\n" in done.stderr
    assert not (served_project / "out.jsonl").exists()
