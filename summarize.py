"""Summarise one dialogue or a batch of dialogues, or check notes: see `python summarize.py --help`.

The exit code is 0 for success, 1 for an error (one sentence says what is wrong), 2 for a wrong command line, 3 if lines
of a batch are bad, and 4 if a checked note has a major flag.
"""

from __future__ import annotations

import argparse
import io
import json
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from medsum.core.errors import UserError, run_script

if TYPE_CHECKING:
    from medsum.serve.shards import Shard

FOLDER = Path(__file__).resolve().parent
EXAMPLES = """examples:
  python summarize.py --input "Doctor: What brings you in? Patient: I've had headaches for two weeks."
  python summarize.py --file visit.txt --section HPI
  python summarize.py --file visit.txt --json          summary, section, evidence, flags, risk and turns
  python summarize.py --file visit.txt --marked        these values as readable text
  python summarize.py --file visit.txt --sections GENHX,MEDICATIONS,ALLERGY    a note with these sections
  cat visit.txt | python summarize.py --model finetuned
  python summarize.py --batch visits.csv --output notes.jsonl --processes 2
  python summarize.py --batch visits/*.parquet --output notes/ --engine ray    many files, on Ray
  python summarize.py --batch visits.csv --output notes.jsonl --shard 2/8    write part 2 of 8; --merge joins the parts
  python summarize.py --check note.txt --file visit.txt    check a note; exit code 4 if a flag is major
  python summarize.py --check --batch notes.csv --output checked.jsonl    check the notes in the column note

A batch has the columns dialogue, id, and section or sections, or the columns of MTS-Dialog, ACI-Bench, SAMSum or
DialogSum. If a batch is stopped, run the same command again to continue it. Bad lines have an error in the output, and
they are listed at the end (exit code 3).

For GPUs: accelerate launch --num_processes 2 summarize.py --batch ... --model finetuned
"""
BAD_LINES = 3  # the exit code if lines of a batch are bad
MAJOR_FLAG = 4  # the exit code if a checked note has a major flag
# The formats of a batch's output. batch_output has the same list, but importing this module would slow down `--help`.
FORMATS = ("jsonl", "parquet")
IN_BATCH = Path()  # the value of --check if no file follows; the notes are then in the batch


def arguments() -> argparse.Namespace:
    """Return the options of the command line."""
    parser = argparse.ArgumentParser(
        description="Summarise a doctor-patient dialogue. Every summary must be checked before it is used.",
        epilog=EXAMPLES,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    source = parser.add_mutually_exclusive_group()
    source.add_argument("--input", metavar="TEXT", help="the dialogue itself")
    source.add_argument(
        "--file",
        type=Path,
        help="a file with one dialogue: text, WebVTT, SRT, docx, JSON or TextGrid; without --input, --file and --batch,"
        " the dialogue is read from stdin",
    )
    source.add_argument(
        "--batch",
        type=Path,
        nargs="+",
        metavar="PATH",
        help="one or more sources of dialogues: .csv, .jsonl, .json, .xlsx or .parquet files, or folders with one file"
        " per visit",
    )
    parser.add_argument(
        "--output",
        type=Path,
        metavar="PATH",
        help="where a batch is written: a .jsonl or .parquet file, or a folder that gets one file for each input",
    )
    parser.add_argument(
        "--format", choices=FORMATS, help="the format of the files if --output is a folder (default: jsonl)"
    )
    parser.add_argument(
        "--model",
        help="'promoted', 'serving', 'finetuned', 'baseline', or a model's folder (default: 'promoted' if a model was"
        " promoted, otherwise 'serving')",
    )
    parser.add_argument(
        "--section",
        help="the section of the note: a header such as HPI, ROS or MEDICATIONS; 'any' for no section; or 'auto'"
        " (default) to guess the section from the dialogue",
    )
    parser.add_argument(
        "--sections",
        help="the sections of a note that has several sections: headers separated by commas, or 'auto' to guess the"
        " sections from the dialogue",
    )
    parser.add_argument(
        "--check",
        type=Path,
        nargs="?",
        const=IN_BATCH,
        metavar="NOTE.txt",
        help="check the note in this file, or the notes in the column note of a batch, and write no summary",
    )
    form = parser.add_mutually_exclusive_group()
    form.add_argument("--json", action="store_true", help="print summary, section, evidence, flags and turns as JSON")
    form.add_argument(
        "--marked", action="store_true", help="print what --json prints as readable text, and mark flagged words"
    )
    parser.add_argument("--processes", type=int, metavar="N", help="process a batch with N processes (default: 1)")
    share = parser.add_mutually_exclusive_group()
    share.add_argument(
        "--shard", type=shard, metavar="I/N", help="write only part I of N of a batch; --merge joins the parts"
    )
    share.add_argument("--merge", action="store_true", help="join the parts of a batch that its shards have written")
    share.add_argument("--engine", choices=("ray",), help="process a batch with Ray Data (requirements-ray.txt)")
    parser.add_argument(
        "--address", help="the cluster for --engine ray, such as auto or 10.0.0.5:6379 (default: no cluster)"
    )
    chosen = parser.parse_args()
    require_batch_options(parser, chosen)
    if chosen.check is not None and (chosen.check == IN_BATCH) != bool(chosen.batch):
        parser.error("--check needs the file of a note; with --batch, give --check without a file")
    if chosen.sections is not None and (chosen.section is not None or chosen.check is not None):
        parser.error("--sections cannot be used with --section or --check")
    return chosen


def require_batch_options(parser: argparse.ArgumentParser, chosen: argparse.Namespace) -> None:
    """Exit with a usage message if the options of a batch contradict each other."""
    if bool(chosen.batch) != bool(chosen.output):
        parser.error("give --batch and --output together")
    of_batch = ("processes", "shard", "merge", "engine", "address", "format")
    if not chosen.batch and any(getattr(chosen, name) for name in of_batch):
        parser.error(f"{', '.join(f'--{name}' for name in of_batch)} need --batch")
    if chosen.batch and (chosen.marked or chosen.output.suffix not in ("", *(f".{name}" for name in FORMATS))):
        parser.error(
            "the output of a batch is a .jsonl file, a .parquet file or a folder (a name without a full stop); to get"
            " evidence and flags, use --json and not --marked"
        )
    if chosen.format and chosen.output.suffix:
        parser.error("--format can be used only if --output is a folder")
    if chosen.address and not chosen.engine:
        parser.error("--address needs --engine ray")
    if chosen.processes is not None and chosen.processes < 1:
        parser.error("--processes must be at least 1")


def shard(text: str) -> Shard:
    """Return the shard that the option --shard names."""
    from medsum.serve.shards import Shard

    try:
        return Shard.of(text)
    except ValueError:
        raise argparse.ArgumentTypeError(f"{text!r} is not a shard such as 2/8") from None


def choose_model(chosen: argparse.Namespace) -> None:
    """Choose the model if the user names no model. Print a sentence to stderr if it is a promoted version."""
    from medsum.review import promoted

    chosen.model = promoted.chosen_model(chosen.model)
    if said := promoted.told(chosen.model):
        print(said, file=sys.stderr)


def read_input(chosen: argparse.Namespace) -> tuple[str, str]:
    """Return the text of the dialogue, and a message about how the text was read."""
    from medsum.corpus.visits import text_of_file
    from medsum.serve.dialogue_input import MAX_BYTES

    if chosen.input is not None:
        return str(chosen.input), ""
    if chosen.file is None and (sys.stdin is None or sys.stdin.isatty()):
        raise UserError("there is no input; use --input, --file or --batch, or pipe a dialogue in (see --help)")
    content = read_bytes(chosen.file)
    if len(content) > MAX_BYTES:
        raise UserError(
            f"the input has more than {MAX_BYTES:,} bytes, too many for one dialogue; divide it into visits, or use"
            " --batch"
        )
    return text_of_file(content)


def read_bytes(path: Path | None) -> bytes:
    """Return the bytes of a file or of stdin. Stop one byte after the largest size of a dialogue."""
    from medsum.serve.dialogue_input import MAX_BYTES

    try:
        with path.open("rb") if path else sys.stdin.buffer as file:
            content: bytes = file.read(MAX_BYTES + 1)
    except OSError as error:
        raise UserError(f"{path or 'stdin'} cannot be read: {error.strerror}; check its name") from None
    return content


def summarize_one(chosen: argparse.Namespace) -> None:
    """Print the note of one dialogue."""
    from medsum.serve.dialogue_input import described, read_dialogue
    from medsum.serve.dialogue_input import told as told_of_reading
    from medsum.serve.note_sections import instructions
    from medsum.serve.section_choice import choice_of

    text, said_of_file = read_input(chosen)
    read = read_dialogue(text)
    dialogue = read.text
    choice = choice_of(chosen.section, chosen.sections)
    sections = choice.sections(dialogue)

    from medsum.generation.model_choice import open_summarizer
    from medsum.serve.holding import hold_back
    from medsum.serve.holding import told as told_of_risk
    from medsum.serve.sign_messages import of_note, told
    from medsum.serve.visit import evidence_of, written
    from medsum.serve.visit import told as told_of_visit

    summarizer = open_summarizer(chosen.model, instructions=instructions())
    [merged] = summarizer.write_visits([[summarizer.prompts(dialogue, section) for section in sections]])
    signs, note = of_note(summarizer.signs(dialogue)), written(merged, sections, choice.several)
    print(" ".join(filter(None, [told_of_reading(read), said_of_file, *told_of_visit(note)])), file=sys.stderr)
    for said in told(signs):
        print(said, file=sys.stderr)
    if not (chosen.json or chosen.marked):
        print(note["summary"])
        if hold_back() is not None:
            print(told_of_risk(evidence_of(dialogue, note)), file=sys.stderr)
        return
    from medsum.serve.note_check import marked

    note = {**note, **described(read), **signs, **evidence_of(dialogue, note)}
    print(json.dumps(note, ensure_ascii=False) if chosen.json else marked(dialogue, note))


def check_one(chosen: argparse.Namespace) -> None:
    """Print the flags of a note of one dialogue. Exit with MAJOR_FLAG if a flag is major."""
    from medsum.corpus.visits import text_of_file
    from medsum.serve.checking import checked, has_major, in_short, read_note_text
    from medsum.serve.dialogue_input import read_dialogue, told
    from medsum.serve.note_check import marked

    content = read_bytes(chosen.check)
    try:
        note_text, said_of_note = text_of_file(content)
    except UserError as error:
        raise UserError(f"{chosen.check}: {error}") from None
    text, said_of_file = read_input(chosen)
    dialogue = read_dialogue(text)
    note = checked(dialogue, read_note_text(note_text))
    print(told(dialogue), file=sys.stderr)
    for path, said in ((chosen.check, said_of_note), (chosen.file or "stdin", said_of_file)):
        if said:
            print(f"{path}: {said}", file=sys.stderr)
    if chosen.json:
        print(json.dumps(note, ensure_ascii=False))
    else:
        print(marked(dialogue.text, note, "note") if chosen.marked else in_short(note))
    if has_major(note):
        sys.exit(MAJOR_FLAG)


def summarize_batch(chosen: argparse.Namespace) -> None:
    """Process a batch. Exit with MAJOR_FLAG if a checked note has a major flag, or with BAD_LINES if a line is bad."""
    from medsum.serve.batch_command import run_batch
    from medsum.serve.batch_rows import Options

    check = chosen.check is not None
    section = "any" if check else chosen.section
    options = Options(chosen.model, section, chosen.sections, evidence=chosen.json, check=check)
    outcome = run_batch(chosen, options)
    if outcome and check and outcome.with_major:
        sys.exit(MAJOR_FLAG)
    if outcome and outcome.bad:
        sys.exit(BAD_LINES)


@contextmanager
def output_for_all() -> Iterator[None]:
    """Write UTF-8 to stdout in every locale. If a program such as `head` closes stdout, exit without a message."""
    if not isinstance(sys.stdout, io.TextIOWrapper):
        yield
        return
    sys.stdout.reconfigure(encoding="utf-8")
    try:
        try:
            yield
        finally:
            sys.stdout.flush()
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())  # otherwise Python reports an error at the end
        sys.exit(1)


def main() -> None:
    """Summarise or check one dialogue or a batch."""
    with output_for_all():
        chosen = arguments()
        if Path.cwd() != FOLDER and not Path("params.yaml").is_file():
            raise UserError(f"this command must run in the project's folder; go there first: cd {FOLDER}")
        if chosen.check is None:
            choose_model(chosen)
        if chosen.batch:
            summarize_batch(chosen)
        elif chosen.check is not None:
            check_one(chosen)
        else:
            summarize_one(chosen)


if __name__ == "__main__":
    run_script(main)
