"""Select the records that the error report shows.

The report shows the worst records, the records whose summary changed most between the models, and examples of each
category of errors.
"""

from itertools import islice
from typing import NamedTuple

from medsum.report.aggregate import CATEGORIES, Models, badness

EXAMPLES = 2  # the report shows 2 examples for each category
CHANGED = 3  # the report shows 3 records whose summary got better and 3 records whose summary got worse


class Selection(NamedTuple):
    """Indices of the selected records.

    `worst` has all records, in the order of the badness of the last model's summary. The worst record comes first. The
    other fields have the records whose summary changed most, and the examples with their model.
    """

    worst: list[int]
    better: list[int]
    worse: list[int]
    examples: dict[str, list[tuple[str, int]]]

    def places(self, worst: int) -> set[int]:
        """Return the indices of all records that the report shows. `worst` is the number of worst records."""
        of_examples = {place for found in self.examples.values() for _, place in found}
        return {*self.worst[:worst], *self.better, *self.worse, *of_examples}


def select(models: Models) -> Selection:
    """Choose the records from the models' rows. Ties keep their order."""
    first, *_, last = [*models.values(), *models.values()]
    bad = [badness(row) for row in last]
    gains = [badness(row) - after for row, after in zip(first, bad, strict=True)]
    worst = sorted(range(len(bad)), key=lambda place: -bad[place])
    gaining = sorted(range(len(bad)), key=lambda place: -gains[place])
    return Selection(
        worst,
        [place for place in gaining[:CHANGED] if gains[place] > 0],
        [place for place in gaining[::-1][:CHANGED] if gains[place] < 0],
        {category: found for category in CATEGORIES if (found := _examples(models, worst, category))},
    )


def _examples(models: Models, worst: list[int], category: str) -> list[tuple[str, int]]:
    """Return the worst records that have an error of the category, each with the name of the model.

    If no summary of the last model has such an error, return records of an earlier model.
    """
    for model, rows in reversed(models.items()):
        places = (p for p in worst if any(error["category"] == category for error in rows[p]["errors"]))
        if found := [(model, place) for place in islice(places, EXAMPLES)]:
            return found
    return []
