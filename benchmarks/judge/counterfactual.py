"""Change one fact of a dialogue (an edit). Measure whether the summary changes with it and otherwise stays the same.

    python -m benchmarks.judge.counterfactual [--records FILE ...] [--models NAME ...]

The command reads records (default: validation and test of data/splits, on which no model was trained). The kinds of
edits are a different age, sex, name, dose, drug of the same class, side, or answer. For each kind, the command edits
each dialogue that has such a fact (edits.py, with a seed). Each model (default: baseline and finetuned) summarises the
dialogue before and after the edit, with the parameters of params.yaml.

- `told`: the number of edits whose old fact is in the summary before the edit.
- `followed`: the share of these edits whose summary after the edit has the new fact and not the old fact.
- `unchanged_elsewhere`: the share of all edits that change no other clinical fact of the summary, and no context of
  such a fact.
- `same_words`: for age, sex and name, the share of edits that change only the edited word in the summary. A low share
  is a sign of bias or of an unstable model.

Intervals are 95 % Wilson intervals. For the default records and models, the command writes
benchmarks/results/counterfactual.json. `dvc repro error-analysis` then adds the rates to the report.
"""

import argparse
import random
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tqdm import tqdm

from benchmarks.judge.edits import EDITS, SIDES, Edit, edited, other_sex, sexed_words
from medsum.core.atomic import write_json
from medsum.core.errors import run_script
from medsum.core.paths import COUNTERFACTUAL_RATES, TEST_SPLIT, VALIDATION_SPLIT
from medsum.dialogue.record import Record, read_records
from medsum.facts.extraction import extract
from medsum.facts.fact import Fact
from medsum.faithfulness.passage import passage
from medsum.generation.model_choice import open_summarizer
from medsum.metrics.names import MODELS
from medsum.metrics.proportions import wilson_interval
from medsum.report.counterfactual import digests

RECORDS = [VALIDATION_SPLIT, TEST_SPLIT]
PREDICTIONS = {model: Path(f"data/predictions/{model}.jsonl") for model in MODELS}
OF_A_PERSON = ("age", "sex", "name")
_KIND_OF = {"age": "age", "dose": "dose", "drug": "medication"}
Summarize = Callable[[Sequence[str], Sequence[str | None]], list[str]]


@dataclass(frozen=True)
class Pair:
    """An edit of one kind, and the summaries before and after the edit."""

    kind: str
    edit: Edit
    before: str
    after: str


def pairs(records: Sequence[Record], summarize: Summarize) -> list[Pair]:
    """Make every edit of every record and summarise both dialogues. Each dialogue is summarised only once."""
    edits = []
    for record in records:
        for kind in EDITS:
            edit = edited(kind, record.dialogue, random.Random(f"{kind} {record.id}"))
            if edit is not None:
                edits.append((kind, edit, record.section))
    asked = sorted({(text, section) for _, edit, section in edits for text in edit[:2]}, key=str)
    texts = summarize([text for text, _ in asked], [section for _, section in asked])
    said = dict(zip(asked, texts, strict=True))
    return [Pair(kind, edit, said[edit.before, section], said[edit.after, section]) for kind, edit, section in edits]


def is_told(pair: Pair) -> bool:
    """Return whether the summary before the edit has the fact that the edit changes."""
    if pair.kind == "sex":
        return bool(sexed_words(pair.before))
    return bool(_things(pair, pair.before))


def is_followed(pair: Pair) -> bool:
    """Return whether the summary after the edit has the new fact in place of the old fact."""
    if pair.kind == "sex":
        return set(sexed_words(pair.after)) == set(sexed_words(other_sex(pair.before)))
    before, after = _things(pair, pair.before), _things(pair, pair.after)
    if pair.kind == "side":
        return after == Counter({SIDES[side]: count for side, count in before.items()})
    if pair.kind == "negation":
        return bool(after) and not set(before) & set(after)
    return pair.edit.new in after and pair.edit.old not in after


def _things(pair: Pair, summary: str) -> Counter[str]:
    """Return the facts in a summary that an edit of this kind changes, such as values, sides or names."""
    edit, facts = pair.edit, extract(summary)
    if pair.kind == "name":
        words = (word.text for word in passage(summary).words)
        return Counter(name for word in words for name in (edit.old, edit.new) if word == name.lower())
    if pair.kind == "side":
        return Counter(fact.value for fact in facts if fact.kind == "laterality" and fact.value in SIDES)
    if pair.kind == "negation":
        return Counter(str("negated" in f.context) for f in facts if f.kind == "finding" and f.value == edit.old)
    return Counter(f.value for f in facts if f.kind == _KIND_OF[pair.kind] and f.value in (edit.old, edit.new))


def is_unchanged_elsewhere(pair: Pair) -> bool:
    """Return whether both summaries have the same facts, except the facts that the edit should change."""
    return _other_facts(pair, pair.before) == _other_facts(pair, pair.after)


def _other_facts(pair: Pair, summary: str) -> Counter[tuple[object, ...]]:
    def concerned(fact: Fact) -> bool:
        if pair.kind == "side":
            return fact.kind == "laterality"
        kind = "finding" if pair.kind == "negation" else _KIND_OF.get(pair.kind)
        return fact.kind == kind and fact.value in (pair.edit.old, pair.edit.new)

    return Counter(
        (*fact.key, fact.context, "" if pair.kind == "side" else fact.laterality)
        for fact in extract(summary)
        if not concerned(fact)
    )


def has_same_words(pair: Pair) -> bool:
    """Return whether the summaries differ only in the word for the age, sex or name."""
    after = other_sex(pair.after) if pair.kind == "sex" else pair.after
    both = []
    for text in (pair.before, after):
        said = [word.text for word in passage(text).words]
        if pair.kind == "sex":
            said = [word for word in said if not sexed_words(word)]
        both.append([word for word in said if word not in (pair.edit.old.lower(), pair.edit.new.lower())])
    return both[0] == both[1]


def rates(made: Sequence[Pair], kind: str) -> dict[str, Any]:
    """Return the counts, shares and intervals of one kind of edit."""
    own = [pair for pair in made if pair.kind == kind]
    told = [pair for pair in own if is_told(pair)]
    checks: dict[str, tuple[Callable[[Pair], bool], list[Pair]]] = {
        "followed": (is_followed, told),
        "unchanged_elsewhere": (is_unchanged_elsewhere, own),
    }
    if kind in OF_A_PERSON:
        checks["same_words"] = (has_same_words, own)
    row: dict[str, Any] = {"edited": len(own), "told": len(told)}
    for name, (holds, among) in checks.items():
        count = sum(map(holds, among))
        row[name] = round(count / len(among), 4) if among else None
        row[f"{name}_interval"] = wilson_interval(count, len(among)) if among else None
    return row


def summarizing(model: str) -> Summarize:
    """Return a function that summarises with a model and shows its progress. `model` is a name or a folder."""
    summarizer = open_summarizer(model)

    def summarize(dialogues: Sequence[str], sections: Sequence[str | None]) -> list[str]:
        with tqdm(total=len(dialogues), unit="dialogue", desc=model) as progress:
            return summarizer.summarize(dialogues, sections, progress.update)

    return summarize


def print_row(kind: str, model: str, row: dict[str, Any]) -> None:
    """Print one line of the table."""
    cells = []
    for name in ("followed", "unchanged_elsewhere", "same_words"):
        low_high = row.get(f"{name}_interval")
        cells.append(f"{row[name]:.2f} [{low_high[0]:.2f}, {low_high[1]:.2f}]" if low_high else "-")
    print(f"{kind:10}{model:12}{row['edited']:>7}{row['told']:>6}" + "".join(f"{cell:>20}" for cell in cells))


def main() -> None:
    """Edit the dialogues, summarise them, compare the summaries, and print the rates."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--records", type=Path, nargs="+", default=RECORDS, metavar="FILE")
    parser.add_argument("--models", nargs="+", default=list(MODELS), metavar="NAME", help="names or folders of models")
    arguments = parser.parse_args()
    records = [record for path in arguments.records for record in read_records(path)]
    made = {model: pairs(records, summarizing(model)) for model in arguments.models}
    print(f"{len(records)} dialogues; shares of edits [95 % interval]")
    print(f"{'':22}{'edited':>7}{'told':>6}{'follow':>20}{'else unchanged':>20}{'same words':>20}")
    table: dict[str, dict[str, Any]] = {}
    for kind in EDITS:
        table[kind] = {model: rates(of_model, kind) for model, of_model in made.items()}
        for model, row in table[kind].items():
            print_row(kind, model, row)
    if arguments.records == RECORDS and arguments.models == list(MODELS):
        write_json(COUNTERFACTUAL_RATES, {"records": len(records), "summaries": digests(PREDICTIONS), "kinds": table})


if __name__ == "__main__":
    run_script(main)
