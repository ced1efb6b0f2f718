"""Print which model the readers prefer: `python -m medsum.review.reader_answers KEY.json ANSWERS.csv ...`.

The readers do not know which model wrote a note. A *pack* is the page with pairs of notes that reader_pack.py writes.
Its key says which model wrote which note. The command reads the key and the CSV file that each reader saved. The
majority of the readers decides each pair, so the interval depends on the number of pairs and not of answers. The
agreement of two readers is Cohen's kappa. It compares the models that the two readers chose, and not the places of the
notes on the page.
"""

import argparse
import csv
import io
from collections import Counter
from collections.abc import Mapping, Sequence
from itertools import combinations
from pathlib import Path
from typing import Any, NamedTuple

from medsum.core.atomic import write_json
from medsum.core.errors import UserError, run_script
from medsum.core.reading import read_json, read_text
from medsum.metrics.proportions import wilson_interval
from medsum.review.reader_questions import COLUMNS, QUESTIONS

REMEDY = "name the reader_pack_key.json that was written together with the page"
PLACES = ("first", "second")
_LONGEST_NUMBER = 10  # in digits
TIE, BOTH = "equal", "both"
Answers = dict[str, dict[int, str]]  # by question and pair: the name of a model, or `equal`, `both` or `neither`


class Key(NamedTuple):
    """The hash of a pack, its two models, and the model that wrote the first note of each pair."""

    pack: str
    models: tuple[str, str]
    first: dict[int, str]

    def unblinded(self, pair: int, answer: str) -> str:
        """Return the model that wrote the first or second note of this pair. Return other answers unchanged."""
        if answer not in PLACES:
            return answer
        same = answer == "first"
        return next(model for model in self.models if (model == self.first[pair]) == same)


def read_key(path: Path) -> Key:
    """Read the key of a pack."""
    found = read_json(path, REMEDY)
    try:
        one, other = found["models"]
        key = Key(found["pack"], (one, other), {row["pair"]: row["first"] for row in found["pairs"]})
        is_known = set(key.first.values()) <= set(key.models)
    except (KeyError, TypeError, ValueError):
        raise UserError(f"{path} is not the key of a pack; {REMEDY}") from None
    if not is_known:
        raise UserError(f"{path} has a pair whose model is not in the list of models; {REMEDY}")
    return key


def read_answers(path: Path, key: Key) -> tuple[str, Answers]:
    """Return the name of the reader and the answers, in which `first` and `second` are replaced by names of models.

    Questions without an answer are left out.
    """
    rows = _rows(path)
    answers: Answers = {question.name: {} for question in QUESTIONS}
    readers, seen = set(), set()
    for number, row in enumerate(rows, start=2):
        pair = _pair(row, key, f"{path}, row {number}")
        if pair in seen:
            raise UserError(f"{path}, row {number}: pair {pair} occurs twice; keep one of the rows")
        seen.add(pair)
        readers.add(str(row["reader"]).strip())
        for question in QUESTIONS:
            answer = str(row[question.name] or "").strip()
            if answer and answer not in question.answers:
                raise UserError(
                    f"{path}, row {number}: {question.name} is none of {', '.join(question.answers)}; correct it"
                )
            if answer:
                answers[question.name][pair] = key.unblinded(pair, answer)
    if len(readers) != 1:
        raise UserError(f"{path} has the answers of {len(readers)} readers; give one file for each reader")
    return readers.pop(), answers


def _rows(path: Path) -> list[dict[str, Any]]:
    text = read_text(path, "name a CSV that the page saved")
    try:
        rows = csv.DictReader(io.StringIO(text, newline=""))
        names, found = rows.fieldnames, list(rows)
    except csv.Error:
        raise UserError(f"{path} is a damaged CSV; name a CSV that the page saved") from None
    if set(names or ()) != set(COLUMNS):
        raise UserError(f"{path} does not have the columns {', '.join(COLUMNS)}; name a CSV that the page saved")
    return found


def _pair(row: Mapping[str, Any], key: Key, place: str) -> int:
    if row["pack"] != key.pack:
        raise UserError(f"{place}: the answers and the key are of different packs; name the key of the answers' page")
    told = str(row["pair"])
    pair = int(told) if told.isdecimal() and len(told) < _LONGEST_NUMBER else 0
    if pair not in key.first:
        raise UserError(f"{place}: the key has no such pair; name a CSV that the page saved")
    return pair


def majority(answers: Sequence[Mapping[int, str]]) -> dict[int, str]:
    """Return the most frequent answer for each pair, or `equal` if several answers are equally frequent."""
    decided = {}
    for pair in sorted({pair for of_reader in answers for pair in of_reader}):
        (answer, votes), *others = Counter(own[pair] for own in answers if pair in own).most_common()
        decided[pair] = TIE if others and others[0][1] == votes else answer
    return decided


def preference(decided: Mapping[int, str], models: Sequence[str]) -> dict[str, Any]:
    """Return in how many pairs each model is preferred, and the share of the second model with its interval.

    The share does not count pairs without a preference (ties).
    """
    counts = Counter(decided.values())
    preferred = {model: counts[model] for model in models}
    clear = sum(preferred.values())
    return {
        "pairs": len(decided),
        "preferred": preferred,
        "ties": len(decided) - clear,
        **_share(counts[models[1]], clear),
    }


def inventing(answers: Sequence[Mapping[int, str]], models: Sequence[str]) -> dict[str, Any]:
    """Return, for each model, the share of its notes that invent something.

    A note counts if more than half of the readers say that it invents something.
    """
    pairs = sorted({pair for of_reader in answers for pair in of_reader})
    table = {}
    for model in models:
        votes = [[own[pair] in (model, BOTH) for own in answers if pair in own] for pair in pairs]
        count = sum(2 * sum(of_pair) > len(of_pair) for of_pair in votes)
        table[model] = {"notes": count, **_share(count, len(pairs))}
    return table


def _share(part: int, whole: int) -> dict[str, Any]:
    """Return a share with its interval. If `whole` is 0, the share and the interval are None."""
    if not whole:
        return {"share": None, "interval": None}
    return {"share": round(part / whole, 4), "interval": wilson_interval(part, whole)}


def agreement(one: Mapping[int, str], other: Mapping[int, str]) -> dict[str, Any]:
    """Return Cohen's kappa on the pairs that both readers answered.

    Kappa is not defined if both readers gave one and the same answer for all pairs. In this case it is None.
    """
    from sklearn.metrics import cohen_kappa_score  # imported here, because this import takes seconds

    both = sorted(set(one) & set(other))
    said = [one[pair] for pair in both], [other[pair] for pair in both]
    varied = len({*said[0], *said[1]}) > 1
    return {
        "pairs": len(both),
        "same": sum(a == b for a, b in zip(*said, strict=True)),
        "kappa": round(float(cohen_kappa_score(*said)), 4) if varied else None,
    }


def summary(key: Key, readers: Mapping[str, Answers]) -> dict[str, Any]:
    """Return all figures, by question."""
    of = {question.name: {reader: found[question.name] for reader, found in readers.items()} for question in QUESTIONS}
    sign, omits = (majority(list(of[name].values())) for name in ("sign", "omits"))
    return {
        "pack": key.pack,
        "readers": sorted(readers),
        "sign": {
            "majority": preference(sign, key.models),
            "by_reader": {reader: preference(found, key.models) for reader, found in of["sign"].items()},
        },
        "invents": inventing(list(of["invents"].values()), key.models),
        "omits": preference(omits, key.models),
        "agreement": {
            name: {f"{a} and {b}": agreement(found[a], found[b]) for a, b in combinations(sorted(found), 2)}
            for name, found in of.items()
        },
    }


def lines(found: Mapping[str, Any], models: Sequence[str]) -> list[str]:
    """Return the figures as text."""
    other = models[1]
    rows = {"most readers": found["sign"]["majority"], **found["sign"]["by_reader"]}
    said = ["Which note would you rather sign? (95 % Wilson intervals over pairs, ties left out)"]
    said += [f"  {name}: {_counts(row, models)}; share of {other}: {_spelled(row)}" for name, row in rows.items()]
    said.append("Which note states something that the dialogue does not?")
    said += [f"  {model}: {_spelled(row)}" for model, row in found["invents"].items()]
    said += ["Which note leaves out more that matters?", f"  most readers: {_counts(found['omits'], models)}"]
    said.append("Agreement of two readers (Cohen's kappa):")
    agreements = [
        f"  {name}, {both}: {'-' if row['kappa'] is None else format(row['kappa'], '.2f')}"
        f" (the same answer on {row['same']} of {row['pairs']} pairs)"
        for name, rows in found["agreement"].items()
        for both, row in rows.items()
    ]
    return said + (agreements or ["  there is only one reader"])


def _counts(row: Mapping[str, Any], models: Sequence[str]) -> str:
    counts = ", ".join(f"{model} {row['preferred'][model]}" for model in models)
    return f"{counts}, ties {row['ties']} of {row['pairs']} pairs"


def _spelled(row: Mapping[str, Any]) -> str:
    if row["share"] is None:
        return "-"
    low, high = row["interval"]
    return f"{row['share']:.2f} [{low:.2f}, {high:.2f}]"


def main() -> None:
    """Read the key and the answers, and print the figures."""
    parser = argparse.ArgumentParser(prog="python -m medsum.review.reader_answers", description="Unblind answers.")
    parser.add_argument("key", type=Path, help="reader_pack_key.json")
    parser.add_argument("answers", type=Path, nargs="+", help="the CSV files of one or more readers")
    parser.add_argument("--output", type=Path, metavar="FILE.json", help="also write the figures as JSON")
    chosen = parser.parse_args()
    key = read_key(chosen.key)
    readers: dict[str, Answers] = {}
    for path in chosen.answers:
        reader, answers = read_answers(path, key)
        if reader in readers:
            raise UserError(
                f"{path} is the second file of the same reader; give one file for each reader, or rename a reader"
            )
        readers[reader] = answers
    found = summary(key, readers)
    print("\n".join(lines(found, key.models)))
    if chosen.output:
        write_json(chosen.output, found)


if __name__ == "__main__":
    run_script(main)
