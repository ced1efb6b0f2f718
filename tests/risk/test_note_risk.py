"""The risk of a note: its features, its curve, and the limit for a share held back."""

import math
import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from medsum.faithfulness.evidence import evidence
from medsum.risk.features import features, of_evidence, said_in
from medsum.risk.note_risk import limit, limit_of, risk, risk_of, score, weights

DIALOGUE = "Doctor: What do you take?\nPatient: Lisinopril, ten milligrams. No cough."
RIGHT, WRONG = "Takes lisinopril 10 mg. Denies cough.", "Takes lisinopril 40 mg. Has a cough."


def values_of(note: str) -> dict[str, float]:
    return of_evidence(evidence(DIALOGUE, note), DIALOGUE, note)


def test_features_count_flags_sentences_numbers_and_words() -> None:
    found = features(["major", "minor", "major"], ["contradicted", "not found", "supported", "supported"],
                     said_in(DIALOGUE), "Take 10 mg of 5 or 7.")  # fmt: skip
    assert (found.pop("contradicted"), found.pop("not_found")) == (0.25, 0.25)
    assert {name: round(math.exp(value) - 1) for name, value in found.items()} == {
        "major_flags": 2, "minor_flags": 1, "numbers_not_said": 2, "note_words": 7, "dialogue_words": 9
    }  # fmt: skip


def test_a_note_without_sentences_has_features_too() -> None:
    assert features([], [], said_in(DIALOGUE), "")["not_found"] == 0


def test_the_frozen_weights_are_those_of_the_features() -> None:
    assert list(weights()["weights"]) == list(values_of(RIGHT))


def test_a_wrong_dose_and_an_affirmed_denial_raise_the_risk() -> None:
    right, wrong = (score(values_of(note)) for note in (RIGHT, WRONG))
    assert wrong > right
    assert 0 <= risk(right) <= risk(wrong) <= 1


def test_the_frozen_curve_never_falls_and_its_scores_rise() -> None:
    curve = weights()["curve"]
    assert curve["risks"] == sorted(curve["risks"])
    assert curve["scores"] == sorted(set(curve["scores"]))
    assert weights()["calibration_scores"] == sorted(weights()["calibration_scores"])


@pytest.mark.parametrize(("value", "expected"), [(-9, 0.1), (0, 0.1), (1, 0.2), (1.5, 0.5), (2, 0.8), (9, 0.8)])
def test_the_risk_lies_between_two_points_of_the_curve(value: float, expected: float) -> None:
    assert risk_of(value, {"scores": [0, 1, 2], "risks": [0.1, 0.2, 0.8]}) == pytest.approx(expected)


@pytest.mark.parametrize(("share", "expected"), [(0.5, 5), (0.2, 8), (0.1, 9), (0.09, math.inf), (1.0, -math.inf)])
def test_the_limit_is_the_conformal_quantile(share: float, expected: float) -> None:
    """Of 9 scores 1 to 9 and a new one, each of the 10 places is equally likely for the new one."""
    assert limit_of(list(range(1, 10)), share) == expected


@given(st.lists(st.floats(-5, 5), min_size=20, max_size=60), st.sampled_from([0.1, 0.2, 0.5]))
def test_at_most_the_share_of_exchangeable_notes_is_held_back(scores: list[float], share: float) -> None:
    """Each note in turn is the new one; the others calibrate."""
    held = sum(value > limit_of(scores[:n] + scores[n + 1 :], share) for n, value in enumerate(scores))
    assert held <= share * len(scores) + 1e-9


def test_a_higher_share_never_has_a_higher_limit() -> None:
    limits = [limit(share) for share in sorted(random.Random(1).uniform(0.01, 1) for _ in range(50))]
    assert limits == sorted(limits, reverse=True)
    assert math.isfinite(limit(0.01))
