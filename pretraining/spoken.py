"""Numbers, doses and years in spoken form. The note has digits, and the dialogue has words."""

from collections.abc import Callable
from random import Random

from pretraining.words import items

ONES = items(
    "zero, one, two, three, four, five, six, seven, eight, nine, "
    "ten, eleven, twelve, thirteen, fourteen, fifteen, sixteen, seventeen, eighteen, nineteen"
)
TENS = items("twenty, thirty, forty, fifty, sixty, seventy, eighty, ninety")
UNITS = {
    "mg": "milligrams",
    "mcg": "micrograms",
    "mL": "milliliters",
    "units": "units",
    "lb": "pounds",
    "kg": "kilograms",
}


def spell(number: int) -> str:
    """Return the words for 0 to 9999: 154 is 'one hundred fifty four'."""
    if number < 20:
        return ONES[number]
    if number < 100:
        tens, rest = divmod(number, 10)
        return TENS[tens - 2] + (f" {ONES[rest]}" if rest else "")
    size, name = (1000, "thousand") if number >= 1000 else (100, "hundred")
    high, rest = divmod(number, size)
    return f"{spell(high)} {name}" + (f" {spell(rest)}" if rest else "")


def spell_in_pairs(number: int) -> str:
    """Return the words for a year or a blood pressure: 1984 is 'nineteen eighty four', 128 'one twenty eight'."""
    high, low = divmod(number, 100)
    if not high or low == 0 or 2000 <= number < 2010:
        return spell(number)
    return f"{spell(high)} {'oh ' if low < 10 else ''}{spell(low)}"


def say_decimal(tenths: int) -> str:
    """Return the words for a number of tenths: 986 is 'ninety eight point six'."""
    whole, tenth = divmod(tenths, 10)
    return spell(whole) + (f" point {spell(tenth)}" if tenth else "")


def number(rng: Random, low: int, high: int, say: Callable[[int], str] = spell) -> tuple[str, str]:
    """Return a number from `low` to `high` in spoken form (sometimes in digits) and in written form."""
    value = rng.randint(low, high)
    return sometimes_digits(rng, say(value), str(value)), str(value)


def sometimes_digits(rng: Random, spoken: str, written: str) -> str:
    """Return the spoken form or, less often, the written form. Both occur in transcripts."""
    return written if rng.random() < 0.15 else spoken
