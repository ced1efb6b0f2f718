"""Claims on near-duplicate groups."""

import random

from medsum.corpus.near_duplicates import assign_groups, members_by_group
from medsum.dialogue.record import Record

SIMILARITY, NOTE_WORDS = 0.8, 9
WORDS = [a + b for a in ("ka", "mo", "ti", "re", "su", "ba", "lo") for b in ("n", "s", "rt", "l", "m", "nd", "ck")]


def spoken(seed: int, words: int = 80) -> list[str]:
    return random.Random(seed).choices(WORDS, k=words)


def dialogue(words: list[str]) -> str:
    half = len(words) // 2
    return f"Doctor: {' '.join(words[:half])}\nPatient: {' '.join(words[half:])}"


def record(name: str, words: list[str], note: str = "") -> Record:
    return Record(name, dialogue(words), note or f"Note of {name}.", "GENHX", "mine")


def partition(records: list[Record]) -> set[frozenset[str]]:
    assign_groups(records, SIMILARITY, NOTE_WORDS)
    return {frozenset(member.id for member in members) for members in members_by_group(records).values()}


def changed(words: list[str], *positions: int) -> list[str]:
    return [f"changed{index}" if index in positions else word for index, word in enumerate(words)]


def test_a_copy_with_a_few_words_changed_shares_the_group() -> None:
    original = spoken(1)
    copy = record("copy", changed(original, 20, 60))
    copy.dialogue = copy.dialogue.replace("Doctor:", "Guest_clinician:").upper().replace("PATIENT:", "Patient:")
    assert partition([record("original", original), record("other", spoken(2)), copy]) == {
        frozenset({"original", "copy"}),
        frozenset({"other"}),
    }


def test_a_group_is_named_after_its_first_record() -> None:
    records = [record("first", spoken(1)), record("alone", spoken(2)), record("second", spoken(1))]
    assign_groups(records, SIMILARITY, NOTE_WORDS)
    assert [r.group for r in records] == ["first", "alone", "first"]


def test_a_dialogue_of_which_half_is_new_stands_alone() -> None:
    original = spoken(1)
    assert len(partition([record("a", original), record("b", original[:40] + spoken(2, 40))])) == 2


def test_equal_short_notes_form_no_group() -> None:
    assert len(partition([record("a", spoken(1), "None."), record("b", spoken(2), "None.")])) == 2
    eight = "Never smoked and drinks one glass of wine."
    assert len(partition([record("a", spoken(1), eight), record("b", spoken(2), eight)])) == 2


def test_equal_long_notes_share_a_group_whatever_their_signs_and_capitals() -> None:
    note = "Never smoked, and drinks one glass of wine daily."
    records = [
        record("a", spoken(1), note),
        record("b", spoken(2), note.upper().replace(",", "")),
        record("c", spoken(3)),
    ]
    assert partition(records) == {frozenset("ab"), frozenset("c")}


def test_a_chain_of_near_duplicates_is_one_group() -> None:
    words, chain = spoken(1), []
    for step in range(6):
        words = changed(words, 5 + 12 * step)
        chain.append(record(f"step{step}", words))
    assert len(partition([chain[0], chain[-1]])) == 2
    assert len(partition(chain)) == 1
    assert len(partition([chain[n] for n in (0, 3, 5, 1, 2, 4)])) == 1  # later ones join groups that stood apart


def test_a_note_and_a_dialogue_chain_to_one_group() -> None:
    note = "Never smoked and drinks one glass of wine daily."
    records = [record("a", spoken(1), note), record("b", spoken(2), note), record("c", spoken(2))]
    assert partition(records) == {frozenset("abc")}


def test_two_thousand_random_dialogues_form_no_group() -> None:
    assert len(partition([record(str(seed), spoken(seed)) for seed in range(2000)])) == 2000


def test_the_order_of_the_records_does_not_matter() -> None:
    note = "Never smoked and drinks one glass of wine daily."
    records = [record(f"copy{n}", changed(spoken(n // 3), n)) for n in range(30)]
    records += [record("x", spoken(77), note), record("y", spoken(78), note)]
    found = partition(records)
    assert len(found) == 11
    random.Random(0).shuffle(records)
    assert partition(records) == found
    assert partition(records[::-1]) == found


def test_dialogues_of_a_word_or_two_are_compared_too() -> None:
    records = [
        record(name, words) for name, words in [("a", ["yes", "no"]), ("b", ["yes", "no"]), ("c", ["no", "yes"])]
    ]
    assert partition(records) == {frozenset("ab"), frozenset("c")}
