"""Spoken numbers say the digits that a listener would write."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from medsum.facts.normalise import NormalisedText
from medsum.facts.numbers import TEENS, TENS, UNITS, spoken_numbers

ONES = ["", *UNITS, *TEENS]
TENS_WORDS = {value // 10: word for word, value in TENS.items() if word != "fourty"}


def below_hundred(number: int) -> str:
    if number < 20:
        return ONES[number]
    return f"{TENS_WORDS[number // 10]} {ONES[number % 10]}".strip()


def below_thousand(number: int, joint: str) -> str:
    hundreds, rest = divmod(number, 100)
    if not hundreds:
        return below_hundred(rest)
    return f"{ONES[hundreds]} hundred{joint if rest else ''} {below_hundred(rest)}".strip()


def spoken(number: int, joint: str) -> str:
    """A number below 10,000 in words, `joint` (` and` or nothing) after hundreds."""
    if number == 0:
        return "zero"
    thousands, rest = divmod(number, 1000)
    words = below_thousand(rest, joint)
    return f"{ONES[thousands]} thousand {words}".strip() if thousands else words


def spoken_year(year: int) -> str:
    """As years are read: two pairs, `oh` before a single digit, `hundred` or `thousand` where nothing follows."""
    century, rest = divmod(year, 100)
    if century == 20 and rest < 10:
        return f"two thousand {ONES[rest]}".strip()
    if rest == 0:
        return f"{below_hundred(century)} hundred"
    return f"{below_hundred(century)} {'oh ' if rest < 10 else ''}{below_hundred(rest)}"


def read(text: str) -> str:
    return NormalisedText(text).text


@pytest.mark.parametrize("joint", ["", " and"])
def test_every_number_below_ten_thousand_is_read_back(joint: str) -> None:
    wrong = [n for n in range(10_000) if read(f"it was {spoken(n, joint)} units") != f"it was {n} units"]
    assert wrong == []


def test_every_year_is_read_back() -> None:
    wrong = [year for year in range(1800, 2100) if read(f"since {spoken_year(year)}.") != f"since {year}."]
    assert wrong == []


@pytest.mark.parametrize(
    ("said", "written"),
    [
        ("twenty-six", "26"),
        ("one hundred and five", "105"),
        ("ninety eight point six", "98.6"),
        ("one oh five", "105"),
        ("two thousand nineteen", "2019"),
        ("a half tablet", "0.5 tablet"),
        ("half an hour", "0.5 hour"),
        ("one twenty over eighty", "120 over 80"),
        ("July thirty first O eight", "July 31st 08"),
        ("two and a half weeks", "2.5 weeks"),
        ("a week and a half", "a week and 0.5"),
        ("two thirds", "0.67"),
        ("1 1/2 tablets", "1.5 tablets"),
        ("½ tablet", "0.5 tablet"),
        (f"{'9' * 400}½ tablets", f"{'9' * 400}½ tablets"),
        (f"{'9' * 5_000} 1/2", f"{'9' * 5_000} 0.5"),
        ("a hundred and three", "103"),
        ("two hundred and thirty thousand", "230000"),
        ("in his early eighties", "in his early 80s"),
        ("in the one forties", "in the 140s"),
        ("my seventy second birthday", "my 72nd birthday"),
        ("point oh five", "0.05"),
        ("six or seven, twenty, thirty", "6 or 7, 20, 30"),
        ("thirty forty times", "30 40 times"),
        ("a couple of weeks", "2 weeks"),
        ("half a dozen", "6"),
        ("type two", "type 2"),
        ("ten M G of G E R D medicine", "10 MG of GERD medicine"),
        ("six hundred three times a day", "600 3 times a day"),
        ("forty two times daily", "40 2 times daily"),
        ("a hundred and five units", "105 units"),
        ("twenty-two times a day", "22 times a day"),
    ],
)
def test_speech_is_written_in_digits(said: str, written: str) -> None:
    assert read(said) == written


@pytest.mark.parametrize(
    "text",
    ["no one knows", "that one hurts", "one of them", "the right one.", "wait a second", "oh two of them, no one"],
)
def test_pronouns_are_no_numbers(text: str) -> None:
    assert "1" not in read(text)


@given(st.text(max_size=80))
def test_spans_lead_back_to_the_original(text: str) -> None:
    normalised = NormalisedText(text)
    for index in range(len(normalised.text)):
        start, end = normalised.span(index, index + 1)
        assert 0 <= start < end <= len(text)


@given(st.lists(st.sampled_from([*UNITS, *TEENS, *TENS, "hundred", "thousand", "and", "oh", "point", "half", "a"])))
def test_any_run_of_number_words_is_read_without_overlaps(words: list[str]) -> None:
    text = " ".join(words)
    ends = [(number.start, number.end) for number in spoken_numbers(text)]
    assert all(first[1] <= second[0] for first, second in pairwise(ends))
    assert all(0 <= start < end <= len(text) for start, end in ends)
