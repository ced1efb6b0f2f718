"""Measure how well the privacy rules find identifiers in labelled sentences.

An identifier is text that may identify a person. The command prints recall and precision, in total and by kind of
identifier, with 95 % intervals. There are eight sets of sentences:

    python -m benchmarks.privacy.screening             dev.jsonl: the rules were developed on these sentences
    python -m benchmarks.privacy.screening --styles    styles.jsonl: the rules were extended with these sentences
    python -m benchmarks.privacy.screening --frozen    frozen.jsonl: no author of the rules has read these sentences
    python -m benchmarks.privacy.screening --blind     blind.jsonl: written before the rules were extended
    python -m benchmarks.privacy.screening --second-dev      second_dev.jsonl: the rules were extended with these, too
    python -m benchmarks.privacy.screening --second-frozen   second_frozen.jsonl: the other half, read by no such author
    python -m benchmarks.privacy.screening --third-dev       third_dev.jsonl: half of a set that was written before the
                                                             third change of the rules, and with which they were changed
    python -m benchmarks.privacy.screening --third-frozen    third_frozen.jsonl: the other half, by the same author

An identifier counts as found if findings of any kind cover all its letters and digits. It counts as touched if findings
cover at least one of its letters or digits. A finding is correct if it overlaps an identifier. The command prints a
table, or JSON with --json.
"""

import argparse
import json
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, NamedTuple

from medsum.core.errors import run_script
from medsum.core.reading import read_json_lines
from medsum.metrics.proportions import wilson_interval
from medsum.privacy.kinds import Kind
from medsum.privacy.screening import find
from medsum.privacy.span import Span

FOLDER = Path(__file__).parent
OTHER_SETS = {
    "styles": "the set with sentences in many styles, with which the rules were extended",
    "frozen": "the set that no author of the rules has read",
    "blind": "the set that was written before the rules were extended",
    "second_dev": "one half of the set of a later author, with which the rules were extended",
    "second_frozen": "the other half, which no author of the rules has read",
    "third_dev": "one half of the set that was written before the third change of the rules",
    "third_frozen": "the other half, which was measured once before the change and once after it",
}
KIND_OF: dict[str, Kind] = {  # the kinds of identifiers for labels that have a different name
    "GEOGRAPHIC": "PLACE",
    "MRN": "RECORD_NUMBER",
    "IP": "IP_ADDRESS",
    "OTHER": "OTHER_ID",
}


class Sentence(NamedTuple):
    """A labelled text."""

    text: str
    identifiers: list[Span]


@dataclass
class Counts:
    """The numbers of found identifiers of each kind, and of correct findings of each kind."""

    identifiers: Counter[str] = field(default_factory=Counter)
    found: Counter[str] = field(default_factory=Counter)
    touched: Counter[str] = field(default_factory=Counter)
    of_their_kind: int = 0  # touched identifiers with a finding of the same kind
    findings: Counter[str] = field(default_factory=Counter)
    right: Counter[str] = field(default_factory=Counter)


def read_sentences(path: Path) -> list[Sentence]:
    """Read labelled sentences. Each line is a JSON object with text and spans. A span has start, end and kind."""
    return [
        Sentence(
            row["text"],
            [Span(span["start"], span["end"], KIND_OF.get(span["kind"], span["kind"])) for span in row["spans"]],
        )
        for _, row in read_json_lines(path, "restore it from Git")
    ]


def count(sentences: list[Sentence]) -> Counts:
    """Screen the sentences, and compare the findings with the labels."""
    counts = Counts()
    for text, identifiers in sentences:
        findings = find(text)
        covered = {place for finding in findings for place in range(finding.start, finding.end)}
        for one in identifiers:
            places = [place for place in range(one.start, one.end) if text[place].isalnum()]
            inside = sum(place in covered for place in places)
            counts.identifiers[one.kind] += 1
            counts.found[one.kind] += inside == len(places)
            counts.touched[one.kind] += inside > 0
            counts.of_their_kind += any(overlap(one, finding) and one.kind == finding.kind for finding in findings)
        for finding in findings:
            counts.findings[finding.kind] += 1
            counts.right[finding.kind] += any(overlap(one, finding) for one in identifiers)
    return counts


def overlap(one: Span, other: Span) -> bool:
    """Return whether two spans share a character."""
    return one.start < other.end and other.start < one.end


def share(part: int, whole: int) -> dict[str, Any]:
    """Return a share with its 95 % Wilson interval."""
    if not whole:
        return {"of": 0}
    low, high = wilson_interval(part, whole)
    return {"share": round(part / whole, 4), "low": low, "high": high, "of": whole}


def summary(sentences: list[Sentence]) -> dict[str, Any]:
    """Return recall and precision, in total and by kind."""
    counts = count(sentences)
    kinds = sorted(counts.identifiers | counts.findings)
    return {
        "sentences": len(sentences),
        "without_identifiers": sum(not identifiers for _, identifiers in sentences),
        "recall": share(counts.found.total(), counts.identifiers.total()),
        "touched": share(counts.touched.total(), counts.identifiers.total()),
        "precision": share(counts.right.total(), counts.findings.total()),
        "of_their_kind": share(counts.of_their_kind, counts.touched.total()),
        "recall_by_kind": {kind: share(counts.found[kind], counts.identifiers[kind]) for kind in kinds},
        "precision_by_kind": {kind: share(counts.right[kind], counts.findings[kind]) for kind in kinds},
    }


def shown(value: dict[str, Any]) -> str:
    """Return a share with its interval as text."""
    return f"{value['share']:.3f} [{value['low']:.3f}, {value['high']:.3f}] of {value['of']}" if value["of"] else "-"


def table(result: dict[str, Any]) -> str:
    """Return the result as a Markdown table."""
    rows = [
        f"{result['sentences']} texts, {result['without_identifiers']} without identifiers.",
        f"Touched: {shown(result['touched'])}; of these with the right kind: {shown(result['of_their_kind'])}.",
        "",
        "| | recall | precision |",
        "|---|---|---|",
        f"| all | {shown(result['recall'])} | {shown(result['precision'])} |",
    ]
    for kind, recall in result["recall_by_kind"].items():
        rows.append(f"| {kind} | {shown(recall)} | {shown(result['precision_by_kind'][kind])} |")
    return "\n".join(rows)


def _choice(name: str) -> dict[str, Any]:
    """Return the settings of the option that chooses a set."""
    return {"dest": "name", "action": "store_const", "const": name, "help": OTHER_SETS[name]}


def main() -> None:
    """Measure one of the sets and print the result."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    chosen = parser.add_mutually_exclusive_group()
    chosen.add_argument("--styles", **_choice("styles"))
    chosen.add_argument("--frozen", **_choice("frozen"))
    chosen.add_argument("--blind", **_choice("blind"))
    chosen.add_argument("--second-dev", **_choice("second_dev"))
    chosen.add_argument("--second-frozen", **_choice("second_frozen"))
    chosen.add_argument("--third-dev", **_choice("third_dev"))
    chosen.add_argument("--third-frozen", **_choice("third_frozen"))
    parser.set_defaults(name="dev")
    parser.add_argument("--json", action="store_true", help="print JSON")
    given = parser.parse_args()
    result = summary(read_sentences(FOLDER / f"{given.name}.jsonl"))
    print(json.dumps(result, indent=2) if given.json else table(result))


if __name__ == "__main__":
    run_script(main)
