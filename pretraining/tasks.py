"""Tasks in the form of instructions, in the spirit of FLAN. Each task draws one (prompt, answer) pair.

Wei et al., Finetuned Language Models Are Zero-Shot Learners (2022). The answer to nearly every task is in its prompt,
because a summariser of dialogues must learn to take answers from its prompt.
"""

from random import Random
from typing import NamedTuple

from pretraining import exchanges, synthetic, words
from pretraining.spoken import spell, spell_in_pairs
from pretraining.text import Example


class Pair(NamedTuple):
    """The text for the encoder, and the text that the decoder must write."""

    prompt: str
    answer: str


def summarize(example: Example, section: str) -> Pair:
    """Return the prompt of the pipeline."""
    return Pair(f"Summarize as {section}:\n{example.dialogue}", example.note)


def some_words(paragraphs: list[str], rng: Random, most: int) -> str:
    """Return up to `most` consecutive words of the general text."""
    paragraph = rng.choice(paragraphs).split()
    count = rng.randint(max(1, most // 3), most)
    start = rng.randint(0, max(0, len(paragraph) - count))
    return " ".join(paragraph[start : start + count])


def strange_words(rng: Random, most: int) -> str:
    """Return up to `most` invented names, numbers and drugs in random order. A model can only copy them."""
    kinds = (words.invented_name, words.drug, any_number, any_spelled_number)
    count = rng.randint(max(1, most // 3), most)
    return " ".join(rng.choice(kinds)(rng) for _ in range(count))


def any_number(rng: Random) -> str:
    """Return a number in digits."""
    return str(rng.randint(0, 9999))


def any_spelled_number(rng: Random) -> str:
    """Return a number in words."""
    return spell(rng.randint(0, 999))


def repeat(paragraphs: list[str], rng: Random, most: int) -> Pair:
    """Copy the text."""
    kind = rng.random()
    if kind < 0.6:
        text = some_words(paragraphs, rng, most)
    elif kind < 0.85:
        text = strange_words(rng, max(1, most // 2))
    else:
        text = " ".join(exchanges.draw(rng).dialogue.replace("\n", " ").split(" ")[:most])
    return Pair(f"Repeat:\n{text}", text)


def pick_turn(example: Example, rng: Random) -> Pair:
    """Find one turn of a dialogue, by its number or by the turn before or after it."""
    turns = example.dialogue.split("\n")
    at = rng.randrange(len(turns))
    kind = rng.choice(("number", "after", "before", "last"))
    if kind == "after" and at > 0:
        return Pair(f"What comes after: {turns[at - 1]}\n{example.dialogue}", turns[at])
    if kind == "before" and at + 1 < len(turns):
        return Pair(f"What comes before: {turns[at + 1]}\n{example.dialogue}", turns[at])
    if kind == "last":
        return Pair(f"Repeat the last turn:\n{example.dialogue}", turns[-1])
    return Pair(f"Repeat turn {at + 1}:\n{example.dialogue}", turns[at])


def one_speaker(example: Example, rng: Random) -> Pair:
    """Return everything that one speaker says."""
    who = rng.choice(("Doctor", "Patient"))
    said = [turn.partition(": ")[2] for turn in example.dialogue.split("\n") if turn.startswith(who)]
    return Pair(f"What did the {who} say?\n{example.dialogue}", " ".join(said) or "Nothing.")


def in_digits(rng: Random) -> Pair:
    """Write the spoken numbers in a text as digits."""
    parts, written = [], []
    for _ in range(rng.randint(1, 4)):
        if rng.random() < 0.4:
            name = words.drug(rng)
            parts.append(name)
            written.append(name)
        value = rng.choice((rng.randint(0, 99), rng.randint(0, 999), rng.randint(1900, 2030)))
        parts.append(rng.choice((spell, spell_in_pairs))(value))
        written.append(str(value))
    return Pair(f"Write the numbers in digits:\n{', '.join(parts)}", ", ".join(written))


def is_mentioned(example: Example, rng: Random) -> Pair:
    """Return whether the dialogue has a word."""
    said = [word.strip(".,?!").lower() for word in example.dialogue.split() if len(word) > 4]
    word = rng.choice(said) if said and rng.random() < 0.5 else words.drug(rng)
    answer = "Yes." if word.lower() in example.dialogue.lower() else "No."
    return Pair(f"Is {word} mentioned?\n{example.dialogue}", answer)


def extract(dialogues: list[Example], rng: Random) -> Pair:
    """Return one of the questions about a made-up or real dialogue."""
    if rng.random() < 0.25:
        return in_digits(rng)
    made_up = rng.choice((exchanges.draw, synthetic.draw))
    example = rng.choice(dialogues) if rng.random() < 0.5 else made_up(rng)
    ask = rng.choices((pick_turn, one_speaker, is_mentioned), (5, 3, 2))[0]
    return ask(example, rng)
