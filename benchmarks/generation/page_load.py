"""Measure the page under load. Each client requests summaries over HTTP and checks that the answers are its own.

    python app.py &
    python -m benchmarks.generation.page_load [--url http://localhost:7860] [--clients 50] [--seconds 120]

The dialogue of each client names a different room. The command prints the latency and the numbers of answers, of
answers that the server is busy, of errors, and of answers that belong to another client. With --pid, it also prints the
server's memory.
"""

import argparse
import json
import statistics
import threading
import time
import urllib.error
import urllib.request
from pathlib import Path


def ask(url: str, dialogue: str) -> str:
    """Send one request. Return the data of the answer, or `busy` if the queue was full."""
    body = json.dumps({"data": [dialogue, "CC"]}).encode()
    request = urllib.request.Request(f"{url}/gradio_api/call/summarize", body, {"Content-Type": "application/json"})
    try:
        with urllib.request.urlopen(request, timeout=300) as response:
            event: str = json.load(response)["event_id"]
        with urllib.request.urlopen(f"{url}/gradio_api/call/summarize/{event}", timeout=300) as response:
            text: str = response.read().decode()
    except urllib.error.HTTPError as error:
        if error.code == 503:
            return "busy"
        raise
    if "event: complete" in text:
        return text.rpartition("data: ")[2].strip()
    return "busy" if "full" in text.lower() else "error"


def memory_mb(pid: int) -> int:
    """Return the resident memory of a process (Linux)."""
    return int(Path(f"/proc/{pid}/statm").read_text(encoding="utf-8").split()[1]) * 4096 // 1_000_000


class Client(threading.Thread):
    """One client. It sends the next request as soon as an answer arrives."""

    def __init__(self, url: str, number: int, until: float) -> None:
        super().__init__()
        self.url = url
        self.until = until
        self.dialogue = f"Doctor: Which room are you in?\nPatient: Room {number}, and my left knee hurts."
        self.answers: list[str] = []
        self.seconds: list[float] = []
        self.counts = {"busy": 0, "error": 0}

    def run(self) -> None:
        """Send requests until the time is over."""
        while time.monotonic() < self.until:
            start = time.monotonic()
            try:
                answer = ask(self.url, self.dialogue)
            except (OSError, ValueError):
                answer = "error"
            if answer in self.counts:
                self.counts[answer] += 1
                time.sleep(0.5)
            else:
                self.answers.append(answer)
                self.seconds.append(time.monotonic() - start)


def main() -> None:
    """Run the clients, then print their counts."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--url", default="http://localhost:7860")
    parser.add_argument("--clients", type=int, default=50)
    parser.add_argument("--seconds", type=float, default=120)
    parser.add_argument("--pid", type=int, help="process id of the server, to print its memory")
    options = parser.parse_args()
    clients = [Client(options.url, number, time.monotonic() + options.seconds) for number in range(options.clients)]
    alone = [ask(options.url, client.dialogue) for client in clients]
    before = memory_mb(options.pid) if options.pid else 0
    for client in clients:
        client.until = time.monotonic() + options.seconds
        client.start()
    for client in clients:
        client.join()
    seconds = sorted(second for client in clients for second in client.seconds)
    crossed = sum(answer != own for client, own in zip(clients, alone, strict=True) for answer in client.answers)
    print(f"{options.clients} clients, {options.seconds:g} s: {len(seconds)} answers, {crossed} to the wrong client")
    for name in ("busy", "error"):
        print(f"{name}: {sum(client.counts[name] for client in clients)}")
    if seconds:
        print(f"latency: p50 {statistics.median(seconds):.2f} s, p95 {seconds[int(len(seconds) * 0.95)]:.2f} s")
    if options.pid:
        print(f"memory of the server: {before} MB before, {memory_mb(options.pid)} MB after")


if __name__ == "__main__":
    main()
