"""Trivial floors: summaries that need no model, so that every table shows what nothing scores."""

from medsum.data.turns import spoken_text

FIRST_TURNS = 3


def copied_dialogue(dialogue: str) -> str:
    """All that is said, without speaker tags."""
    return spoken_text(dialogue)


def first_turns(dialogue: str) -> str:
    """What the first three turns say."""
    return spoken_text("\n".join(dialogue.split("\n")[:FIRST_TURNS]))


def longest_turn(dialogue: str) -> str:
    """What the turn of most characters says, the first of equals."""
    return max((spoken_text(turn) for turn in dialogue.split("\n")), key=len)
