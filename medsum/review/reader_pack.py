"""Write pairs of notes for readers: `python -m medsum.review.reader_pack [FIRST.jsonl SECOND.jsonl]`.

The readers compare the notes and do not know which model wrote which note. Each pair is a dialogue with its notes by
two models (default: the baseline and the fine-tuned model on the test split). The page `reader_pack.html` does not name
the models. The page is one file, loads nothing from elsewhere, and saves the answers as a CSV file in the browser. Only
`reader_pack_key.json` (the key) names the models, so do not give this file to readers.
`python -m medsum.review.reader_answers` reads the key and the answers.
"""

import argparse
import base64
import hashlib
import json
import random
from collections.abc import Sequence
from pathlib import Path
from typing import Any, NamedTuple

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from medsum.core.atomic import write_json, write_text
from medsum.core.errors import UserError, run_script
from medsum.core.paths import PREDICTIONS, REPORTS, TEST_SPLIT
from medsum.dialogue.predictions import read_predictions, read_references
from medsum.dialogue.record import Record
from medsum.metrics.names import MODELS
from medsum.review.reader_questions import QUESTIONS

TEMPLATES = Path(__file__).parent / "templates"
PAGE_NAME = "reader_pack.html"
KEY_NAME = "reader_pack_key.json"
SHORT_HASH = 12  # the number of hex digits of a short hash


class Pair(NamedTuple):
    """A record with two notes in the order of the page. `first` is the model that wrote the first note."""

    record: Record
    first: str
    notes: tuple[str, str]


def choose(records: Sequence[Record], texts: dict[str, list[str]], count: int, seed: int) -> list[Pair]:
    """Draw at most `count` records on which two models differ. Each model is first in half of the pairs."""
    one, other = texts
    differing = [place for place in range(len(records)) if texts[one][place].strip() != texts[other][place].strip()]
    if not differing:
        raise UserError("both models wrote the same notes, so there is nothing to compare; choose other predictions")
    draw = random.Random(f"reader pack {seed}")  # noqa: S311 - a seeded draw, no secret
    chosen = draw.sample(differing, min(count, len(differing)))
    firsts = [(one, other)[number % 2] for number in range(len(chosen))]
    draw.shuffle(firsts)
    return [
        Pair(records[place], first, (texts[first][place], texts[other if first == one else one][place]))
        for place, first in zip(chosen, firsts, strict=True)
    ]


def pack_id(pairs: Sequence[Pair]) -> str:
    """Return a short hash of what the page shows. Answers belong to a key only if they have the hash of the key."""
    shown = [[pair.record.dialogue, pair.record.section, *pair.notes] for pair in pairs]
    return hashlib.sha256(json.dumps(shown).encode()).hexdigest()[:SHORT_HASH]


def page(pairs: Sequence[Pair]) -> str:
    """Return the HTML page, with all text escaped. Its security policy allows only its own script and style."""
    environment = Environment(
        loader=FileSystemLoader(TEMPLATES), autoescape=True, undefined=StrictUndefined,
        trim_blocks=True, lstrip_blocks=True,
    )  # fmt: skip
    script, style = ((TEMPLATES / f"reader_pack.{kind}").read_text(encoding="utf-8") for kind in ("js", "css"))
    return environment.get_template("reader_pack.html.j2").render(
        pack=pack_id(pairs),
        pairs=[
            {
                "section": pair.record.section,
                "turns": [line.partition(": ") for line in pair.record.dialogue.split("\n")],
                "notes": pair.notes,
            }
            for pair in pairs
        ],
        questions=QUESTIONS,
        script=Markup(script),  # noqa: S704 - a file of this package
        style=Markup(style),  # noqa: S704 - a file of this package
        policy=f"default-src 'none'; script-src {_source(script)}; style-src {_source(style)}",
    )


def _source(text: str) -> str:
    return f"'sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}'"


def key(pairs: Sequence[Pair], models: Sequence[str], seed: int) -> dict[str, Any]:
    """Return the key: the models, and for each pair the record and the model that wrote the first note."""
    rows = [
        {"pair": number, "record": pair.record.id, "first": pair.first} for number, pair in enumerate(pairs, start=1)
    ]
    return {"pack": pack_id(pairs), "seed": seed, "models": list(models), "pairs": rows}


def require_new(*paths: Path) -> None:
    """Raise UserError if one of the files exists, because answers to an earlier page need the key of that page."""
    for path in paths:
        if path.exists():
            raise UserError(
                f"{path} exists already, and answers to the earlier page need its key; move the page and the key, or"
                " choose another --output"
            )


def arguments() -> argparse.Namespace:
    """Return the options of the command line."""
    parser = argparse.ArgumentParser(prog="python -m medsum.review.reader_pack", description="Write blinded pairs.")
    default = [PREDICTIONS / f"{model}.jsonl" for model in MODELS]
    parser.add_argument(
        "predictions", type=Path, nargs="*", default=default, help="two files of summaries (JSON lines)"
    )
    parser.add_argument("--records", type=Path, default=TEST_SPLIT, help="JSON lines with id, dialogue and summary")
    parser.add_argument("--pairs", type=int, default=30, metavar="N", help="number of pairs")
    parser.add_argument("--seed", type=int, default=1, help="decides which pairs are drawn, and their order")
    parser.add_argument("--output", type=Path, default=REPORTS, metavar="FOLDER", help="folder for page and key")
    chosen = parser.parse_args()
    if len(chosen.predictions) != 2:
        parser.error("give two files of summaries, or no file to use the summaries of the pipeline")
    if chosen.pairs < 1:
        parser.error("--pairs must be at least 1")
    return chosen


def main() -> None:
    """Write the page and the key."""
    chosen = arguments()
    models = [path.stem for path in chosen.predictions]
    if models[0] == models[1] or {*models} & {answer for question in QUESTIONS for answer in question.answers}:
        raise UserError(
            f"the files are called {' and '.join(models)}; rename them, because the names of the files name the models"
        )
    page_path, key_path = chosen.output / PAGE_NAME, chosen.output / KEY_NAME
    require_new(page_path, key_path)
    records = read_references(chosen.records)
    texts = {path.stem: read_predictions(path, records) for path in chosen.predictions}
    pairs = choose(records, texts, chosen.pairs, chosen.seed)
    write_json(key_path, key(pairs, models, chosen.seed))
    write_text(page_path, page(pairs))
    fewer = "" if len(pairs) == chosen.pairs else f" (the notes of only {len(pairs)} records differ)"
    print(f"{page_path}: {len(pairs)} pairs{fewer}, with patient text; {key_path}: the key, not for readers")


if __name__ == "__main__":
    run_script(main)
