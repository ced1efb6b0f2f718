"""Vary real text so that a model cannot memorise it: change words that must be copied, or retell it as a conversation.

Twelve hundred dialogues are too few. A small model memorises them and does not learn to read. So words that are in both
dialogue and note are replaced by the same other words in both. And sentences of any text are told turn by turn.
"""

import re
from random import Random

from pretraining.spoken import spell, spell_in_pairs
from pretraining.text import UNKNOWN_SECTION, Example
from pretraining.visit import capital
from pretraining.words import items

MOST_SWAPPED_SHARE = 0.8  # of the words that are in both dialogue and note; each dialogue draws a share up to this
SHORTEST_SWAPPED = 4  # letters
MOST_SENTENCES, MOST_WORDS = 4, 24  # sentences of a conversation, words of a sentence
WORD = re.compile(r"[A-Za-z]+")
NUMBER = re.compile(r"(?<![\d.,/-])\d{1,4}(?![\d.,/-]*\d)")
SENTENCE_END = re.compile(r"(?<=[.?!])\s+(?=[A-Z0-9])")
# fmt: off
KEPT = frozenset(items(
    "doctor, patient, guest, family, clinician, that, this, with, have, from, they, were, your, what, when, there, "
    "about, history, been, does, will, would, could, should, than, then, them, their, which, also, year, years, days, "
    "weeks, months, denies, reports, female, male, very, some, just, like, know, okay, yeah, over, more, most, other, "
    "none"
))
# fmt: on
# From the note's words to the patient's own.
WHO = r"(?:The patient|the patient|Patient|He|She|he|she)"
FIRST_PERSON = [
    (re.compile(pattern), said)
    for pattern, said in (
        (rf"\b{WHO} (?:has|had)\b", "I have"),
        (rf"\b{WHO} (?:is|was)\b", "I am"),
        (rf"\b{WHO} denies\b", "I don't have"),
        (rf"\b{WHO} (?:reports|states|complains of|notes)\b", "I have"),
        (rf"\b{WHO}\b", "I"),
        (r"\b(?:His|Her|his|her)\b", "my"),
        (r"\b(?:him|himself|herself)\b", "me"),
    )
]
OPENERS = items("Well, Um, So, Yeah, Yes, Uh, Oh, Right, You know, Honestly, Let me think")
ACKNOWLEDGED = ("Okay.", "I see.", "All right.", "Mm-hmm.", "Got it.", "Anything else?", "Go on.", "And then?", "Sure.")


def swap_words(example: Example, paragraphs: list[str], rng: Random) -> Example:
    """Replace some words by others. The replacement is the same in dialogue and note."""
    spoken = {word.lower() for word in WORD.findall(example.dialogue)}
    shared = sorted({word.lower() for word in WORD.findall(example.note)} & spoken - KEPT)
    share = MOST_SWAPPED_SHARE * rng.random()
    swaps = {
        word: some_word(paragraphs, rng) for word in shared if len(word) >= SHORTEST_SWAPPED and rng.random() < share
    }

    def swapped(match: re.Match[str]) -> str:
        new = swaps.get(match[0].lower())
        return match[0] if new is None else capital(new) if match[0][0].isupper() else new

    return Example(example.section, WORD.sub(swapped, example.dialogue), WORD.sub(swapped, example.note))


def some_word(paragraphs: list[str], rng: Random) -> str:
    """Return a word of the general text, drawn by its frequency. Short words are not drawn."""
    while True:
        word = rng.choice(rng.choice(paragraphs).split()).strip(".,;:()").lower()
        if len(word) >= SHORTEST_SWAPPED and word.isalpha() and word not in KEPT:
            return word


def sentences(text: str) -> list[str]:
    """Return the sentences that are short enough to speak."""
    return [part for part in SENTENCE_END.split(text) if 2 <= len(part.split()) <= MOST_WORDS]


def tell(sentence: str, rng: Random) -> str:
    """Return a sentence in spoken form: numbers in words, in the first person, with hesitations."""
    said = NUMBER.sub(lambda match: rng.choice((spell, spell_in_pairs))(int(match[0])), sentence)
    for pattern, own in FIRST_PERSON:
        said = pattern.sub(own, said)
    if rng.random() < 0.3:
        said = f"{rng.choice(OPENERS)}, {said[:1].lower() if said[:2] != 'I ' else 'I'}{said[1:]}"
    parts = said.split(" ")
    if rng.random() < 0.2 and len(parts) > 3:
        parts.insert(rng.randint(1, len(parts) - 1), rng.choice(("um,", "uh,", "you know,", "like,")))
    return capital(" ".join(parts))


def retell(paragraphs: list[str], dialogues: list[Example], rng: Random) -> Example:
    """Return some sentences of a note or of general text as a conversation. The note has them unchanged.

    The doctor's questions come from other conversations, so the note must not use them.
    """
    source = rng.choice(dialogues)
    section, text = source.section, source.note
    if rng.random() < 0.6:
        section, text = UNKNOWN_SECTION, rng.choice(paragraphs)
    found = sentences(text)
    if not found:
        return retell(paragraphs, dialogues, rng)
    start = rng.randrange(len(found))
    told = found[start : start + rng.randint(1, MOST_SENTENCES)]
    turns = []
    for sentence in told:
        kind = rng.random()
        if kind < 0.1:
            turns.append(f"Doctor: {tell(sentence, rng)}")
            continue
        if kind < 0.6:
            turns.append(f"Doctor: {some_question(dialogues, rng)}")
        elif kind < 0.75 and turns:
            turns.append(f"Doctor: {rng.choice(ACKNOWLEDGED)}")
        turns.append(f"Patient: {tell(sentence, rng)}")
    return Example(section, "\n".join(turns), " ".join(told))


def some_question(dialogues: list[Example], rng: Random) -> str:
    """Return a short question that a doctor asks in another conversation."""
    for _ in range(20):
        turns = rng.choice(dialogues).dialogue.split("\n")
        asked = [turn[8:] for turn in turns if turn.startswith("Doctor: ") and turn.endswith("?") and len(turn) < 80]
        if asked:
            return rng.choice(asked)
    return "What else?"
