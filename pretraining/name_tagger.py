"""Train the model that finds names by their context (`medsum/privacy/tagger.py`), on invented sentences.

    python -m pretraining.name_tagger

It writes medsum/privacy/lexicons/known_words.txt and name_tagger.safetensors. The same inputs give the same files.

Sentences with names come from three sources: the contexts in pretraining/name_texts, dialogues in which a name replaces
a pronoun or follows a relative, and the labelled sentences on which the rules of screening were made. The names are
drawn from lists of many countries. Half of them are described to the model as if no list had them, because most names
are in no list. The frozen and the blind sentences of benchmarks/privacy are never read.
"""

import csv
import json
import re
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path
from random import Random
from typing import NamedTuple

import numpy as np

from medsum.core.atomic import write_text
from medsum.core.errors import run_script
from medsum.privacy.anchors import anchors
from medsum.privacy.lexicon import common_words, drugs, eponyms, given_names, places, surnames, word_names
from medsum.privacy.tagger import BUCKETS, WEIGHTS, bucket
from medsum.privacy.word_features import described, features, known_words, lists_of
from medsum.privacy.words import Word, words
from pretraining import exchanges
from pretraining.words import invented_name

ROOT = Path(__file__).parents[1]
CONTEXTS = Path(__file__).with_name("name_texts") / "contexts.txt"
NO_NAMES = CONTEXTS.with_name("no_names.txt")
KNOWN_WORDS = WEIGHTS.with_name("known_words.txt")
NAMES_OF_SETS = ("dev.jsonl", "styles.jsonl", "second_dev.jsonl", "third_dev.jsonl")
LABELLED = [ROOT / "benchmarks/privacy" / name for name in NAMES_OF_SETS]
WITHOUT_NAMES = [ROOT / "benchmarks/judge/unseen_sentences/dev.jsonl", ROOT / "tests/dialogue/transcripts/dev.jsonl"]
SAMPLE = ROOT / "data/raw/sample/dialogues.csv"
TERMS = sorted((ROOT / "medsum/facts/lexicons").glob("*.txt"))
SEED = 18
VISITS = 1500
DRAWS_OF_A_CONTEXT = 14
DRAWS_OF_A_LABELLED = 6
DRAWS_OF_A_PLAIN = 4
UNLISTED = 0.5  # share of names that are described as if no list had them
UNKNOWN = 0.12  # share of other words that are described as if no list had them
WORD_NAMES = 0.08  # share of given names that are also words, such as Grace
LOUD = 0.02  # share of sentences in capitals
LOWER = 0.3  # share of sentences in lower case, as speech recognition writes them
MOST_STEPS = 400
LEAST_GRADIENT = 1e-6
STRENGTH = 1.0  # inverse of the L2 penalty
SLOT = re.compile(r"\{([FLNIAP])\}")
PRONOUN = re.compile(
    r"(?<![\w'])(?:He|She|The patient|Patient|My (?:wife|husband|son|daughter|mother|father|brother|sister))(?= [a-z])"
)
PERSON_AFTER = re.compile(
    r"\b(?:with|by|to|told|asked|from|for|see|saw|called) (?:him|her|them|my (?:wife|husband|son|mother|doctor))\b"
    r"(?=[ .,?])"
)
RELATIVE = re.compile(r"\b[Mm]y (?:wife|husband|son|daughter|mother|father|brother|sister|mom|mum|dad)\b(?=[ ,.?])")
TERM_FRAMES = (
    "{}.", "On {}.", "{} helps.", "Started {}.", "History of {}.", "{} for two days.", "{} was stopped.",
    "Takes {} daily.",
    "Patient: {}.", "{}, {}.", "Denies {}.", "{} and {}.", "I have {}.", "{} is better.", "{}: none.",
    "Family history: {}.",
    "Given {} in the clinic.", "{} has helped.", "Allergies: {}", "Switched from {} to {}.", "Plan: {}",
    "{} said to cause it.",
)  # fmt: skip
EPONYM_FRAMES = (
    "{}'s disease.", "{} sign positive.", "{} test negative.", "{} syndrome was excluded.", "Positive {}.",
    "{} score 4.",
    "Known {}'s, stable.", "{} catheter in place.", "{} and {} negative.", "{} classification type 2.", "He has {}'s.",
    "{} scale 15.", "{}'s was diagnosed at forty.", "{} III.", "{}'s phenomenon.", "Query {}'s.", "{} negative.",
)  # fmt: skip


class Sentence(NamedTuple):
    """A text and the spans of its names, as (start, end)."""

    text: str
    spans: list[tuple[int, int]]


def main() -> None:
    """Write the word list, train the model and write its weights."""
    rng = Random(SEED)  # noqa: S311
    plain = sorted(set(plain_lines(rng)))
    write_text(KNOWN_WORDS, "\n".join(word_list(plain)) + "\n")
    known_words.cache_clear()
    lists_of.cache_clear()
    sentences = [*from_contexts(rng), *_from_labelled(rng), *_from_plain(plain, rng), *_from_terms(rng)]
    sentences = [_lowered(sentence) if rng.random() < LOWER else sentence for sentence in sentences]
    print(f"{len(sentences):,} sentences, {sum(len(spans) for _, spans in sentences):,} names")
    train(sentences, rng, WEIGHTS)


def plain_lines(rng: Random) -> Iterator[str]:
    """Yield lines of dialogues and notes that have no name."""
    lines: list[str] = []
    for _ in range(VISITS):
        example = exchanges.draw(rng)
        lines += [*example.dialogue.split("\n"), *re.split(r"(?<=\.) ", example.note)]
    with SAMPLE.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            lines += [*row["dialogue"].split("\n"), *re.split(r"(?<=\.) ", row["section_text"])]
    for path in WITHOUT_NAMES:
        lines += [line for row in path.open(encoding="utf-8") for line in json.loads(row)["text"].split("\n")]
    yield from (line.strip() for line in lines if line.strip() and not _may_have_name(line))


def _may_have_name(line: str) -> bool:
    """Return whether a line may have a name. The rules of screening are not asked: they use the list made here."""
    before = anchors(line)
    for word in words(line):
        anchor = before.get(word.start)
        if not word.capital or word.loud or len(word.text) == 1 or word.lower in common_words():
            continue
        if anchor and anchor.strength in ("title", "name", "relative") and not word.opens:
            return True
        listed = word.lower in given_names() or (word.lower in surnames() and not word.opens)
        if listed and not (word.opens and word.lower in word_names()):
            return True
    return False


def word_list(lines: list[str]) -> list[str]:
    """Return the words that dialogues, notes and lists of terms have in lower case."""
    found = {
        word.lower for text in lines + _term_lines() for word in words(text) if not word.capital and len(word.text) > 1
    }
    return ["# Words of dialogues and notes, in lower case. Written by pretraining/name_tagger.py.", *sorted(found)]


def _term_lines() -> list[str]:
    """Return the lines of the lists of clinical terms without their comments."""
    lines = [line for path in TERMS for line in path.read_text(encoding="utf-8").splitlines()]
    return [line for line in lines if not line.startswith("#")]


@cache
def _lists() -> tuple[list[str], list[str], list[str]]:
    """Return given names, surnames and places that are not also common words."""
    given = sorted(name for name in given_names() if name not in known_words() and len(name) > 2)
    last = sorted(name for name in surnames() if name not in known_words() and len(name) > 2)
    return given, last, sorted(place for place in places() if place not in known_words())


def _title(name: str) -> str:
    return re.sub(r"(?:^|(?<=[ -])|(?<=o')|(?<=d')|(?<=^mc))\w", lambda found: found[0].upper(), name)


def _name(slot: str, rng: Random) -> str:
    """Return a random name for a slot of a context."""
    given, last, towns = _lists()
    if slot == "A":
        slot = rng.choice("FLN")
    if slot == "P":
        return _title(rng.choice(towns))
    if slot == "I":
        return rng.choice(("{}{}", "{}.{}.", "{}. {}.", "{}.")).format(*rng.sample("ABCDEFGHJKLMNPRSTW", 2))
    first = _title(invented_name(rng) if rng.random() < 0.1 else rng.choice(given))
    if rng.random() < WORD_NAMES:
        first = _title(rng.choice(sorted(word_names())))
    if rng.random() < 0.06:
        first = f"{first}-{_title(rng.choice(given))}"
    surname = _title(invented_name(rng, 3) if rng.random() < 0.1 else rng.choice(last))
    if rng.random() < 0.08:
        surname = f"{surname}-{_title(rng.choice(last))}"
    if rng.random() < LOUD:
        surname = surname.upper()
    if slot == "F":
        return first
    return (
        surname
        if slot == "L"
        else rng.choice((f"{first} {surname}",) * 4 + (f"{first[0]}. {surname}", f"{first[0]} {surname}"))
    )


def _filled(context: str, rng: Random) -> Sentence:
    text, spans, end = "", [], 0
    for slot in SLOT.finditer(context):
        text += context[end : slot.start()]
        name = _name(slot[1], rng)
        spans.append((len(text), len(text) + len(name)))
        text, end = text + name, slot.end()
    return Sentence(text + context[end:], spans)


def from_contexts(rng: Random) -> Iterator[Sentence]:
    """Yield the contexts with random names, and the sentences without names."""
    lines = [line for line in CONTEXTS.read_text(encoding="utf-8").splitlines() if not line.startswith("#")]
    for line in lines:
        for _ in range(DRAWS_OF_A_CONTEXT):
            sentence = _filled(line, rng)
            if rng.random() < LOUD:
                yield Sentence(sentence.text.upper(), sentence.spans)
            speaker = rng.choice(("", "", "Doctor: ", "Patient: "))
            yield _after(speaker, sentence)
    lines = [line for line in NO_NAMES.read_text(encoding="utf-8").splitlines() if not line.startswith("#")]
    yield from (Sentence(line, []) for line in lines * DRAWS_OF_A_PLAIN)


def _after(start: str, sentence: Sentence) -> Sentence:
    return Sentence(start + sentence.text, [(first + len(start), end + len(start)) for first, end in sentence.spans])


def _from_labelled(rng: Random) -> Iterator[Sentence]:
    """Yield labelled sentences as they are, and with other names. Names of places count as names here."""
    for path in LABELLED:
        for row in map(json.loads, path.open(encoding="utf-8")):
            spans = [span for span in row["spans"] if span["kind"] in ("NAME", "GEOGRAPHIC", "PLACE")]
            spans = [span for span in spans if not re.search(r"\d", row["text"][span["start"] : span["end"]])]
            yield Sentence(row["text"], [(span["start"], span["end"]) for span in spans])
            if not spans or any(span["kind"] != "NAME" for span in spans):
                continue
            context, end = "", 0
            for span in spans:
                quoted = row["text"][span["start"] : span["end"]]
                parts = len(quoted.split())
                slot = (
                    "{N}"
                    if parts > 1
                    else "{I}"
                    if len(quoted) < 3 or "." in quoted
                    else rng.choice(("{F}", "{F}", "{L}"))
                )
                context, end = context + row["text"][end : span["start"]] + slot, span["end"]
            context += row["text"][end:]
            for _ in range(DRAWS_OF_A_LABELLED):
                sentence = _filled(context, rng)
                yield _lowered(sentence) if row["text"].islower() else sentence


def _from_plain(lines: list[str], rng: Random) -> Iterator[Sentence]:
    """Yield lines without names, some with capitals on every word, and lines in which a name replaces a pronoun."""
    for line in lines:
        yield Sentence(line, [])
        if rng.random() < 0.08:
            yield Sentence(" ".join(word[:1].upper() + word[1:] for word in line.split(" ")), [])
        if rng.random() < 0.03:
            yield Sentence(line.upper(), [])
        for pattern, make in _REPLACED:
            found = pattern.search(line)
            if found and rng.random() < 0.5:
                before, name, after = make(found[0], rng)
                start = found.start() + len(before)
                yield Sentence(
                    line[: found.start()] + before + name + after + line[found.end() :], [(start, start + len(name))]
                )


_REPLACED: tuple[tuple[re.Pattern[str], Callable[[str, Random], tuple[str, str, str]]], ...] = (
    (PRONOUN, lambda _, rng: ("", _name(rng.choice("FFFLN"), rng), "")),
    (PERSON_AFTER, lambda found, rng: (found.split(" ")[0] + " ", _name(rng.choice("FFLN"), rng), "")),
    (RELATIVE, lambda found, rng: (found + rng.choice((" ", ", ")), _name("F", rng), "")),
)


def _from_terms(rng: Random) -> Iterator[Sentence]:
    """Yield short sentences with clinical terms, drugs and eponyms, which have capitals like names but name nobody."""
    terms = [term.strip() for line in _term_lines() for part in line.split("|") for term in part.split(",")]
    terms = [term for term in terms if term and len(term) < 40]
    tablets = sorted(drugs())
    for term in terms + tablets * 6:
        other = rng.choice(terms)
        text = rng.choice(TERM_FRAMES).format(*(_capital(one) if rng.random() < 0.6 else one for one in (term, other)))
        yield Sentence(_capital(text) if rng.random() < 0.5 else text, [])
    for eponym in sorted(eponyms()) * 5:
        yield Sentence(rng.choice(EPONYM_FRAMES).format(_title(eponym), _title(rng.choice(sorted(eponyms())))), [])


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]


def _lowered(sentence: Sentence) -> Sentence:
    """Return a sentence in lower case without most marks, as speech recognition writes it."""
    speaker = re.match(r"(?:Doctor|Patient): ", sentence.text)
    kept = speaker.end() if speaker else 0
    text, spans, moved = "", [], []
    for place, character in enumerate(sentence.text):
        moved.append(len(text))
        if place >= kept and character not in ".,?!":
            text += character.lower()
    moved.append(len(text))
    for start, end in sentence.spans:
        spans.append((moved[start], moved[end]))
    return Sentence(text, [(start, end) for start, end in spans if start < end])


def train(sentences: list[Sentence], rng: Random, path: Path) -> None:
    """Fit a logistic regression on hashed features, and write its weights in eight bits."""
    from safetensors.numpy import save
    from scipy.sparse import csr_array
    from sklearn.linear_model import LogisticRegression

    rows, columns, labels = [0], [], []
    for sentence in sentences:
        found = words(sentence.text)
        named = [_is_named(word, sentence.spans) for word in found]
        hidden = frozenset(
            number for number, name in enumerate(named) if rng.random() < (UNLISTED if name else UNKNOWN)
        )
        for active in features(sentence.text, found, described(found, hidden), hidden):
            columns += sorted({bucket(feature) for feature in active})
            rows.append(len(columns))
        labels += named
    matrix = csr_array((np.ones(len(columns)), np.array(columns), np.array(rows)), shape=(len(labels), BUCKETS))
    print(f"{len(labels):,} words, {sum(labels):,} of them in names")
    model = LogisticRegression(C=STRENGTH, max_iter=MOST_STEPS, tol=LEAST_GRADIENT).fit(matrix, np.array(labels))
    print(f"fitted in {model.n_iter_[0]} steps")
    weights = model.coef_[0]
    scale = float(np.abs(weights).max()) / 127
    tensors = {
        "weights": np.round(weights / scale).astype(np.int8),
        "scale": np.array([scale], dtype=np.float32),
        "bias": np.array([model.intercept_[0]], dtype=np.float32),
    }
    path.write_bytes(save(tensors))
    print(f"agrees with {model.score(matrix, np.array(labels)):.4f} of the words; wrote {path.name}")


def _is_named(word: Word, spans: list[tuple[int, int]]) -> bool:
    return any(start < word.end and word.start < end for start, end in spans)


if __name__ == "__main__":
    run_script(main)
