"""Make the floors: trivial summaries, which need no model. A useful model must score better than the floors."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence

from medsum.dialogue.record import Record
from medsum.dialogue.turns import spoken_text

FIRST_TURNS = 3


def copied_dialogue(dialogue: str) -> str:
    """Return the text of all turns without speaker tags."""
    return spoken_text(dialogue)


def first_turns(dialogue: str) -> str:
    """Return the text of the first three turns without speaker tags."""
    return spoken_text("\n".join(dialogue.split("\n")[:FIRST_TURNS]))


def longest_turn(dialogue: str) -> str:
    """Return the text of the longest turn without its speaker tag. Of equally long turns, take the first."""
    return max((spoken_text(turn) for turn in dialogue.split("\n")), key=len)


FROM_DIALOGUE: dict[str, Callable[[str], str]] = {
    "copy_dialogue": copied_dialogue,
    "first_turns": first_turns,
    "longest_turn": longest_turn,
}


def from_dialogues(records: Sequence[Record]) -> dict[str, Iterator[str]]:
    """Return the floors that need no training notes: the name of each floor → one summary for each record."""
    return {name: map(floor, (record.dialogue for record in records)) for name, floor in FROM_DIALOGUE.items()}


def nearest_notes(train: Sequence[Record], records: Iterable[Record]) -> Iterator[str]:
    """Yield, for each record, the training note whose dialogue is the most similar by TF-IDF.

    Only training records of the same section are compared. If no training record has this section, all are compared.
    """
    from sklearn.feature_extraction.text import TfidfVectorizer  # a slow import that only this floor needs

    vectorizer = TfidfVectorizer(sublinear_tf=True, token_pattern=r"\w+")  # noqa: S106 - a token is a word here
    vectors = vectorizer.fit_transform([spoken_text(record.dialogue) for record in train])
    places: dict[str | None, list[int]] = defaultdict(list)
    for place, record in enumerate(train):
        places[record.section].append(place)
    searched = {section: (found, vectors[found]) for section, found in places.items()}
    everywhere = (list(range(len(train))), vectors)
    for record in records:
        found, candidates = searched.get(record.section, everywhere)
        query = vectorizer.transform([spoken_text(record.dialogue)])
        yield train[found[(candidates @ query.T).toarray().argmax()]].summary
