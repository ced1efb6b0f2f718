"""JSON with one object for each word, records that have the dialogue under other keys, and notebooks."""

import json
from typing import Any

import pytest

from medsum.core.errors import UserError
from medsum.corpus.visits import dialogue_of

TURNS = [(0, "How is your ear?"), (1, "Blocked. It rings, too."), (0, "Since when?"), (1, "Since the flight.")]
WORDS = [(speaker, word) for speaker, said in TURNS for word in said.split()]
TIMED = [(place / 2, speaker, word) for place, (speaker, word) in enumerate(WORDS)]
DEEPGRAM = [{"word": word.lower().strip("?.,"), "start": start, "speaker": speaker, "punctuated_word": word}
            for start, speaker, word in TIMED]  # fmt: skip
GOOGLE = [{"startTime": f"{start}s", "word": word, "speakerTag": speaker + 1} for start, speaker, word in TIMED]
PLAIN = [{"startTime": f"{start}s", "word": word} for start, _, word in TIMED]
SPEECHMATICS = [
    {"type": kind, "start_time": start, "alternatives": [{"content": part, "speaker": f"S{speaker + 1}"}]}
    for start, speaker, word in TIMED
    for kind, part in (("word", word.strip("?.,")), ("punctuation", word[len(word.strip("?.,")) :]))
    if part
]
REV = [
    {"speaker": speaker, "elements": [{"type": "text", "value": said[:-1]}, {"type": "punct", "value": said[-1]}]}
    for speaker, said in TURNS
]


def channel(words: list[dict[str, Any]]) -> dict[str, Any]:
    return {"alternatives": [{"transcript": " ".join(word for _, word in WORDS), "words": words}]}


FORMS: dict[str, Any] = {
    "Deepgram": {"metadata": {"channels": 1}, "results": {"channels": [channel(DEEPGRAM)]}},
    "Deepgram in parts": {"results": [channel(DEEPGRAM[:6]), channel(DEEPGRAM[6:])]},
    "Google": {"results": [channel([]), channel(GOOGLE)]},
    "Google with plain words": {"results": [channel(PLAIN[:7]), channel(PLAIN[7:]), channel(GOOGLE)]},
    "Speechmatics": {"format": "2.9", "results": SPEECHMATICS},
    "Rev.ai": {"monologues": REV},
}


@pytest.mark.parametrize("name", FORMS)
def test_words_of_one_speaker_are_joined(name: str) -> None:
    found = dialogue_of(json.dumps(FORMS[name]))
    assert [turn.said for turn in found.turns] == [said for _, said in TURNS]
    assert len({turn.tag for turn in found.turns}) == 2


CHAT = "Doctor: Any pain?\nPatient: In my toe.\nDoctor: Since when?"
PAIRS = [tuple(line.split(": ")) for line in CHAT.splitlines()]


def notebook(*cells: tuple[str, str]) -> str:
    found = [{"cell_type": kind, "source": source.splitlines(keepends=True)} for kind, source in cells]
    return json.dumps({"cells": found, "nbformat": 4})


ONE_TEXT = {
    "record": json.dumps([{"instruction": "Write a note.", "input": CHAT, "output": "Toe: painful."}]),
    "object": json.dumps({"id": 3, "data": {"text": CHAT, "lang": "en"}}),
    "the same text twice": json.dumps({"prompt": CHAT, "input": CHAT + "\n"}),
    "messages": json.dumps(
        {"messages": [{"role": "user", "content": CHAT}, {"role": "assistant", "content": "Toe: painful."}]}
    ),
    "list of messages": json.dumps([{"from": "human", "value": CHAT}, {"from": "gpt", "value": "Toe: painful."}]),
    "list in a notebook": notebook(("markdown", "# A: test"), ("code", f"visit = {PAIRS}\nprint(visit)")),
    "text in a notebook": notebook(("code", f"import os\nvisit = '''{CHAT}'''")),
    "cell of a notebook": notebook(("markdown", CHAT), ("code", "%matplotlib inline")),
}


@pytest.mark.parametrize("name", ONE_TEXT)
def test_the_only_text_with_turns_is_the_dialogue(name: str) -> None:
    assert dialogue_of(ONE_TEXT[name]).text == CHAT


OTHER = CHAT.replace("toe", "hip")
REFUSED = {
    "no speakers": (json.dumps({"results": [channel(PLAIN)]}), "do not name two speakers"),
    "one speaker": (json.dumps({"words": DEEPGRAM[:4]}), "do not name two speakers"),
    "unknown tag": (json.dumps({"words": [*GOOGLE, GOOGLE[0] | {"speakerTag": 0}]}), "do not name two speakers"),
    "two channels": (json.dumps({"x": [channel(DEEPGRAM), channel(DEEPGRAM[3:9][::-1])]}), "do not follow each other"),
    "two dialogues": (json.dumps({"input": CHAT, "example": OTHER}), "this JSON has 2 texts with turns"),
    "two records": (json.dumps([{"input": CHAT}, {"input": OTHER}]), "this JSON has 2 texts with turns"),
    "only a note": (json.dumps({"output": "Assessment: gout.\nPlan: tablets."}), "this JSON has no dialogue"),
    "notebook of code": (notebook(("code", "print('Doctor')")), "a Jupyter notebook without a dialogue"),
    "notebook of two": (notebook(("markdown", CHAT), ("code", f"a = {OTHER!r}")), "notebook has 2 texts with turns"),
}


@pytest.mark.parametrize("name", REFUSED)
def test_json_without_one_sure_dialogue_is_refused(name: str) -> None:
    text, message = REFUSED[name]
    with pytest.raises(UserError, match=message):
        dialogue_of(text)


def test_a_named_dialogue_is_read_before_its_words() -> None:
    assert dialogue_of(json.dumps({"dialogue": CHAT, "words": PLAIN})).text == CHAT
