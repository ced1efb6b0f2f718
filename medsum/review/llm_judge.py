"""Let a language model in your building give marks to the notes of two models. It does not use the project's checker.

    python -m medsum.review.llm_judge URL MODEL [FIRST.jsonl SECOND.jsonl] [--records FILE.jsonl] [--limit N]

URL is an OpenAI-compatible endpoint such as http://gpu-server:8000/v1. The host of the URL must have a private address,
because the command sends the dialogues to this host. MODEL is the name of the judging model at the endpoint. The judge
sees one dialogue and one note at a time, but not the name of the model that wrote the note. It answers the questions of
llm_questions.py. If the environment variable MEDSUM_JUDGE_KEY is set, the command sends its value as the API key. The
command writes reports/llm_judge.json, which contains no text of a dialogue or a note.
"""

import argparse
import os
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import httpx2
from tqdm import tqdm

from medsum.core.atomic import write_json
from medsum.core.errors import UserError, run_script
from medsum.core.paths import PREDICTIONS, REPORTS, TEST_SPLIT
from medsum.dialogue.predictions import read_predictions, read_references
from medsum.dialogue.record import Record
from medsum.metrics.bootstrap import intervals
from medsum.metrics.names import MODELS
from medsum.review.llm_questions import INSTRUCTION, QUESTIONS, SCHEMA, marks_of, prompt
from medsum.review.private_host import require_private

OUTPUT = REPORTS / "llm_judge.json"
KEY = "MEDSUM_JUDGE_KEY"
SECONDS = 300.0  # the longest time to wait for one answer
DECIMALS = 4


class Judge:
    """The model that judges notes. It runs on a server and answers over HTTP."""

    def __init__(self, url: str, model: str) -> None:
        require_private(url)
        self.url, self.model = f"{url.rstrip('/')}/chat/completions", model
        headers = {"authorization": f"Bearer {os.environ[KEY]}"} if os.environ.get(KEY) else {}
        # Proxies and redirects are not used, so that dialogues are sent only to this host.
        self.client = httpx2.Client(timeout=SECONDS, trust_env=False, follow_redirects=False, headers=headers)

    def marks(self, dialogue: str, note: str) -> dict[str, int]:
        """Return the mark for each question. Raise UserError if there is no valid answer."""
        asked = {
            "model": self.model,
            "temperature": 0,
            "messages": [
                {"role": "system", "content": INSTRUCTION},
                {"role": "user", "content": prompt(dialogue, note)},
            ],
            "response_format": {"type": "json_schema", "json_schema": {"name": "marks", "schema": SCHEMA}},
        }
        try:
            answer = self.client.post(self.url, json=asked)
        except httpx2.TransportError as error:
            raise UserError(
                f"{self.url} does not answer ({type(error).__name__}); check the address, and that the server runs"
            ) from None
        if answer.status_code != httpx2.codes.OK:
            raise UserError(
                f"{self.url} answers with status {answer.status_code}; check the name of the model, and {KEY}"
            )
        try:
            return marks_of(answer.json()["choices"][0]["message"]["content"])
        except (ValueError, KeyError, IndexError, TypeError):
            raise UserError(
                f"{self.url}: the model {self.model} gave no marks in the requested form; choose a model that supports"
                " response_format"
            ) from None


def judged(judge: Judge, records: Sequence[Record], texts: Mapping[str, Sequence[str]]) -> dict[str, list[list[int]]]:
    """Return a table of marks for each model. A row has the marks of one record's note, and a column is a question."""
    found: dict[str, list[list[int]]] = {model: [] for model in texts}
    for place, record in enumerate(tqdm(records, unit="dialogue", desc="Judging")):
        for model, notes in texts.items():
            marks = judge.marks(record.dialogue, notes[place])
            found[model].append([marks[name] for name in QUESTIONS])
    return found


def summary(marks: Mapping[str, Sequence[Sequence[int]]]) -> dict[str, Any]:
    """Return the mean mark of each question for each model, with 95 % intervals.

    Also return the difference: the mean of the second model minus the mean of the first model.
    """
    one, other = marks.values()
    steps = [[b - a for a, b in zip(*rows, strict=True)] for rows in zip(one, other, strict=True)]
    return {**{model: _means(rows) for model, rows in marks.items()}, "difference": _means(steps)}


def _means(rows: Sequence[Sequence[int]]) -> dict[str, dict[str, float]]:
    return {
        name: {
            key: round(value, DECIMALS) for key, value in (("mean", i.mean), ("low", i.low), ("high", i.high))
        }
        for name, i in zip(QUESTIONS, intervals(rows), strict=True)
    }  # fmt: skip


def arguments() -> argparse.Namespace:
    """Return the options of the command line."""
    parser = argparse.ArgumentParser(prog="python -m medsum.review.llm_judge", description="Let a model judge notes.")
    parser.add_argument("url", help="an OpenAI-compatible endpoint with a private address, with its /v1")
    parser.add_argument("model", help="the name of the model at the endpoint")
    default = [PREDICTIONS / f"{model}.jsonl" for model in MODELS]
    parser.add_argument(
        "predictions", type=Path, nargs="*", default=default, help="two files of summaries (JSON lines)"
    )
    parser.add_argument("--records", type=Path, default=TEST_SPLIT, help="JSON lines with id, dialogue and summary")
    parser.add_argument("--limit", type=int, metavar="N", help="judge only the first N records")
    parser.add_argument("--output", type=Path, default=OUTPUT, metavar="FILE.json")
    chosen = parser.parse_args()
    if len(chosen.predictions) != 2:
        parser.error("give two files of summaries, or no file to use the summaries of the pipeline")
    if chosen.limit is not None and chosen.limit < 1:
        parser.error("--limit must be at least 1")
    return chosen


def main() -> None:
    """Ask the judge about all notes, write the figures, and print the means."""
    chosen = arguments()
    names = [path.stem for path in chosen.predictions]
    if names[0] == names[1]:
        raise UserError(
            f"both files of summaries are called {names[0]}; rename one, because the name of a file names its model"
        )
    records = read_references(chosen.records)
    texts = {path.stem: read_predictions(path, records) for path in chosen.predictions}
    asked = records[: chosen.limit]
    found = summary(judged(Judge(chosen.url, chosen.model), asked, texts))
    write_json(chosen.output, {"judge": chosen.model, "records": len(asked), **found})
    for name in QUESTIONS:
        means = ", ".join(f"{model} {found[model][name]['mean']:.2f}" for model in names)
        step = found["difference"][name]
        print(f"{name}: {means}; difference {step['mean']:+.2f} [{step['low']:+.2f}, {step['high']:+.2f}]")
    print(f"{chosen.output}: {len(asked)} records, marked by {chosen.model}; these marks are not human judgement")


if __name__ == "__main__":
    run_script(main)
