"""Measure notes of whole visits: repetitions, contradictions, the share of facts that the note keeps, and time.

    python -m benchmarks.generation.long_visits [--base FOLDER] [--sections GENHX,MEDICATIONS,ALLERGY] [--threads 1]
    python -m benchmarks.generation.long_visits --guess models/serving/sections.json    # only the guess, no model

The visits are in benchmarks/generation/long_visits. The base model is converted to int8 and used in the same way as on
the page, with the search settings of params.yaml.

- `twice` is the number of sentences that have the same words as an earlier sentence.
- `contradicting` is the number of pairs of sentences from different windows or sections that clash
  (medsum/faithfulness/clashes.py).
- Both numbers are counted in the model's output (`written`) and in the merged note.
- A medication counts as kept if the note names it. An allergy counts as kept if the section of allergies names it, or
  if a sentence of another section names it as an allergy.
- Seconds are CPU time from the text to the note with evidence and flags. The time to load the model does not count.

If a run was stopped, the next run continues with the visits that are not in `--output`. Intervals are 95 % intervals
from 10,000 bootstrap resamples of visits.
"""

import argparse
import json
import re
import tempfile
import time
from collections.abc import Iterator, Sequence
from itertools import combinations
from pathlib import Path
from typing import Any, NamedTuple

from benchmarks.generation.speed import make_converted, our_backend
from medsum.core.atomic import write_jsonl
from medsum.core.errors import UserError, run_script
from medsum.core.paths import BASES
from medsum.dialogue.sentences import sentences
from medsum.dialogue.turns import spoken_text
from medsum.facts.note_facts import NoteFacts, read_note_facts
from medsum.faithfulness.clashes import clash
from medsum.generation import section_guess
from medsum.generation.merging import Output, merge
from medsum.generation.summarizer import Summarizer, joined
from medsum.generation.visit_sections import held_sections
from medsum.metrics.bootstrap import intervals
from medsum.params import generation
from medsum.serve.dialogue_input import read_dialogue
from medsum.serve.section_choice import SectionsChoice
from medsum.serve.visit import evidence_of, written

VISITS = Path(__file__).parent / "long_visits"
BASE = BASES / "smollm2-135m-notes"
SECTIONS = "GENHX,MEDICATIONS,ALLERGY"
_WORD = re.compile(r"[a-z0-9]+")
_OF_ALLERGY = re.compile(r"allerg|react|intoleran|rash|hives|anaphyla", re.IGNORECASE)


class Visit(NamedTuple):
    """A conversation, and the facts that it states."""

    id: str
    dialogue: str
    medications: list[str]
    allergies: list[str]
    sections: list[str]


def read_visits(folder: Path) -> list[Visit]:
    """Return the visits of the folder in order of name."""
    stated = json.loads((folder / "stated.json").read_text(encoding="utf-8"))
    return [Visit(name, dialogue_in(folder / f"{name}.txt"), **found) for name, found in sorted(stated.items())]


def dialogue_in(file: Path) -> str:
    """Return the turns of a visit. Raise UserError with the name of the file if it cannot be read."""
    try:
        return read_dialogue(file.read_text(encoding="utf-8")).text
    except UserError as error:
        raise UserError(f"{file}: {error}") from None


def cut(text: str) -> list[str]:
    """Return the sentences of a text that have at least one word."""
    found = [text[start:end].strip() for start, end in sentences(text)]
    return [sentence for sentence in found if _WORD.search(sentence.lower())]


def twice(texts: Sequence[str]) -> int:
    """Return the number of sentences that have the same words in the same order as an earlier sentence."""
    said = [tuple(_WORD.findall(sentence.lower())) for text in texts for sentence in cut(text)]
    return len(said) - len(set(said))


def contradicting(written_apart: Sequence[Sequence[str]]) -> int:
    """Return how many pairs of sentences clash. The sentences of a pair come from different outputs of the model."""
    notes: list[list[NoteFacts]] = [[read_note_facts(sentence) for sentence in own] for own in written_apart]
    return sum(
        clash(one, other) is not None for first, second in combinations(notes, 2) for one in first for other in second
    )


def still_apart(outputs: Sequence[Sequence[Output]], texts: Sequence[str]) -> Iterator[list[str]]:
    """Yield the sentences of the note in groups. The sentences of a group come from the same output of the model."""
    for part, text in zip(outputs, texts, strict=True):
        left = cut(text)
        for output in part:
            own = set(cut(output.text))
            yield [sentence for sentence in left if sentence in own]
            left = [sentence for sentence in left if sentence not in own]


def kept(names: Sequence[str], text: str) -> int:
    """Return how many of the names are in the text."""
    return sum(name.lower() in text.lower() for name in names)


def of_allergies(note: dict[str, Any]) -> str:
    """Return the note's section of allergies, and the sentences of other sections that mention allergies."""
    return " ".join(
        row["summary"] if row["section"] == "ALLERGY" else " ".join(filter(_OF_ALLERGY.search, cut(row["summary"])))
        for row in note["sections"]
    )


def measured(visit: Visit, summarizer: Summarizer, wish: str) -> dict[str, Any]:
    """Write and check the note of one visit, and return its counts."""
    start = time.process_time()
    sections = SectionsChoice(wish).sections(visit.dialogue)
    windows = [summarizer.prompts(visit.dialogue, section) for section in sections]
    [outputs] = summarizer.outputs([windows])
    wrote = time.process_time() - start
    merged = merge(outputs, joined(windows))
    note = written(merged, sections, several=True)
    found = evidence_of(visit.dialogue, note)
    seconds = time.process_time() - start
    raw = [output.text for part in outputs for output in part]
    standing = [row["standing"] for row in found["evidence"]]
    return {
        "id": visit.id,
        "words": len(spoken_text(visit.dialogue).split()),
        "windows": len(windows[0]),
        "note_words": len(note["summary"].split()),
        "sentences": len(standing),
        "twice_written": twice(raw),
        "twice": twice(merged.texts),
        "contradicting_written": contradicting([cut(text) for text in raw]),
        "contradicting": contradicting(list(still_apart(outputs, merged.texts))),
        "medications": len(visit.medications),
        "medications_kept": kept(visit.medications, note["summary"]),
        "allergies": len(visit.allergies),
        "allergies_kept": kept(visit.allergies, of_allergies(note)),
        **{name: standing.count(name) for name in ("supported", "contradicted", "not found", "not checkable")},
        "major_flags": sum(flag["severity"] == "major" for flag in found["flags"]),
        "seconds_writing": round(wrote, 2),
        "seconds": round(seconds, 2),
        "note": note,
    }


def print_table(rows: Sequence[dict[str, Any]]) -> None:
    """Print the means per visit and the shares, each with its interval."""
    print(f"{len(rows)} visits of {min(row['words'] for row in rows)} to {max(row['words'] for row in rows)} words")
    for name in ("windows", "note_words", "sentences", "twice_written", "twice", "contradicting_written"):
        show(f"{name} a visit", [row[name] for row in rows], None)
    for name in ("contradicting", "major_flags", "seconds_writing", "seconds"):
        show(f"{name} a visit", [row[name] for row in rows], None)
    for part, whole in (("medications_kept", "medications"), ("allergies_kept", "allergies")):
        show(part, [row[part] for row in rows], [row[whole] for row in rows])
    for part in ("supported", "contradicted", "not found", "not checkable"):
        show(f"sentences {part}", [row[part] for row in rows], [row["sentences"] for row in rows])


def show(name: str, values: Sequence[float], sizes: Sequence[int] | None) -> None:
    """Print a mean per visit or, if `sizes` is given, the sum of `values` as a share of the sum of `sizes`."""
    weights = None if sizes is None else [[size] for size in sizes]
    [found] = intervals([[value] for value in values], weights)
    of = f"n = {len(values)}" if sizes is None else f"{sum(values):.0f} of {sum(sizes)}"
    print(f"{name:36}{found.mean:9.3f} [{found.low:.3f}, {found.high:.3f}]   {of}")


def print_guess(visits: Sequence[Visit], file: Path) -> None:
    """Print how many of the stated sections are guessed, and how many guesses are right."""
    guess = section_guess.load(file)
    rows = [(set(held_sections(visit.dialogue, guess)), set(visit.sections)) for visit in visits]
    right = [len(found & there) for found, there in rows]
    for (found, there), visit in zip(rows, visits, strict=True):
        print(f"{visit.id:34} right {sorted(found & there)}, wrong {sorted(found - there)}")
    show("correct sections that are guessed", right, [len(there) for _, there in rows])
    show("guessed sections that are correct", right, [len(found) for found, _ in rows])


def arguments() -> argparse.Namespace:
    """Return the options of the command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--base", type=Path, default=BASE, help="folder of a base model, or of a converted model")
    parser.add_argument("--sections", default=SECTIONS)
    parser.add_argument("--threads", type=int, default=1)
    parser.add_argument("--only", nargs="+", help="use only the visits with these names")
    parser.add_argument("--visits", type=Path, default=VISITS)
    parser.add_argument("--output", type=Path, help="file for the figures and the note of each visit (JSON lines)")
    parser.add_argument("--guess", type=Path, help="measure only the guess of sections, with the weights in this file")
    return parser.parse_args()


def main() -> None:
    """Convert the base if needed, write the notes, and print the table."""
    options = arguments()
    visits = [one for one in read_visits(options.visits) if not options.only or one.id in options.only]
    if not visits:
        raise UserError(f"stated.json in {options.visits} names no visits; use another folder")
    if options.guess:
        print_guess(visits, options.guess)
        return
    with tempfile.TemporaryDirectory() as scratch:
        folder = options.base
        if not (folder / "model.bin").is_file():
            folder = Path(scratch, "int8")
            make_converted(options.base, folder)
        summarizer = Summarizer(*our_backend(folder, options.threads), generation.load())
        rows = done(options.output)
        for visit in visits:
            if visit.id in [row["id"] for row in rows]:
                continue
            rows.append(measured(visit, summarizer, options.sections))
            print(f"{visit.id}: {rows[-1]['words']} words, {rows[-1]['seconds']} s", flush=True)
            if options.output:
                write_jsonl(options.output, rows)
    print_table(rows)


def done(output: Path | None) -> list[dict[str, Any]]:
    """Return the rows that an earlier run has measured."""
    if output is None or not output.is_file():
        return []
    return [json.loads(line) for line in output.read_text(encoding="utf-8").splitlines()]


if __name__ == "__main__":
    run_script(main)
