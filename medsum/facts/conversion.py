"""Compare amounts with different units. For example, 14 days equal two weeks, and 101 °F equal 38.3 °C.

A converted amount equals another amount if both are the same number after rounding. The converted amount is rounded to
the number of digits of the other amount.
"""

from typing import NamedTuple

_DAYS = {
    "second": 1 / 86400, "minute": 1 / 1440, "hour": 1 / 24, "day": 1.0, "night": 1.0, "week": 7.0,
    "month": 365.25 / 12, "year": 365.25, "decade": 3652.5,
}  # fmt: skip
_CALENDAR = frozenset({"month", "year", "decade"})  # these units have no fixed number of days
_KILOGRAMS = {"kg": 1.0, "lb": 0.45359237}
_CENTIMETRES = {"cm": 1.0, "mm": 0.1, "m": 100.0, "in": 2.54, "ft": 30.48}
_MILLIGRAMS = {"mg": 1.0, "mcg": 0.001, "g": 1000.0}
_MILLILITRES = {"ml": 1.0, "l": 1000.0, "teaspoon": 5.0, "tablespoon": 15.0}
_TIMES_A_DAY = {"hour": 24.0, "day": 1.0, "week": 1 / 7, "month": 12 / 365.25, "year": 1 / 365.25}
_ROUNDING = 0.6  # in units of the last digit: one half, and a little more for errors of the conversion
_EXACT = 0.001  # largest relative difference of equal amounts if their units differ by a fixed factor
_LOOSE = 0.1  # largest relative difference between weeks and months: 12 weeks equal 3 months


class Amount(NamedTuple):
    """One number with its unit. The unit of a frequency is, for example, `per day` or `per 2 week`."""

    number: float
    unit: str
    digits: int  # the number of digits after the decimal point in the text


def amounts(value: str, unit: str) -> list[Amount] | None:
    """Return the amount of a number, or both amounts of a range. Return None if the value has no number."""
    parts = value.split("-")
    try:
        return [Amount(float(part), unit, len(part.partition(".")[2])) for part in parts]
    except ValueError:
        return None


def days(value: str, unit: str) -> float | None:
    """Return the length of a duration in days, from the first number of a range. Return None for other units."""
    numbers = amounts(value, unit)
    return numbers[0].number * _DAYS[unit] if numbers and unit in _DAYS else None


def equal(one: Amount, other: Amount) -> bool:
    """Return whether two amounts are equal. Their units may differ."""
    if one.unit == other.unit:
        return abs(one.number - other.number) <= _EXACT * abs(other.number)
    if one.unit in _DAYS and other.unit in _DAYS:
        loose = (one.unit in _CALENDAR) != (other.unit in _CALENDAR)
        return _close(one.number * _DAYS[one.unit], other.number * _DAYS[other.unit], _LOOSE if loose else _EXACT)
    if one.unit.startswith("per ") and other.unit.startswith("per "):
        rates = _rate(one), _rate(other)
        return None not in rates and _close(rates[0] or 0.0, rates[1] or 0.0, _EXACT)
    for scale in (_KILOGRAMS, _CENTIMETRES, _MILLIGRAMS, _MILLILITRES):
        if one.unit in scale and other.unit in scale:
            return _rounded(one, other, scale[one.unit] / scale[other.unit], 0.0)
    if {one.unit, other.unit} == {"F", "C"}:
        celsius = one if one.unit == "C" else other
        return _rounded(celsius, other if celsius is one else one, 1.8, 32.0)
    return False


def _close(one: float, other: float, share: float) -> bool:
    return abs(one - other) <= share * max(abs(one), abs(other))


def _rounded(one: Amount, other: Amount, factor: float, offset: float) -> bool:
    """Return whether two amounts are equal after conversion and rounding. Either amount may be the rounded one."""
    forth = abs(one.number * factor + offset - other.number) <= _ROUNDING * 10.0**-other.digits
    back = abs((other.number - offset) / factor - one.number) <= _ROUNDING * 10.0**-one.digits
    return forth or back


def _rate(amount: Amount) -> float | None:
    """Return a frequency in times per day: 1 `per 2 day` is 0.5. Return None if the unit is unknown."""
    *every, period = amount.unit.removeprefix("per ").split(" ")
    if period not in _TIMES_A_DAY or len(every) > 1 or (every and not is_number(every[0])):
        return None
    return amount.number * _TIMES_A_DAY[period] / (float(every[0]) if every else 1.0)


def is_number(text: str) -> bool:
    """Return whether a text consists of digits with at most one decimal point."""
    return text.replace(".", "", 1).isdigit()
