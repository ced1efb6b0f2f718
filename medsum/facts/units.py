"""Define the names of units, and convert quantities to a form in which equal quantities are the same."""

import re

_NAMES = {
    "mg": "mg mgs milligram milligrams",
    "mcg": "mcg mcgs microgram micrograms µg μg ug",
    "g": "g gm gms gram grams",
    "ml": "ml mls milliliter milliliters millilitre millilitres cc ccs",
    "unit": "unit units iu u",
    "meq": "meq milliequivalent milliequivalents",
    "puff": "puff puffs inhalation inhalations",
    "tablet": "tablet tablets tab tabs pill pills capsule capsules cap caps caplet caplets",
    "drop": "drop drops gtt gtts",
    "spray": "spray sprays",
    "patch": "patch patches",
    "teaspoon": "teaspoon teaspoons tsp",
    "tablespoon": "tablespoon tablespoons tbsp",
    "suppository": "suppository suppositories",
    "sachet": "sachet sachets",
    "lozenge": "lozenge lozenges",
    "scoop": "scoop scoops capful capfuls",
    "vial": "vial vials ampoule ampoules neb nebs nebule nebules",
    "second": "second seconds sec secs",
    "minute": "minute minutes min mins",
    "hour": "hour hours hr hrs",
    "day": "day days",
    "night": "night nights",
    "week": "week weeks wk wks",
    "month": "month months mo mos",
    "year": "year years yr yrs",
    "decade": "decade decades",
    "lb": "pound pounds lb lbs",
    "kg": "kilo kilos kg kgs kilogram kilograms",
    "cm": "cm cms centimeter centimeters centimetre centimetres",
    "mm": "mm millimeter millimeters millimetre millimetres",
    "m": "meter meters metre metres",
    "in": "inch inches",
    "ft": "foot feet ft",
    "mile": "mile miles",
    "km": "km kilometer kilometers",
    "yard": "yard yards",
    "block": "block blocks",
    "l": "l liter liters litre litres",
    "oz": "oz ounce ounces",
    "cup": "cup cups",
    "mg/dl": "mg/dl",
    "meq/l": "meq/l",
    "mmhg": "mmhg",
    "degree": "degree degrees",
    "calorie": "calorie calories kcal",
}
UNIT_OF = {name: unit for unit, names in _NAMES.items() for name in names.split()}
DOSE_UNITS: tuple[str, ...] = (
    "mg",
    "mcg",
    "g",
    "ml",
    "unit",
    "meq",
    "puff",
    "tablet",
    "drop",
    "spray",
    "patch",
    "teaspoon",
)
DOSE_UNITS += ("tablespoon", "suppository", "sachet", "lozenge", "scoop", "vial")
TIME_UNITS = ("second", "minute", "hour", "day", "night", "week", "month", "year", "decade")
WEIGHT_UNITS = ("lb", "kg")
MEASURE_UNITS: tuple[str, ...] = (
    "mg/dl",
    "meq/l",
    "mmhg",
    "cm",
    "mm",
    "m",
    "in",
    "ft",
    "mile",
    "km",
    "yard",
    "block",
    "l",
    "oz",
    "cup",
)
MEASURE_UNITS += ("degree", "calorie")

# Each unit is a whole multiple of a smaller unit: `1 g` is `1000 mg`, and `2 weeks` are `14 days`.
_SMALLER = {
    "g": (1000, "mg"),
    "hour": (60, "minute"),
    "night": (1, "day"),
    "week": (7, "day"),
    "year": (12, "month"),
    "decade": (120, "month"),
}
_LARGER = {"mcg": (1000, "mg"), "second": (60, "minute"), "mm": (10, "cm")}
_MINUTES_A_DAY = 1440
_POWER = re.compile(r"10\^(-?\d+)/(l|dl|ml|mcl)")
_POWER_OF_LITRE = {"l": 0, "dl": 1, "ml": 3, "mcl": 6}


def names_of(units: tuple[str, ...]) -> str:
    """Return a regular expression that matches any name of these units. Longer names come first."""
    names = [name for name, unit in UNIT_OF.items() if unit in units]
    return "|".join(re.escape(name) for name in sorted(names, key=len, reverse=True))


def comparable(kind: str, value: str, unit: str) -> tuple[str, str]:
    """Return a value and unit in a form in which equal quantities are the same. An unknown unit stays as it is."""
    if kind not in {"dose", "duration", "age", "measure"} or not re.fullmatch(r"[\d.]+(?:-[\d.]+)?", value):
        return value, unit
    numbers = [float(number) for number in value.split("-")]
    if power := _POWER.fullmatch(unit):
        return value, f"10^{int(power[1]) + _POWER_OF_LITRE[power[2]]}/l"
    if unit in _SMALLER:
        factor, unit = _SMALLER[unit]
        numbers = [number * factor for number in numbers]
    elif unit in _LARGER:
        factor, unit = _LARGER[unit]
        numbers = [number / factor for number in numbers]
    if unit == "minute" and all(number % _MINUTES_A_DAY == 0 for number in numbers):
        unit, numbers = "day", [number / _MINUTES_A_DAY for number in numbers]
    return "-".join(f"{number:.10g}" for number in numbers), unit
