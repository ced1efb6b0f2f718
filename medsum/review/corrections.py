"""Measure how much people change drafts of the model before they sign them: by month, by model, by category of flags.

    python -m medsum.review.corrections [FOLDER]

The command reads corrections.jsonl in the folder (default: data/raw/corrections). It writes the folder
metrics/corrections with corrections.json (metrics), by_month.csv and by_category.csv (plots), and a dvc.yaml. The
dvc.yaml declares these files, so that `dvc metrics show`, `dvc metrics diff` and `dvc plots show` read them. If the
command fails, it writes nothing. The files contain no patient text.
"""

import argparse
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from typing import Any

from tqdm import tqdm

from medsum.core.atomic import replacing_folder, write_csv, write_json, write_text
from medsum.core.errors import UserError, run_script
from medsum.core.paths import SOURCES
from medsum.corpus.corrections import FILE, Correction, read_corrections
from medsum.faithfulness.evidence import evidence
from medsum.faithfulness.flags import MEANINGS, Category
from medsum.metrics.bootstrap import intervals
from medsum.metrics.proportions import wilson_interval
from medsum.params import data
from medsum.review.edit_distance import changed_share

OUTPUT = Path("metrics/corrections")
MODEL_DIGITS = 12  # a table shows the first 12 digits of the hash of a model
PIPELINE = """# Written by `python -m medsum.review.corrections`.
metrics:
  - corrections.json
plots:
  - by_month.csv: { title: "Words changed before the signature, by month, with 95 % intervals", template: by_month, x: month, y: edit_distance, x_label: month, y_label: share of the words }
  - by_category.csv: { title: Flags of the drafts that were corrected before the signature, template: bar_horizontal, x: share_corrected, y: category, x_label: share of the flags, y_label: category }
"""  # noqa: E501


@dataclass(frozen=True)
class Measured:
    """One signed note: the share of its words that were changed, and its flags by category.

    `flagged` counts the flags of the draft. `corrected` counts the flags of the draft that the signed note does not
    have.
    """

    month: str
    model: str
    seconds: float
    edit_distance: float
    flagged: Counter[Category]
    corrected: Counter[Category]

    @property
    def is_unchanged(self) -> bool:
        """Whether the draft was signed without a change."""
        return self.edit_distance == 0


def measured(correction: Correction, *, with_flags: bool) -> Measured:
    """Measure one signed note. White space does not count."""
    texts = ["\n\n".join(part.draft for part in correction.sections if part.draft)]
    texts.append("\n\n".join(part.signed for part in correction.sections if part.signed))
    flagged: Counter[Category] = Counter()
    corrected: Counter[Category] = Counter()
    for part in correction.sections if with_flags else ():
        before = _flags(correction.dialogue, part.draft)
        flagged.update(category for category, _ in before.elements())
        left = before - _flags(correction.dialogue, part.signed) if part.draft != part.signed else Counter()
        corrected.update(category for category, _ in left.elements())
    distance = changed_share(*texts)
    model = correction.model[:MODEL_DIGITS]
    return Measured(correction.time[:7], model, correction.seconds, distance, flagged, corrected)


def _flags(dialogue: str, text: str) -> Counter[tuple[Category, str]]:
    """Return the flags of a text. A flag is a category and the flagged words."""
    return Counter((flag.category, text[flag.start : flag.end]) for flag in evidence(dialogue, text).flags)


def summary(notes: Sequence[Measured]) -> dict[str, Any]:
    """Return the measured values of a group of notes: its number of notes, shares, intervals and median time."""
    unchanged = sum(note.is_unchanged for note in notes)
    low, high = wilson_interval(unchanged, len(notes))
    [distance] = intervals([[note.edit_distance] for note in notes])
    return {
        "notes": len(notes),
        "share_unchanged": round(unchanged / len(notes), 4),
        "unchanged_low": low,
        "unchanged_high": high,
        "edit_distance": round(distance.mean, 4),
        "low": round(distance.low, 4),
        "high": round(distance.high, 4),
        "seconds_median": round(median(note.seconds for note in notes), 1),
    }


def metrics(notes: Sequence[Measured]) -> dict[str, Any]:
    """Return the values of corrections.json."""
    changed = [note for note in notes if not note.is_unchanged]
    values: dict[str, Any] = {
        **summary(notes),
        "by_model": {model: summary(group) for (model,), group in _groups(notes, "model")},
    }
    if changed:
        without = sum(not note.flagged for note in changed)
        values["changed_without_any_flag"] = round(without / len(changed), 4)
    return values


def by_month(notes: Sequence[Measured]) -> list[dict[str, Any]]:
    """Return a row for each month and model."""
    groups = _groups(notes, "month", "model")
    return [{"month": month, "model": model, **summary(group)} for (month, model), group in groups]


def by_category(notes: Iterable[Measured]) -> list[dict[str, Any]]:
    """Return a row for each category of flags: how many flags the drafts had, and how many people corrected."""
    flagged: Counter[Category] = Counter()
    corrected: Counter[Category] = Counter()
    for note in notes:
        flagged += note.flagged
        corrected += note.corrected
    return [
        {
            "category": name,
            "flags": flagged[name],
            "corrected": corrected[name],
            "share_corrected": round(corrected[name] / flagged[name], 4),
        }
        for name in MEANINGS
        if flagged[name]
    ]


def _groups(notes: Iterable[Measured], *keys: str) -> list[tuple[tuple[str, ...], list[Measured]]]:
    groups: dict[tuple[str, ...], list[Measured]] = defaultdict(list)
    for note in notes:
        groups[tuple(getattr(note, key) for key in keys)].append(note)
    return sorted(groups.items())


def main() -> None:
    """Read the corrections, measure them, and write the results."""
    parser = argparse.ArgumentParser(prog="python -m medsum.review.corrections", description="Measure corrections.")
    parser.add_argument("folder", type=Path, nargs="?", default=SOURCES / "corrections")
    path = parser.parse_args().folder / FILE
    corrections = read_corrections(path)
    if not corrections:
        raise UserError(f"{path} has no signed note yet; sign notes on the page first")
    with_flags = data.load().language == "en"
    notes = [measured(one, with_flags=with_flags) for one in tqdm(corrections, unit="note", desc="Measuring")]
    found = metrics(notes)
    rows = by_category(notes)
    with replacing_folder(OUTPUT) as folder:
        write_json(folder / "corrections.json", found)
        write_csv(folder / "by_month.csv", by_month(notes))
        if rows:
            write_csv(folder / "by_category.csv", rows)
        else:
            write_text(folder / "by_category.csv", "category,flags,corrected,share_corrected\n")
        write_text(folder / "dvc.yaml", PIPELINE)
    print(
        f"{OUTPUT}: {found['notes']} signed notes, {found['share_unchanged']:.0%} unchanged, on average"
        f" {found['edit_distance']:.1%} of the words changed [{found['low']:.1%}, {found['high']:.1%}]"
    )


if __name__ == "__main__":
    run_script(main)
