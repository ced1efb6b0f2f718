import random
from collections.abc import Sequence

import pytest

from benchmarks.judge.counterfactual import Pair, is_followed, is_unchanged_elsewhere, pairs, rates
from benchmarks.judge.edits import EDITS, edited
from medsum.dialogue.record import Record
from medsum.dialogue.turns import spoken_text

DIALOGUE = """Doctor: Good morning, Mr. Walker. How old are you?
Patient: I'm fifty seven, sir.
Doctor: Any fever?
Patient: No.
Doctor: Do you take anything?
Patient: Lisinopril, twenty milligrams. And my left knee hurts."""
RECORD = Record("1", DIALOGUE, "", "GENHX", "made")


def copied(dialogues: Sequence[str], _: Sequence[str | None]) -> list[str]:
    """A summary that leaves nothing out and follows every edit."""
    notes = []
    for dialogue in dialogues:
        fever = "Denies fever." if "Patient: No." in dialogue else "Reports fever."
        notes.append(f"{spoken_text(dialogue)} {fever}".replace("Any fever?", ""))
    return notes


def fixed(dialogues: Sequence[str], _: Sequence[str | None]) -> list[str]:
    """The same summary whatever was said."""
    return ["Mr. Walker is a 57-year-old man. No fever. Lisinopril 20 mg. Left knee pain."] * len(dialogues)


@pytest.mark.parametrize("kind", sorted(EDITS))
def test_an_edit_changes_one_thing_and_is_the_same_for_the_same_seed(kind: str) -> None:
    edit = edited(kind, DIALOGUE, random.Random(1))
    assert edit is not None
    assert edit == edited(kind, DIALOGUE, random.Random(1))
    changed = [(a, b) for a, b in zip(edit.before.split("\n"), edit.after.split("\n"), strict=True) if a != b]
    assert 1 <= len(changed) <= 2
    assert len(edit.after.split()) - len(edit.before.split()) in (-1, 0, 1)


def test_a_model_that_copies_follows_every_edit_and_changes_nothing_else() -> None:
    made = pairs([RECORD], copied)
    assert {pair.kind for pair in made} == set(EDITS)
    for pair in made:
        assert is_followed(pair), pair.kind
        assert is_unchanged_elsewhere(pair), pair.kind
    assert rates(made, "name")["same_words"] == 1.0


def test_a_model_that_does_not_listen_follows_no_edit() -> None:
    made = pairs([RECORD], fixed)
    for kind in EDITS:
        row = rates(made, kind)
        assert (row["edited"], row["told"], row["followed"], row["unchanged_elsewhere"]) == (1, 1, 0.0, 1.0), kind


def test_a_summary_that_changes_beyond_the_word_is_seen() -> None:
    edit = edited("sex", DIALOGUE, random.Random(1))
    assert edit is not None
    pair = Pair("sex", edit, "A man with knee pain.", "A woman with knee pain and anxiety.")
    assert is_followed(pair)
    assert not is_unchanged_elsewhere(pair)


def test_a_dialogue_without_the_thing_is_not_edited() -> None:
    assert edited("dose", "Doctor: Hello.\nPatient: I feel fine.", random.Random(1)) is None
    assert edited("sex", "Patient: My mother says she worries, sir.", random.Random(1)) is None
