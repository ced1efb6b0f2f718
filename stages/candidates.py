"""Collect the notes from which the second training pass learns.

    python -m stages.candidates

What the stage does depends on the params section second_pass:

- `method: none`: nothing; both outputs are empty
- `method: chosen`: the fine-tuned model writes several notes for each dialogue of the train split. The checker chooses
  one note for each dialogue. chosen.jsonl has the records with these notes. A dialogue has no record if all its notes
  have a major flag
- `method: preferences`: pairs.jsonl has pairs of a better and a worse note. With `pairs: checker`, both are notes of
  the model, or the better one is the reference. With `pairs: corrections`, the better note is the text that a person
  signed, and the worse note is the draft

The stage reads data/splits/train.jsonl, models/base/<model.base> and models/finetuned/. It writes data/preferences/ and
metrics/preferences.json. The metrics are counts. They contain no text.
"""

import tempfile
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from tqdm import tqdm

from medsum.core.atomic import write_json, write_jsonl
from medsum.core.errors import UserError, run_script
from medsum.core.paths import ADAPTER, BASES, CHOSEN, PAIRS, PREFERENCES_METRICS, TRAIN_SPLIT
from medsum.dialogue.record import Record, read_records, write_records
from medsum.faithfulness.choosing import Judged, Preference, best, judge, preference
from medsum.model import architecture
from medsum.params import generation, model, prompt, second_pass
from medsum.params.second_pass import SecondPassParams

PRECISION = "int8"  # the notes are drafts for training, so the fastest format is good enough


def require_possible(params: SecondPassParams, base: Path) -> None:
    """Raise UserError if the base cannot learn from pairs."""
    kind = architecture.read(base).kind
    if params.method == "preferences" and kind == "encoder-decoder":
        raise UserError(
            f"second_pass.method is preferences, but {base} is an encoder-decoder, which TRL's DPOTrainer cannot train;"
            " set it to chosen or none, or choose a decoder-only base"
        )


def written(records: Sequence[Record], notes: int) -> list[list[str]]:
    """Return the notes that the fine-tuned model writes for each dialogue: all beams of a search with `notes` beams."""
    from medsum.generation.conversion import convert_merged
    from medsum.generation.model_choice import open_summarizer
    from medsum.model import served
    from medsum.model.merging import save_merged

    base = BASES / model.load().base
    search = generation.load().model_copy(update={"num_beams": notes, "rerank": "none", "guided": False})
    tokens = prompt.load().max_input_tokens + search.max_new_tokens
    with tempfile.TemporaryDirectory(prefix="medsum-") as name:
        folder = ADAPTER
        if not served.why_torch(base, tokens):
            folder = Path(name) / "converted"
            save_merged(base, ADAPTER, Path(name) / "merged")
            convert_merged(base, Path(name) / "merged", folder, PRECISION, prompt.load())
        summarizer = open_summarizer(str(folder), search)
        with tqdm(total=len(records), unit="dialogue", desc="Writing notes") as progress:
            dialogues, sections = [r.dialogue for r in records], [r.section for r in records]
            return summarizer.n_best(dialogues, sections, progress.update)


def judged(records: Sequence[Record], notes: Sequence[list[str]]) -> list[list[Judged]]:
    """Return the rated notes of each record."""
    together = zip(records, notes, strict=True)
    bar = tqdm(together, total=len(records), unit="dialogue", desc="Checking notes")
    return [judge(record.dialogue, record.summary, found) for record, found in bar]


def of_corrections(records: Sequence[Record]) -> list[tuple[Record, Preference]]:
    """Return a pair for each record whose draft differs from the signed text."""
    pairs = [
        (record, Preference(record.summary, record.draft))
        for record in records
        if record.draft is not None and record.draft.split() != record.summary.split()
    ]
    if not pairs:
        raise UserError(
            "second_pass.pairs is corrections, but no training record has a draft that a person changed; set"
            " data.source to the folder with corrections.jsonl, or pairs to checker"
        )
    return pairs


def collect(
    params: SecondPassParams, records: Sequence[Record]
) -> tuple[list[Record], list[tuple[Record, Preference]], dict[str, Any]]:
    """Return the records with chosen notes, the pairs, and the counts."""
    if params.method == "none":
        return [], [], {"dialogues": 0}
    if not params.writes_notes:
        pairs = of_corrections(records)
        return [], pairs, {"dialogues": len(records), "pairs": len(pairs)}
    found = judged(records, written(records, params.notes_per_dialogue))
    every = [one for notes in found for one in notes]
    counts: dict[str, Any] = {
        "dialogues": len(records),
        "notes": len(every),
        "notes_without_major_flag": sum(one.major_flags == 0 for one in every),
    }
    if params.method == "chosen":
        chosen = [
            replace(record, summary=note)
            for record, notes in zip(records, found, strict=True)
            if (note := best(notes)) is not None
        ]
        return chosen, [], {**counts, "chosen": len(chosen)}
    pairs = [
        (record, pair)
        for record, notes in zip(records, found, strict=True)
        if (pair := preference(record.dialogue, record.summary, notes)) is not None
    ]
    return [], pairs, {**counts, "pairs": len(pairs)}


def main() -> None:
    """Write the notes and pairs that params.yaml asks for."""
    params = second_pass.load()
    require_possible(params, BASES / model.load().base)
    chosen, pairs, counts = collect(params, read_records(TRAIN_SPLIT))
    if params.method != "none" and not (chosen or pairs):
        raise UserError(
            "the checker found no note to learn from; raise second_pass.notes_per_dialogue, or set second_pass.method"
            " to none"
        )
    write_records(CHOSEN, chosen)
    rows = [
        {"id": record.id, "dialogue": record.dialogue, "section": record.section, **vars(pair)}
        for record, pair in pairs
    ]
    write_jsonl(PAIRS, rows)
    write_json(PREFERENCES_METRICS, {"method": params.method, **counts})
    told = ", ".join(f"{count} {name.replace('_', ' ')}" for name, count in counts.items())
    print(f"{CHOSEN.parent}: second pass {params.method}: {told}")


if __name__ == "__main__":
    run_script(main)
