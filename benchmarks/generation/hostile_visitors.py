"""Measure how much hostile requests delay the checks of other visitors of the page.

    python app.py &
    python -m benchmarks.generation.hostile_visitors [--url http://localhost:7860] [--seconds 60] [--rounds 2]

20 ordinary visitors check a short note every few seconds. At the same time, 0, 1 or 4 hostile visitors send a text of
200,000 characters that takes very long to check. After each answer, they send the next such text. The command prints
the median and the longest time of the ordinary checks for each number of hostile visitors. The measurement needs no
model.
"""

import argparse
import itertools
import json
import random
import statistics
import threading
import time
import urllib.error
import urllib.request
from collections import Counter

from medsum.core.errors import UserError, run_script

VISITORS = 20
HOSTILE = (0, 1, 4)
PAUSE_SECONDS = 4.0  # the mean time from an answer to the next request of the same visitor
CHARACTERS = 200_000  # the most that the page allows
TURNS = (
    "Doctor: What brings you in today?\nPatient: I've had headaches for about two weeks now, mostly in the morning.\n"
    "Doctor: Any fever or vomiting?\nPatient: No fever. I threw up once, last Tuesday. I take ten milligrams of"
    " lisinopril."
)
NOTE = "Headaches for two weeks, in the morning. No fever. Vomited once. Lisinopril 20 mg."
REPEATED = (
    "no pain, ",
    ".",
    "1",
    "so i took the aspirin twice a day and then my back hurt for three weeks and my mother said no ",
)


def hostile_requests() -> list[tuple[str, str]]:
    """Return pairs of a dialogue and a note. Each hostile text is once a turn of the dialogue and once the note."""
    start = "Doctor: Hi.\nPatient: "
    texts = [(text * CHARACTERS)[: CHARACTERS - len(start)] for text in REPEATED]
    return [*((start + text, NOTE) for text in texts), *((TURNS, text) for text in texts)]


def check(url: str, dialogue: str, note: str) -> str:
    """Check a note. Return `checked`, `not checked` or another kind of answer."""
    body = json.dumps({"data": [dialogue, note]}).encode()
    request = urllib.request.Request(f"{url}/gradio_api/call/check", body, {"Content-Type": "application/json"})
    try:
        with urllib.request.urlopen(request, timeout=600) as response:
            event: str = json.load(response)["event_id"]
        with urllib.request.urlopen(f"{url}/gradio_api/call/check/{event}", timeout=600) as response:
            text: str = response.read().decode()
        [answer] = json.loads(text.rpartition("data: ")[2])
    except urllib.error.HTTPError as error:
        return "busy" if error.code == 503 else "error"
    except (OSError, ValueError, TypeError):
        return "error"
    if "evidence" in answer:
        return "checked"
    return "not checked" if str(answer.get("error", "")).startswith("not checked") else "error"


class Visitor(threading.Thread):
    """A visitor who sends checks until the time is over."""

    def __init__(self, url: str, texts: list[tuple[str, str]], pause_seconds: float, until: float) -> None:
        super().__init__(daemon=True)  # the command does not wait for the last answer to a hostile visitor
        self.url, self.texts, self.pause_seconds, self.until = url, texts, pause_seconds, until
        self.seconds: list[float] = []
        self.answers: Counter[str] = Counter()

    def run(self) -> None:
        """Send requests until the time is over."""
        for text in itertools.cycle(self.texts):
            if self.pause_seconds:
                time.sleep(random.uniform(0, 2 * self.pause_seconds))
            if time.monotonic() > self.until:
                return
            start = time.monotonic()
            self.answers[check(self.url, *text)] += 1
            self.seconds.append(time.monotonic() - start)


def measure(url: str, hostile: int, seconds: float) -> tuple[list[Visitor], list[Visitor]]:
    """Run one measurement. Return its ordinary and its hostile visitors."""
    until = time.monotonic() + seconds
    texts = hostile_requests()
    others = [Visitor(url, texts[number:] + texts[:number], 0, until) for number in range(hostile)]
    visitors = [Visitor(url, [(TURNS, NOTE)], PAUSE_SECONDS, until) for _ in range(VISITORS)]
    for visitor in others + visitors:
        visitor.start()
    for visitor in visitors:
        visitor.join()
    for visitor in others:  # wait, so that the next measurement begins with an idle server
        visitor.join(600)
    return visitors, others


def main() -> None:
    """Measure, and print one row for each number of hostile visitors."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--url", default="http://localhost:7860")
    parser.add_argument("--seconds", type=float, default=60, help="the time of each measurement")
    parser.add_argument("--rounds", type=int, default=2, help="how often each number of hostile visitors is measured")
    options = parser.parse_args()
    seconds: dict[int, list[float]] = {hostile: [] for hostile in HOSTILE}
    answers: dict[int, tuple[Counter[str], Counter[str]]] = {hostile: (Counter(), Counter()) for hostile in HOSTILE}
    if check(options.url, TURNS, NOTE) != "checked":
        raise UserError(f"{options.url} does not answer a check; start the page with `python app.py` and try again")
    for hostile in HOSTILE * options.rounds:
        for visitors, counts in zip(measure(options.url, hostile, options.seconds), answers[hostile], strict=True):
            for visitor in visitors:
                counts.update(visitor.answers)
                seconds[hostile] += visitor.seconds if visitor.pause_seconds else []
    print("| hostile visitors | ordinary checks | median, s | greatest, s | answers to the hostile visitors |")
    print("|---|---|---|---|---|")
    for hostile, found in seconds.items():
        ordinary, other = ("; ".join(f"{n} {kind}" for kind, n in sorted(c.items())) for c in answers[hostile])
        print(f"| {hostile} | {ordinary} | {statistics.median(found):.2f} | {max(found):.2f} | {other} |")


if __name__ == "__main__":
    run_script(main)
