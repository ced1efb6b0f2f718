"""Measure how the time for reading and checking a text grows with the length of the text, for hostile texts.

    python -m benchmarks.generation.growth [--only read] [--shape "no pain, "]

A hostile text is made to take a long time: it repeats a short piece. The command measures the CPU time for 1,000 and
for 100,000 characters, and prints the ratio of the two times. A ratio of 100 is linear growth. The aim is a ratio of at
most 130. The measurement needs no model.
"""

import argparse
import signal
import time
from collections.abc import Callable
from contextlib import suppress
from itertools import groupby
from pathlib import Path

from medsum.core.errors import UserError, run_script
from medsum.corpus.tables import csv_rows
from medsum.corpus.visits import dialogue_of
from medsum.privacy.screening import find
from medsum.serve.checking import checked

SHORT, LONG = 1_000, 100_000  # characters
AIM = 130.0  # the time for LONG divided by the time for SHORT is at most this
LEAST_SECONDS = 0.05  # a measurement repeats the call until it has taken this long
LIMIT_SECONDS = 60  # a longer call is ended, and the table shows this time for the call
LEAST_LONG_SECONDS = 0.1  # if LONG takes less time, the ratio says nothing, because it depends on fixed costs
START = "Doctor: Hi.\nPatient: "
DIALOGUE = "Doctor: Any pain?\nPatient: I've had headaches for two weeks, no fever. I take lisinopril, ten milligrams."
NOTE = "Headaches for two weeks. No fever. Lisinopril 20 mg."
SHAPES = (
    "no pain, ", ".", "1", "a", " ", "\n", "?", ",", ";", "-", "(", "[", "{", '"', "'", "*", "#", "_", "|", "=", "<",
    "so i took the aspirin twice a day and then my back hurt for three weeks and my mother said no ",
    "I, I, ", "no ", "no not never ", "denies ", "left right ", "his mother's ", "left knee pain ", "pain. no pain. ",
    "my brother has diabetes. ", "both knees hurt and ", "lisinopril 10 mg, ", "stop aspirin. ", "Allergies: none. ",
    "mg ", "10 mg ", "1/2 ", "120/80/",
    "twice a day ", "for three years ", "on May 5 ", "and ", "hello ", "bye ", "bye? ", "allergic to penicillin and ",
    "ten hundred thousand ", "one hundred and ", "0.", "12:30 ", "[00:01] ", "Doctor: ", "Doctor: yes\nPatient: no\n",
    "Xy: ", "Xy: no\n", "Day 5 was\n", "Date: ", "CC: a\n", "Page 1 of 1\n", "Mother: diabetes.\n", "MRN 12 ", "Dr. ",
    "Mr. A. ", "St. Mary ", "I live in ", "+1 555 ", "a@", "a@b.", "http://", "at example dot ", "<v ", "<b>", "&amp;",
    "\\u2019", "e\u0301", "\u200b", "''", "do n't ", "\t", "\r\n", "=20", "> ", ">> ", "- ", "## ", "| a ", "a,", 'a="',
    'a="b" ', "speaker: a\ntext: b\n", "[laughs] ", "(nods) ", "\U0001f637",
)  # fmt: skip


def _read(text: str) -> None:
    dialogue_of(text, english=False)


def _read_turn(text: str) -> None:
    dialogue_of(START + text, english=False)


def _check_turn(text: str) -> None:
    checked(dialogue_of(START + text, english=False), NOTE)


def _check_note(text: str) -> None:
    checked(dialogue_of(DIALOGUE), text)


def _screen(text: str) -> None:
    find(text)


def _table(text: str) -> None:
    for _ in csv_rows(Path("table.csv"), "id,dialogue\n1," + text):
        pass


WORK: dict[str, Callable[[str], None]] = {
    "read": _read,
    "read turn": _read_turn,
    "check turn": _check_turn,
    "check note": _check_note,
    "screen": _screen,
    "table": _table,
}


def seconds(work: Callable[[str], None], text: str) -> float:
    """Return the least CPU time of a call in three measurements. A text may also be refused."""
    found = []
    for _ in range(3):
        calls, begun = 0, time.process_time()
        signal.alarm(LIMIT_SECONDS)
        while (used := time.process_time() - begun) < LEAST_SECONDS:
            with suppress(UserError, TimeoutError):
                work(text)
            calls += 1
        signal.alarm(0)
        found.append(used / calls)
        if used > 1:  # a long call is measured once
            break
    return min(found)


def _end(*_: object) -> None:
    raise TimeoutError


def main() -> None:
    """Print the largest ratio of each kind of work, and all ratios above the aim."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--only", choices=WORK, help="the kind of work (default: all)")
    parser.add_argument("--shape", help="the piece of text that is repeated (default: all)")
    chosen = parser.parse_args()
    signal.signal(signal.SIGALRM, _end)
    works = [chosen.only] if chosen.only else list(WORK)
    shapes = [chosen.shape] if chosen.shape else SHAPES
    rows = []
    for name in works:
        for done, shape in enumerate(shapes, start=1):
            short, long = (seconds(WORK[name], (shape * length)[:length]) for length in (SHORT, LONG))
            rows.append((name, shape, short, long))
            print(f"\r{name}: {done} of {len(shapes)}", end="", flush=True)
    print(f"\r{len(rows)} pairs of work and text. Aim: a ratio of at most {AIM:.0f}.\n")
    print("| work | piece of text | 1,000 characters, ms | 100,000 characters, s | ratio |\n|---|---|---|---|---|")
    for _, group in groupby(rows, key=lambda row: row[0]):
        ranked = sorted((row for row in group if row[3] >= LEAST_LONG_SECONDS), key=lambda row: -row[3] / row[2])
        for place, (name, shape, short, long) in enumerate(ranked):
            if place == 0 or long / short > AIM:
                print(f"| {name} | `{shape!r}` | {short * 1000:.2f} | {long:.2f} | {long / short:.0f} |")


if __name__ == "__main__":
    run_script(main)
