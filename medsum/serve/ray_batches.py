"""Write the parts of a batch with Ray Data. Readers send chunks to workers. Each worker loads the model once.

A chunk is a fixed number of lines of the input, and a part is a file with the output rows of one chunk (batch.py). A
worker writes the whole part or nothing, and returns only the number of lines. If a worker is killed, Ray starts another
worker and repeats the chunk. The project, the input and the output must have the same paths on all machines.
"""

import json
import logging
import os
import secrets
import shutil
import tempfile
import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path
from typing import Any

from medsum.core.atomic import write_jsonl
from medsum.core.errors import UserError, first_line
from medsum.params import runtime
from medsum.serve.batch import Batch, chunks_of, part_of
from medsum.serve.batch_input import Line
from medsum.serve.batch_rows import Options, identity, rows_maker
from medsum.serve.workers import stop_on_sigterm

# These variables must be set before Ray is imported. With them, Ray does not send statistics about its use over the
# network, and does not print its logs.
os.environ["RAY_USAGE_STATS_ENABLED"] = "0"
os.environ.setdefault("RAY_BACKEND_LOG_LEVEL", "fatal")

try:
    import ray
    import ray.data
    from ray._private import ray_constants
except ImportError:
    raise UserError("Ray is not installed; run `pip install -r requirements-ray.txt`") from None

LOCAL = "127.0.0.1"
# Ray replaces LOCAL by an address that other machines can reach, and then listens on all addresses. With this variable,
# which Ray has for Windows and macOS, it does not.
ONLY_HERE = {ray_constants.ENABLE_RAY_CLUSTERS_ENV_VAR: "0"}
# Even without statistics, Ray asks the metadata servers of three clouds where it runs. With these variables, the
# requests fail, because no proxy listens at this address.
NO_NETWORK = dict.fromkeys(("http_proxy", "https_proxy"), f"http://{LOCAL}:9") | {"no_proxy": f"localhost,{LOCAL}"}
STORE_BYTES = 2**28  # the memory for chunks that wait; it is enough for a hundred typical chunks
# Ray gives workers a low priority by default, so they would be slower than other processes on a busy machine. It also
# stops the run if a check of this machine takes longer than some seconds; on a busy machine this can happen.
OF_LOCAL = {"worker_niceness": 0, "health_check_timeout_ms": 120_000, "health_check_failure_threshold": 10}
RETRIES = 3  # a chunk is repeated at most 3 times if its worker dies
READERS = 2  # the number of files that are read at the same time


class Reader:
    """Yields the chunks of a source for which no part exists."""

    def __init__(self, folder: Path, parts: Path) -> None:
        self.folder = folder
        self.parts = parts

    def __call__(self, batch: dict[str, Any]) -> Iterator[dict[str, list[Any]]]:
        """Read one source. `first` is the number of the first chunk of this source."""
        os.chdir(self.folder)
        [source], [first] = batch["source"], batch["first"]
        for number, lines in enumerate(chunks_of(Path(source)), start=int(first)):
            if not part_of(self.parts, number).exists():
                yield {"number": [number], "lines": [json.dumps([asdict(line) for line in lines])]}


class Worker:
    """Holds the model and writes one part after another."""

    def __init__(self, folder: Path, parts: Path, options: Options, expected: dict[str, Any]) -> None:
        self.parts = parts
        self.error: str | None = None
        try:
            os.chdir(folder)
            if json.dumps(identity(options)) != json.dumps(expected):
                raise UserError(f"{folder} has another model or params.yaml on one machine; copy it to all of them")
            self.make = rows_maker(options)
        except OSError:
            self.error = f"a machine of the cluster does not have the folder {folder}; copy the project to it"
        except UserError as error:  # if the error left this method, Ray would print a traceback
            self.error = str(error)

    def __call__(self, batch: dict[str, Any]) -> dict[str, list[Any]]:
        """Write the part of one chunk, and return the number of its lines or an error."""
        [number], [text] = batch["number"], batch["lines"]
        lines = [Line(**values) for values in json.loads(text)]
        try:
            if self.error:
                raise UserError(self.error)
            part = part_of(self.parts, int(number))
            if not part.exists():  # a worker may have died after it wrote the part
                write_jsonl(part, self.make(lines, lambda _: None))
        except UserError as error:
            return {"lines": [0], "error": [str(error)]}
        return {"lines": [len(lines)], "error": [""]}


def write_parts(
    run: Batch, options: Options, workers: int | None, address: str | None, report: Callable[[int], object]
) -> None:
    """Write all parts of a batch. For each part, call `report` with the number of its lines.

    By default, this machine has one worker, and a cluster has as many workers as fit. Raise UserError if a worker
    cannot start, or if the cluster cannot be reached.
    """
    threads = runtime.load().threads
    with cluster(address, (workers or 1) * threads):
        cpus = int(ray.cluster_resources().get("CPU", 0))
        workers = workers or max(1, cpus // threads)
        try:
            for row in _written(run, options, workers, threads).iter_rows():
                if row["error"]:
                    raise UserError(row["error"])
                report(row["lines"])
        except ray.exceptions.RayTaskError:
            raise
        except ray.exceptions.RayError as error:
            raise UserError(
                f"Ray has stopped: {first_line(error)}; if memory is short, use fewer workers, and run the same command"
                " again to continue"
            ) from None


def _written(run: Batch, options: Options, workers: int, threads: int) -> "ray.data.Dataset":
    """Return the stream of results. The work begins when the stream is read."""
    context = ray.data.DataContext.get_current()
    context.target_max_block_size = 1  # a block of Ray then has one chunk, so Ray distributes the chunks one by one
    context.enable_progress_bars = False
    context.print_on_execution_start = False
    context.max_consecutive_actor_init_deaths = RETRIES
    context.execution_options.resource_limits = ray.data.ExecutionResources(object_store_memory=STORE_BYTES)
    folder, parts = Path.cwd(), run.parts.absolute()
    firsts = [sum(run.chunk_counts()[:place]) for place in range(len(run.sources))]
    sources = [
        {"source": str(source.absolute()), "first": first} for source, first in zip(run.sources, firsts, strict=True)
    ]
    chunks = ray.data.from_items(sources, override_num_blocks=len(sources)).map_batches(
        Reader(folder, parts).__call__,
        batch_size=1,
        num_cpus=0,
        compute=ray.data.TaskPoolStrategy(size=min(READERS, len(sources))),
    )
    return chunks.map_batches(
        Worker,
        fn_constructor_args=(folder, parts, options, identity(options)),
        batch_size=1,
        num_cpus=threads,
        compute=ray.data.ActorPoolStrategy(size=workers, max_tasks_in_flight_per_actor=2),
        max_task_retries=RETRIES,
    )


@contextmanager
def cluster(address: str | None, cpus: int) -> Iterator[None]:
    """Connect to a cluster during the block. Without an address, start a cluster on this machine and end it afterwards.

    `cpus` is the number of CPUs of the cluster on this machine. The logs and sockets of this cluster are in a private
    folder, which is deleted at the end. Raise UserError if Ray does not start or does not answer.
    """
    logging.getLogger("ray.data").setLevel(logging.FATAL)
    # Ray warns about options that a later version of Ray renames.
    warnings.filterwarnings("ignore", module="(medsum|ray)[.]")
    own = None if address else tempfile.mkdtemp(prefix="ray-")
    try:
        try:
            _start(address, cpus, own)
        except Exception as error:  # Ray raises no narrower type
            said = "start the cluster, or leave --address out" if address else "close other programs and try again"
            raise UserError(f"Ray cannot {'connect' if address else 'start'}: {first_line(error)}; {said}") from None
        stop_on_sigterm()  # Ray has replaced the handler of this program
        yield
    finally:
        ray.shutdown()
        if own:
            shutil.rmtree(own, ignore_errors=True)


def _start(address: str | None, cpus: int, own: str | None) -> None:
    quiet = {"logging_level": "FATAL", "log_to_driver": False}
    if address:
        ray.init(address=address, runtime_env={"env_vars": {"PYTHONPATH": str(Path.cwd())}}, **quiet)
    else:
        os.environ.update(NO_NETWORK | ONLY_HERE)  # for the processes that Ray starts
        os.environ.setdefault("RAY_AUTH_TOKEN", secrets.token_hex(32))  # otherwise Ray writes one into the home folder
        ray_constants.ENABLE_RAY_CLUSTER = False  # for this process, which has read the variable already
        ray.init(
            address="local", num_cpus=cpus, include_dashboard=False, object_store_memory=STORE_BYTES,
            _node_ip_address=LOCAL, _temp_dir=own, _system_config=OF_LOCAL, **quiet,
        )  # fmt: skip
