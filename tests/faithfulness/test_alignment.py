import numpy as np

from medsum.faithfulness.alignment import best_match, lexical_similarity, matched_one_to_one
from medsum.faithfulness.passage import passage, spoken_turns


def test_a_word_said_once_covers_one_word_only() -> None:
    summary, reference = passage("fever"), passage("fever, then fever again")
    similarity = lexical_similarity(summary, reference)
    _, of_reference = matched_one_to_one(similarity, summary, reference)
    assert of_reference.sum() == 1
    assert best_match(similarity).sum() == 2


def test_forms_of_a_word_are_one_word_without_an_encoder() -> None:
    assert lexical_similarity(passage("drinking"), passage("drinks")).tolist() == [[1.0]]


def test_function_words_are_paired_with_nothing() -> None:
    first, second = passage("she has the fever"), passage("she has the cough")
    of_first, of_second = matched_one_to_one(lexical_similarity(first, second), first, second)
    assert of_first.sum() == of_second.sum() == 0


def test_an_empty_text_matches_nothing() -> None:
    empty, full = passage(""), passage("fever")
    of_first, of_second = matched_one_to_one(np.zeros((0, 1)), empty, full)
    assert (of_first.tolist(), of_second.tolist()) == ([], [0.0])
    assert best_match(np.zeros((0, 1))).tolist() == [0.0]


def test_a_clause_is_about_one_thing() -> None:
    text = passage("No fever, chills or cough. He smokes.")
    assert [[text.words[i].text for i in clause] for clause in text.clauses] == [
        ["fever"], ["chills"], ["cough"], ["smokes"],
    ]  # fmt: skip


def test_spoken_numbers_compare_equal_to_digits() -> None:
    assert passage("twenty six pills").text == "26 pills"


def test_turns_lose_their_speakers_and_keep_their_number() -> None:
    assert spoken_turns("Doctor: Any pain?\nPatient: No.\nuntagged") == ["Any pain?", "No.", "untagged"]
