"""The questions about each pair of notes, and the columns of the answers. The reader does not know the models."""

from typing import NamedTuple


class Question(NamedTuple):
    """A question with its possible answers. `name` is its column in the CSV."""

    name: str
    text: str
    answers: dict[str, str]  # the label on the page for each value in the CSV


QUESTIONS = (
    Question(
        "sign",
        "Which note would you rather sign, after the corrections that it needs?",
        {"first": "Note 1", "second": "Note 2", "equal": "no difference"},
    ),
    Question(
        "invents",
        "Which note states something that the dialogue does not?",
        {"first": "Note 1", "second": "Note 2", "both": "both", "neither": "neither"},
    ),
    Question(
        "omits",
        "Which note leaves out more that matters?",
        {"first": "Note 1", "second": "Note 2", "equal": "no difference"},
    ),
)
COLUMNS = ("pack", "reader", "pair", *(question.name for question in QUESTIONS), "comment")
