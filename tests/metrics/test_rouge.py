"""ROUGE against cases worked by hand: F1 = 2PR/(P+R), P and R over the prediction's and the reference's words."""

import pytest

from medsum.metrics.rouge import ROUGE_METRICS, mean_rouge_l, scores


def score(prediction: str, reference: str, stemmer: bool = False) -> dict[str, float]:
    return {name: values[0] for name, values in scores([prediction], [reference], stemmer).items()}


def test_equal_texts_score_one_and_disjoint_texts_zero() -> None:
    assert score("No known allergies.", "No known allergies.") == dict.fromkeys(ROUGE_METRICS, 1.0)
    assert score("Cough, fever.", "Denies pain today.") == dict.fromkeys(ROUGE_METRICS, 0.0)


def test_shared_words_pairs_and_order_are_counted() -> None:
    # prediction: the patient has chest pain (5 words, 4 pairs); reference: patient reports chest pain (4, 3).
    # Words in common: patient, chest, pain = 3: P 3/5, R 3/4, F 2*.45/1.35 = 2/3.
    # Pairs in common: chest pain = 1: P 1/4, R 1/3, F 2*(1/12)/(7/12) = 2/7.
    # Longest common subsequence: patient chest pain = 3, as the words.
    found = score("The patient has chest pain.", "Patient reports chest pain.")
    assert found == pytest.approx({"rouge1": 2 / 3, "rouge2": 2 / 7, "rougeL": 2 / 3, "rougeLsum": 2 / 3})


def test_a_repeated_word_counts_no_more_often_than_in_the_reference() -> None:
    # pain x4 against severe pain: 1 in common, P 1/4, R 1/2, F 1/3; no pair in common.
    assert score("pain pain pain pain", "severe pain") == pytest.approx(
        {"rouge1": 1 / 3, "rouge2": 0, "rougeL": 1 / 3, "rougeLsum": 1 / 3}
    )


def test_order_matters_to_the_subsequence_only() -> None:
    # Same four words, halves swapped: rouge1 1; of 3 pairs each 2 in common, 2/3; subsequence 2 of 4, 1/2.
    found = score("fever chills cough rash", "cough rash fever chills")
    assert found == pytest.approx({"rouge1": 1, "rouge2": 2 / 3, "rougeL": 1 / 2, "rougeLsum": 1 / 2})


def test_rouge_lsum_takes_each_line_as_a_sentence() -> None:
    # The same halves as lines: each line is found whole, 4 of 4 words; as one text the subsequence is 2 of 4.
    found = score("fever chills\ncough rash", "cough rash\nfever chills")
    assert found["rougeLsum"] == pytest.approx(1)
    assert found["rougeL"] == pytest.approx(1 / 2)


def test_the_stemmer_is_off_unless_asked_for() -> None:
    # patients/patient and coughing/cough differ as words and agree as stems; denied is in both: 1 of 3, then 3 of 3.
    prediction, reference = "patients denied coughing", "patient denied cough"
    assert score(prediction, reference)["rouge1"] == pytest.approx(1 / 3)
    assert score(prediction, reference, stemmer=True)["rouge1"] == pytest.approx(1)


def test_case_and_punctuation_do_not_count() -> None:
    assert score("ASPIRIN, 81 mg!", "aspirin 81 mg")["rouge2"] == pytest.approx(1)


def test_an_empty_prediction_scores_zero() -> None:
    assert score("", "No fever.") == dict.fromkeys(ROUGE_METRICS, 0.0)


def test_records_are_scored_one_by_one_and_averaged() -> None:
    predictions, references = ["No fever.", "Rash.", "Cough today."], ["No fever.", "Asthma.", "Dry cough."]
    # 1; 0; one word of two each way: 1/2. Their mean is 1/2.
    assert scores(predictions, references, stemmer=False)["rougeL"] == pytest.approx([1, 0, 1 / 2])
    assert mean_rouge_l(predictions, references) == pytest.approx(1 / 2)


def test_as_many_references_as_predictions_are_asked_for() -> None:
    with pytest.raises(ValueError, match="shorter"):
        scores(["a", "b"], ["a"], stemmer=False)
