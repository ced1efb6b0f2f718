"""Summarise one dialogue or a batch of dialogues, or check notes: see `python summarize.py --help`.

Exit codes: 0 for success, 1 for an error (one sentence says what is wrong), 2 for a wrong command line, 3 if lines of
a batch are bad, 4 if a checked note has a major flag.
"""

from __future__ import annotations

import argparse
import hashlib
import io
import json
import os
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from medsum.core.errors import UserError, run_script

if TYPE_CHECKING:
    from medsum.serve.batch import Batch
    from medsum.serve.batch_input import Line
    from medsum.serve.section_choice import Choice

    RowsMaker = Callable[[Sequence[Line], Callable[[int], None]], list[dict[str, Any]]]

FOLDER = Path(__file__).resolve().parent
EXAMPLES = """examples:
  python summarize.py --input "Doctor: What brings you in? Patient: I've had headaches for two weeks."
  python summarize.py --file visit.txt --section HPI
  python summarize.py --file visit.txt --json          summary, section, evidence, flags, risk and turns
  python summarize.py --file visit.txt --marked        the same as readable text
  python summarize.py --file visit.txt --sections GENHX,MEDICATIONS,ALLERGY    a note of several sections; or auto
  cat visit.txt | python summarize.py --model finetuned
  python summarize.py --batch visits.csv --output notes.jsonl --processes 2
  python summarize.py --check note.txt --file visit.txt    check a note by any author; exit code 4 if a flag is major
  python summarize.py --check --batch notes.csv --output checked.jsonl    the same for notes in the column note

A batch has the columns dialogue, id, and section or sections, or the columns of MTS-Dialog, ACI-Bench, SAMSum or
DialogSum. If a batch is stopped, run the same command again to continue it. Bad lines are listed at the end (exit code
3); the output has their errors.

For GPUs: accelerate launch --num_processes 2 summarize.py --batch ... --model finetuned
"""
BAD_LINES_SHOWN = 20
BAD_LINES = 3  # exit code
MAJOR_FLAG = 4  # exit code
IN_BATCH = Path()  # value of --check without a file: the notes are in the batch


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
        help="one dialogue: text, WebVTT, SRT, docx, JSON, TextGrid; with none of the three options, stdin is read",
    )
    source.add_argument(
        "--batch",
        type=Path,
        metavar="PATH",
        help="dialogues: .csv, .jsonl, .json, .xlsx, .parquet, or a folder with one file per visit",
    )
    parser.add_argument("--output", type=Path, metavar="FILE.jsonl", help="the file for the summaries of a batch")
    parser.add_argument(
        "--model",
        help="promoted (default, if there is one), serving (else), finetuned, baseline, or a model's folder",
    )
    parser.add_argument(
        "--section",
        help="HPI, ROS, MEDICATIONS, ...; any for no section; or auto (default) to guess it from the dialogue",
    )
    parser.add_argument(
        "--sections",
        help="for a note of several sections: headers separated by commas, or auto to guess them from the dialogue",
    )
    parser.add_argument(
        "--check",
        type=Path,
        nargs="?",
        const=IN_BATCH,
        metavar="NOTE.txt",
        help="check this note, or the column note of a batch, against the dialogue; no summary is written",
    )
    form = parser.add_mutually_exclusive_group()
    form.add_argument("--json", action="store_true", help="summary, section, evidence, flags and the turns as JSON")
    form.add_argument("--marked", action="store_true", help="the same as readable text, with flagged words marked")
    parser.add_argument("--processes", type=int, default=1, metavar="N", help="process a batch with N processes")
    chosen = parser.parse_args()
    if bool(chosen.batch) != bool(chosen.output):
        parser.error("give --batch and --output together")
    if chosen.batch and (chosen.marked or chosen.output.suffix != ".jsonl"):
        parser.error("the output of a batch is a .jsonl file; use --json, not --marked, for evidence and flags")
    if chosen.check is not None and (chosen.check == IN_BATCH) != bool(chosen.batch):
        parser.error("--check needs the file of a note; with --batch, it takes no file and reads the column note")
    if chosen.sections is not None and (chosen.section is not None or chosen.check is not None):
        parser.error("--sections cannot be used with --section or --check")
    if chosen.processes < 1 or (chosen.processes > 1 and not chosen.batch):
        parser.error("--processes must be at least 1, and needs --batch if it is more than 1")
    return chosen


def choose_model(chosen: argparse.Namespace) -> None:
    """Set the model if the user names none, and say on stderr if it is a promoted version."""
    from medsum.review import promoted

    chosen.model = promoted.chosen_model(chosen.model)
    if said := promoted.told(chosen.model):
        print(said, file=sys.stderr)


def read_input(chosen: argparse.Namespace) -> tuple[str, str]:
    """Return the text of the one dialogue, and a message about how it was read."""
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
    """Return the bytes of a file or of stdin, at most one byte more than a dialogue may have."""
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


def batch_identity(chosen: argparse.Namespace) -> dict[str, Any]:
    """Return all settings that affect the result of a batch, without its input."""
    from medsum.params import privacy

    if chosen.check is not None:
        return {"check": True, "privacy": privacy.load().of_batch()}
    from medsum.generation.model_choice import identity
    from medsum.params import generation, model, note, prompt, runtime
    from medsum.review.promoted import guess_file

    params = {module.__name__: module.load().model_dump() for module in (generation, model, note, prompt, runtime)}
    guess = guess_file().read_text(encoding="utf-8") if guess_file().is_file() else ""
    return {
        "model": identity(chosen.model),
        "params": params,
        "section": [chosen.section, chosen.sections, hashlib.sha256(guess.encode()).hexdigest()],
        "json": chosen.json,
        "privacy": privacy.load().of_batch(),
    }


def summarize_batch(chosen: argparse.Namespace) -> None:
    """Process a batch. Exit with MAJOR_FLAG if a checked note has a major flag, or with BAD_LINES if a line is bad."""
    from medsum.metrics.names import NOT_CHECKED
    from medsum.params import privacy
    from medsum.serve.batch import Batch
    from medsum.serve.dialogue_input import is_english_asked
    from medsum.serve.identifiers import AID, require_none
    from medsum.serve.section_choice import choice_of
    from medsum.serve.workers import end_with_first, others, place

    if chosen.check is not None:
        from medsum.serve.checking import require_english

        require_english()
    choice = choice_of(chosen.section if chosen.check is None else "any", chosen.sections)
    run = Batch(chosen.batch, chosen.output, batch_identity(chosen))
    launched = place()
    rank, processes = launched or (0, chosen.processes)
    if rank:
        end_with_first()
        run.wait_until_prepared()
        work(run, chosen, choice, rank, processes, 0)
        return
    total = run.count()
    action = privacy.load().of_batch()
    if action == "fail":
        require_none(chosen.batch)
    with run.prepared() as resumed, others(1 if launched else processes) as started:
        if resumed:
            print("continuing where an earlier run stopped", file=sys.stderr)
        work(run, chosen, choice, 0, processes, total)
        errors = run.finish(lambda: launched is not None or any(process.poll() is None for process in started))
    for number, said in run.with_signs[:BAD_LINES_SHOWN]:
        print(f"{chosen.batch}, line {number}: {' '.join(said)}", file=sys.stderr)
    if len(run.with_signs) > BAD_LINES_SHOWN:
        print(f"{chosen.output}: {len(run.with_signs)} rows have such signs; see the key signs", file=sys.stderr)
    if run.identified:
        print(
            f"{chosen.output}: {run.identified} rows hold text that may identify a person; see the key identifiers"
            f" (privacy.action: {action}). {AID}",
            file=sys.stderr,
        )
    if run.as_windows:
        print(
            f"{chosen.output}: {run.as_windows} rows are not UTF-8 and are read as Windows-1252; check their special"
            " characters, or save the input as UTF-8",
            file=sys.stderr,
        )
    if run.held_back:
        print(
            f"{chosen.output}: {run.held_back} rows are held back and have no summary; write these notes by hand"
            " (note.hold_back)",
            file=sys.stderr,
        )
    if run.without_id:
        print(
            f"{chosen.output}: {run.without_id} rows have no id; call the column of ids id, ID or encounter_id",
            file=sys.stderr,
        )
    if not is_english_asked():
        print(f"{chosen.output}: {NOT_CHECKED}", file=sys.stderr)
    for number, error in errors[:BAD_LINES_SHOWN]:
        print(f"{chosen.batch}, line {number}: {error}", file=sys.stderr)
    if errors:
        done = "summarised" if chosen.check is None else "checked"
        print(f"{chosen.output}: {len(errors)} lines could not be {done}; the output has the others", file=sys.stderr)
    if chosen.check is not None and run.with_major:
        print(f"{chosen.output}: {run.with_major} notes have a major flag", file=sys.stderr)
        sys.exit(MAJOR_FLAG)
    if errors:
        sys.exit(BAD_LINES)


def work(run: Batch, chosen: argparse.Namespace, choice: Choice, rank: int, processes: int, total: int) -> None:
    """Do this process's share of a batch of `total` lines, with a progress bar in the first process."""
    from tqdm import tqdm

    make = rows_maker(chosen, choice)
    said = "Summarizing" if chosen.check is None else "Checking"
    with tqdm(total=total, unit="dialogue", desc=said, disable=rank > 0) as bar:

        def report(done: int) -> None:
            bar.update(min(done * processes, total - bar.n))  # an estimate: the other processes are equally fast

        run.work(lambda lines: make(lines, report), rank, processes, report)


def rows_maker(chosen: argparse.Namespace, choice: Choice) -> RowsMaker:
    """Return the function that applies the privacy action to lines of a batch, and then summarises or checks them."""
    from medsum.params import privacy
    from medsum.serve.identifiers import screening

    action = privacy.load().of_batch()
    if chosen.check is not None:
        from medsum.serve.checking import check_notes

        return screening(check_notes, action)
    from medsum.generation.model_choice import open_summarizer
    from medsum.serve.note_sections import instructions
    from medsum.serve.notes import write_notes
    from medsum.serve.visit import evidence_of

    summarizer = open_summarizer(chosen.model, instructions=instructions())
    check = evidence_of if chosen.json else None
    return screening(lambda lines, report: write_notes(lines, summarizer, choice, check, report), action)


@contextmanager
def output_for_all() -> Iterator[None]:
    """Write UTF-8 to stdout in every locale. If the reader of stdout closes it, exit without a message."""
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
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())  # or Python reports the error at its end
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
