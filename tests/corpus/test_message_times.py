"""Messages of a chat are read in the order of their times, and only if they belong to one day."""

import json
from typing import Any

import pytest

from medsum.core.errors import UserError
from medsum.corpus.visits import dialogue_of

SAID = ["How is the rash?", "It is smaller.", "Does it itch?", "No, not now."]
FIRST = 1_790_000_000


def chat(times: list[Any], key: str = "timestamp_ms") -> str:
    people = ["Dr Ines Low", "Joan Marsh"] * 2
    messages = [
        {"sender_name": who, key: time, "content": said} for who, said, time in zip(people, SAID, times, strict=True)
    ]
    return json.dumps({"participants": [{"name": "Joan Marsh"}], "messages": messages})


def said(text: str) -> list[str]:
    return [turn.said for turn in dialogue_of(text).turns]


def test_messages_with_the_newest_first_are_reversed() -> None:
    assert said(chat([(FIRST - 60 * place) * 1000 for place in range(4)])) == SAID[::-1]
    assert said(chat([f"2026-11-02T09:1{9 - place}:00Z" for place in range(4)], "sent_at")) == SAID[::-1]


def test_messages_in_order_or_without_order_stay() -> None:
    assert said(chat([(FIRST + 60 * place) * 1000 for place in range(4)])) == SAID
    assert said(chat([FIRST, FIRST + 9, FIRST + 3, FIRST + 4], "ts")) == SAID
    assert said(chat(["then", "later", "now", "soon"], "time")) == SAID


def test_messages_of_several_days_are_refused() -> None:
    with pytest.raises(UserError, match="messages 2 and 3 are more than a day apart"):
        dialogue_of(chat([FIRST, FIRST + 60, FIRST + 200_000, FIRST + 200_060], "ts"))


def test_the_best_key_names_the_speaker_and_no_other_key_stands_in_for_it() -> None:
    people = [{"user": f"U{place % 2}", "text": text} for place, text in enumerate(SAID)]
    profiles = [one | {"user_profile": {"real_name": f"Person {one['user']}"}} for one in people]
    assert dialogue_of(json.dumps(profiles)).speakers == ["Person U0", "Person U1"]
    joined = {"user": "U0", "text": "<@U0> has joined the channel"}
    assert said(json.dumps([joined, *profiles])) == SAID
    with pytest.raises(UserError, match="segment 1 of the transcript has no speaker"):
        dialogue_of(json.dumps([people[0], *profiles[1:]]))
