"""Summarise a doctor-patient dialogue, or a file of them, from the command line: `python summarize.py --help`.

Exit codes: 0, 1 for an error told in one sentence, 2 for a wrong command line, 3 where lines of a batch were bad.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import os
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

from medsum.errors import UserError, run_script

if TYPE_CHECKING:
    from medsum.serve.batch import Batch
    from medsum.serve.notes import Check

EXAMPLES = """examples:
  python summarize.py --input "Doctor: What brings you in? Patient: I've had headaches for two weeks."
  python summarize.py --file visit.txt --section HPI
  python summarize.py --file visit.txt --json          summary, section, evidence and flags
  python summarize.py --file visit.txt --marked        the same as text to read
  cat visit.txt | python summarize.py --model finetuned
  python summarize.py --batch visits.csv --output notes.jsonl --processes 2

A batch takes .jsonl (keys dialogue, id, section) or .csv (columns of the same names, or MTS-Dialog's). It goes on
where it was stopped when the same command is run again; bad lines are named at the end (exit code 3) and stand in the
output with their error. For GPUs: accelerate launch --num_processes 2 summarize.py --batch ... --model finetuned
"""
BAD_LINES_SHOWN = 20
BAD_LINES = 3  # exit code


def arguments() -> argparse.Namespace:
    """The command line."""
    parser = argparse.ArgumentParser(
        description="Summarise a doctor-patient dialogue. Every summary must be checked before it is used.",
        epilog=EXAMPLES,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    source = parser.add_mutually_exclusive_group()
    source.add_argument("--input", metavar="TEXT", help="the dialogue itself")
    source.add_argument("--file", type=Path, help="a text file with one dialogue; without any of the three, stdin")
    source.add_argument("--batch", type=Path, metavar="FILE", help="a .jsonl or .csv file of dialogues")
    parser.add_argument("--output", type=Path, metavar="FILE.jsonl", help="where the summaries of a batch go")
    parser.add_argument(
        "--model", default="serving", help="serving (default, fastest), finetuned, baseline, or a model's folder"
    )
    parser.add_argument(
        "--section",
        default="auto",
        help="HPI, ROS, MEDICATIONS, ...; any; or auto (default): guessed from the dialogue",
    )
    form = parser.add_mutually_exclusive_group()
    form.add_argument("--json", action="store_true", help="summary, section, evidence and flags as JSON")
    form.add_argument("--marked", action="store_true", help="the same as text, with marks in the summary")
    parser.add_argument("--processes", type=int, default=1, metavar="N", help="share a batch out over N processes")
    chosen = parser.parse_args()
    if bool(chosen.batch) != bool(chosen.output):
        parser.error("--batch and --output go together")
    if chosen.batch and (chosen.marked or chosen.output.suffix != ".jsonl"):
        parser.error("a batch is written as .jsonl; use --json for evidence and flags")
    if chosen.processes < 1 or (chosen.processes > 1 and not chosen.batch):
        parser.error("--processes is a whole number from 1, and for a batch")
    return chosen


def read_input(chosen: argparse.Namespace) -> str:
    """The text of the one dialogue."""
    from medsum.serve.dialogue import decode

    if chosen.input is not None:
        return str(chosen.input)
    if chosen.file is None:
        if sys.stdin.isatty():
            raise UserError("no dialogue was given; use --input, --file or --batch, or pipe one in (see --help)")
        return decode(sys.stdin.buffer.read())
    try:
        return decode(chosen.file.read_bytes())
    except OSError as error:
        raise UserError(f"{chosen.file} cannot be read: {error.strerror}; check its name") from None


def summarize_one(chosen: argparse.Namespace) -> None:
    """Print the note of one dialogue."""
    from medsum.serve.dialogue import read_dialogue
    from medsum.serve.sections import SectionChoice

    dialogue = read_dialogue(read_input(chosen))
    section = SectionChoice(chosen.section).section(dialogue)

    from medsum.model.choice import open_summarizer
    from medsum.quality.reranking import faithfulness

    [summary] = open_summarizer(chosen.model, faithfulness).summarize([dialogue], [section])
    if not (chosen.json or chosen.marked):
        print(summary)
        return
    from medsum.serve.check import check, marked

    found = check(dialogue, summary)
    note = {"summary": summary, "section": section, **found}
    print(json.dumps(note, ensure_ascii=False) if chosen.json else marked(dialogue, note))


def batch_identity(chosen: argparse.Namespace) -> dict[str, Any]:
    """All that shapes the result of a batch beside its input."""
    from medsum.model.choice import SECTIONS, identity
    from medsum.params import generation, model, prompt, runtime

    params = {module.__name__: module.load().model_dump() for module in (generation, model, prompt, runtime)}
    guess = SECTIONS.read_text(encoding="utf-8") if chosen.section == "auto" and SECTIONS.is_file() else ""
    return {
        "model": identity(chosen.model),
        "params": params,
        "section": [chosen.section, hashlib.sha256(guess.encode()).hexdigest()],
        "json": chosen.json,
    }


def start_others(processes: int) -> list[subprocess.Popen[bytes]]:
    """The same command as ranks 1, 2, ... of `processes`, as accelerate would start it."""
    if "RANK" in os.environ:
        return []
    return [
        subprocess.Popen(
            [sys.executable, *sys.argv], env={**os.environ, "RANK": str(rank), "WORLD_SIZE": str(processes)}
        )
        for rank in range(1, processes)
    ]


def summarize_batch(chosen: argparse.Namespace) -> None:
    """Work through a file; exits with BAD_LINES where some lines could not be summarised."""
    from medsum.serve.batch import Batch

    run = Batch(chosen.batch, chosen.output, batch_identity(chosen))
    rank = int(os.environ.get("RANK", "0"))
    if rank:
        run.wait_until_prepared()
        work(run, chosen, rank, int(os.environ["WORLD_SIZE"]))
        return
    if run.prepare():
        print("going on where an earlier run stopped", file=sys.stderr)
    others = start_others(chosen.processes)
    try:
        work(run, chosen, 0, int(os.environ.get("WORLD_SIZE", str(chosen.processes))))
        errors = run.finish(lambda: "RANK" in os.environ or any(process.poll() is None for process in others))
    finally:
        for process in others:
            process.terminate()  # no more than a formality where all went well
    for number, error in errors[:BAD_LINES_SHOWN]:
        print(f"{chosen.batch}, line {number}: {error}", file=sys.stderr)
    if errors:
        print(f"{chosen.output}: {len(errors)} lines could not be summarised; the rest is there", file=sys.stderr)
        sys.exit(BAD_LINES)


def checker(chosen: argparse.Namespace) -> Check | None:
    """What adds evidence and flags to each note, where it is asked for."""
    if not chosen.json:
        return None
    from medsum.serve.check import check

    return check


def work(run: Batch, chosen: argparse.Namespace, rank: int, processes: int) -> None:
    """Do this process's share of a batch, with a progress bar in the first process."""
    from tqdm import tqdm

    from medsum.model.choice import open_summarizer
    from medsum.quality.reranking import faithfulness
    from medsum.serve.notes import write_notes
    from medsum.serve.sections import SectionChoice

    summarizer, section = open_summarizer(chosen.model, faithfulness), SectionChoice(chosen.section)
    total = 0 if rank else run.count()
    with tqdm(total=total, unit="dialogue", desc="Summarizing", disable=rank > 0) as bar:

        def report(done: int) -> None:
            bar.update(min(done * processes, total - bar.n))  # the others do as much meanwhile

        run.work(
            lambda lines: write_notes(lines, summarizer, section, checker(chosen), report), rank, processes, report
        )


def main() -> None:
    """One dialogue, or a batch."""
    chosen = arguments()
    if chosen.batch:
        summarize_batch(chosen)
    else:
        summarize_one(chosen)


if __name__ == "__main__":
    run_script(main)
