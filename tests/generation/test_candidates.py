"""The choice among the beams of one dialogue."""

import math
from collections.abc import Sequence

import pytest

from medsum.generation.candidates import best_of

BEAMS = [("a", -0.2), ("b", -0.3), ("c", -0.4)]


class Worth:
    """Judges by a table, and keeps what it was asked."""

    def __init__(self, values: dict[str, float]) -> None:
        self.values = values
        self.asked: list[tuple[str, Sequence[str]]] = []

    def __call__(self, dialogue: str, summaries: Sequence[str]) -> list[float]:
        self.asked.append((dialogue, summaries))
        return [self.values[summary] for summary in summaries]


def worth(**values: float) -> Worth:
    return Worth(values)


@pytest.mark.parametrize("same", [-3.0, 0.0, 0.7])
def test_where_all_are_worth_the_same_the_searchs_best_stands(same: float) -> None:
    assert best_of(BEAMS, "", worth(a=same, b=same, c=same)) == "a"


def test_worth_outweighs_a_score_by_its_exponential() -> None:
    enough = math.log(1.5)  # from -0.2 to -0.3
    assert best_of(BEAMS, "", worth(a=0.0, b=enough - 0.01, c=0.0)) == "a"
    assert best_of(BEAMS, "", worth(a=0.0, b=enough + 0.01, c=0.0)) == "b"


def test_the_scale_of_the_scores_does_not_matter() -> None:
    judge = worth(a=0.0, b=0.3, c=0.8)
    chosen = {best_of([(text, scale * score) for text, score in BEAMS], "", judge) for scale in (1e-4, 1, 100)}
    assert chosen == {"c"}


def test_of_equals_the_first_is_chosen() -> None:
    assert best_of([("a", -0.5), ("b", -0.5)], "", worth(a=1.0, b=1.0)) == "a"


def test_a_text_that_two_beams_give_is_judged_once_by_the_better_score() -> None:
    judge = worth(a=0.0, b=0.0)
    assert best_of([("a", -0.2), ("b", -0.3), ("a", -0.9)], "said", judge) == "a"
    assert judge.asked == [("said", ["a", "b"])]


def test_a_single_text_is_not_judged_at_all() -> None:
    judge = worth()
    assert best_of([("a", -0.2), ("a", -0.3)], "", judge) == "a"
    assert judge.asked == []
