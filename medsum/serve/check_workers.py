"""Run the checks of the page and the API in worker processes, so that one visitor's text does not stop the others.

While Python matches a pattern, the whole process waits. So the server calls each function that has the decorator
`in_worker` in another process (a worker), and ends the worker after a time limit. The command line starts no workers
and calls the function directly.

A long check is a check that uses more CPU time than SHORT_SECONDS. A long check gets a lower priority, and it needs one
of LONG_CHECKS places. If no place is free, the server ends the worker of the check. The check starts again when a place
is free. So a short check never waits for the end of a long check. SHORT_SECONDS counts CPU time, because every check
takes long by the clock on a busy machine. LIMIT_SECONDS counts the time of the clock, because a visitor waits.
"""

import multiprocessing
import os
import queue
import signal
import sys
import tempfile
import threading
import time
import traceback
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from functools import wraps
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any, ParamSpec, TypeVar

from medsum.core.errors import UserError

WORKERS = 8  # the most worker processes; without `warm_up`, a process starts when it is needed
LONG_CHECKS = 4  # the most long checks that run at the same time
SHORT_SECONDS = 0.25  # the most CPU time of a short check
LIMIT_SECONDS = 20.0  # the most time from request to answer; a dialogue of 200,000 characters takes about 10 s
START_SECONDS = 60.0  # the most time in which a process must start
NICER = 10  # a long check gets a nice value that is 10 higher, and so a lower priority
WARM = "medsum.serve.warm_checks"  # one process imports this module, and all workers are forks of this process
# A forkserver has a socket in the temporary folder. The socket's path may have at most 107 characters. It has 32
# characters after the path of the temporary folder.
LONGEST_TEMPDIR = 75
TOO_LONG = f"not checked: the check did not end within {LIMIT_SECONDS:.0f} seconds; give a shorter text"
FAILED = "not checked: the check failed; tell the person who runs the server"

P = ParamSpec("P")
R = TypeVar("R")
Request = tuple[Callable[..., Any], tuple[Any, ...], dict[str, Any]]  # a function and its arguments
Answer = tuple[str, Any]  # the kind of answer (`result`, `user error` or `fault`), and the result or the message


class NotCheckedError(UserError):
    """A check failed or did not end in time, so its result is not known."""

    def sentence(self) -> str:
        """Return the message as a whole sentence."""
        said = str(self)
        return f"{said[0].upper()}{said[1:]}."


class Worker:
    """A process that answers one request at a time. Raise EOFError or OSError if the process cannot start."""

    def __init__(self) -> None:
        self.pipe, other = multiprocessing.Pipe()
        has_socket = len(os.fsencode(tempfile.gettempdir())) <= LONGEST_TEMPDIR
        context = multiprocessing.get_context("forkserver") if has_socket else multiprocessing.get_context("spawn")
        self.process = context.Process(target=_work, args=(other,), daemon=True)
        self.process.start()
        other.close()
        if not self.pipe.poll(START_SECONDS):
            self.end()
            raise EOFError
        self.pipe.recv()  # the worker is ready
        self.is_reusable = True

    def send(self, request: Request) -> None:
        """Send a request to the process."""
        self.is_reusable = False
        self.pipe.send(request)

    def short_answer(self, deadline: float) -> Answer | None:
        """Return the answer, or None if the check takes long."""
        start = _cpu_seconds(self.process.pid)
        while not self.pipe.poll(max(0.0, min(SHORT_SECONDS, deadline - time.monotonic()))):
            if time.monotonic() >= deadline or _cpu_seconds(self.process.pid) - start >= SHORT_SECONDS:
                return None
        found: Answer = self.pipe.recv()
        self.is_reusable = True
        return found

    def late_answer(self, deadline: float) -> Answer:
        """Lower the priority, and return the answer of a long check. Raise TimeoutError after the time limit.

        A process cannot raise its priority again, so the worker must be replaced after the check.
        """
        nice = min(os.getpriority(os.PRIO_PROCESS, 0) + NICER, 19)
        os.setpriority(os.PRIO_PROCESS, self.process.pid or 0, nice)
        if not self.pipe.poll(max(0.0, deadline - time.monotonic())):
            raise TimeoutError
        found: Answer = self.pipe.recv()
        return found

    def end(self) -> None:
        """End the process at once, even in the middle of its work."""
        self.process.kill()
        self.process.join()


class Workers:
    """The worker processes of one server."""

    def __init__(self) -> None:
        multiprocessing.set_forkserver_preload([WARM])
        self._idle: queue.Queue[Worker | None] = queue.Queue()  # None stands for a process that has not started
        for _ in range(WORKERS):
            self._idle.put(None)
        self._long_checks = threading.Semaphore(LONG_CHECKS)
        self._lock = threading.Lock()  # protects the next two attributes
        self._running: set[Worker] = set()
        self._is_closed = False

    def call(self, function: Callable[..., Any], *args: Any, **kwargs: Any) -> Any:
        """Call the function in a worker and return its result.

        If the function raises UserError, raise the same error here. Raise NotCheckedError if the check fails or takes
        too long.
        """
        try:
            answer = self._answer((function, args, kwargs), time.monotonic() + LIMIT_SECONDS)
        except (TimeoutError, queue.Empty):
            raise NotCheckedError(TOO_LONG) from None
        except (EOFError, OSError):  # the worker has ended
            raise NotCheckedError(FAILED) from None
        return _result(answer)

    def warm_up(self) -> None:
        """Start all workers, one after another."""
        for _ in range(WORKERS):
            with suppress(EOFError, OSError, queue.Empty), self._lent(time.monotonic() + LIMIT_SECONDS):
                pass

    def close(self) -> None:
        """End all workers. Running checks and later checks raise NotCheckedError."""
        with self._lock:
            self._is_closed = True
            for worker in self._running:
                worker.end()

    def _answer(self, request: Request, deadline: float) -> Answer:
        with self._lent(deadline) as worker:
            worker.send(request)
            answer = worker.short_answer(deadline)
            if answer is not None:
                return answer
            if self._long_checks.acquire(blocking=False):
                try:
                    return worker.late_answer(deadline)
                finally:
                    self._long_checks.release()
        return self._second_try(request, deadline)

    def _second_try(self, request: Request, deadline: float) -> Answer:
        """Wait for a free place and run a long check again. Raise TimeoutError after the deadline."""
        if not self._long_checks.acquire(timeout=max(0.0, deadline - time.monotonic())):
            raise TimeoutError
        try:
            with self._lent(deadline) as worker:
                worker.send(request)
                return worker.late_answer(deadline)
        finally:
            self._long_checks.release()

    @contextmanager
    def _lent(self, deadline: float) -> Iterator[Worker]:
        """Reserve a worker for the block. After the block, replace the worker if it cannot run another short check.

        A worker cannot do so if it has not answered, or if a long check has lowered its priority.
        """
        worker = self._idle.get(timeout=max(0.0, deadline - time.monotonic()))
        try:
            worker = worker or self._new()
            yield worker
        finally:
            self._idle.put(worker if worker is None or worker.is_reusable else self._replacement(worker))

    def _new(self) -> Worker:
        with self._lock:
            if self._is_closed:
                raise EOFError
            worker = Worker()
            self._running.add(worker)
        return worker

    def _replacement(self, worker: Worker) -> Worker | None:
        """End a worker. Return a new worker, or None if a new worker cannot start now."""
        worker.end()
        worker.pipe.close()
        with self._lock:
            self._running.discard(worker)
        with suppress(EOFError, OSError):
            return self._new()
        return None


_workers: Workers | None = None


def in_worker(function: Callable[P, R]) -> Callable[P, R]:
    """Mark a function as a check. In a server with `check_workers`, each call runs in a worker process.

    The arguments and the result must be picklable.
    """

    @wraps(function)
    def wrapper(*args: P.args, **kwargs: P.kwargs) -> R:
        if _workers is None:
            return function(*args, **kwargs)
        found: R = _workers.call(wrapper, *args, **kwargs)  # `wrapper` is pickled by its name
        return found

    return wrapper


@contextmanager
def check_workers() -> Iterator[None]:
    """Run checks in worker processes during the block. A server may use this context manager only once."""
    global _workers
    workers = _workers = Workers()
    try:
        yield
    finally:
        workers.close()


def warm_up() -> None:
    """Start the workers in the background, so that no visitor waits for them."""
    if _workers is not None:
        threading.Thread(target=_workers.warm_up, daemon=True).start()


def _cpu_seconds(process: int | None) -> float:
    """Return the CPU time of a process on Linux. On other systems, return the time of the clock."""
    try:
        fields = Path(f"/proc/{process}/stat").read_text(encoding="utf-8").rpartition(")")[2].split()
    except OSError:
        return time.monotonic()
    # The two fields are the CPU times in user mode and in system mode.
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def _work(pipe: Connection) -> None:
    """Answer the requests of the server until the server ends."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C goes to the server, which ends its workers
    with suppress(EOFError, OSError):
        pipe.send("ready")
        while True:
            request = pipe.recv()
            signal.alarm(int(LIMIT_SECONDS) + 1)  # ends this process even if the server was killed
            pipe.send(_answer_to(request))
            signal.alarm(0)


def _answer_to(request: Request) -> Answer:
    """Call the function. Return its result, the sentence of its UserError, or the traceback of a fault.

    The traceback does not contain the exception's message, because the message may quote a dialogue.
    """
    function, args, kwargs = request
    try:
        return "result", function(*args, **kwargs)
    except UserError as error:
        return "user error", str(error)
    except Exception as error:
        lines = [*traceback.format_tb(error.__traceback__), f"{type(error).__name__} (message not shown)\n"]
        return "fault", "".join(lines)


def _result(answer: Answer) -> Any:
    kind, value = answer
    if kind == "user error":
        raise UserError(value)
    if kind == "fault":
        sys.stderr.write(value)
        raise NotCheckedError(FAILED)
    return value
