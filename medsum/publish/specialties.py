"""Read the medical specialty of each record from the raw source, if the source has a column with specialties.

The records that the pipeline makes from the source do not keep this column.
"""

import re

from medsum.core.paths import SOURCES
from medsum.corpus.columns import resolved
from medsum.corpus.raw import raw_files, read_rows, splits_by_name
from medsum.corpus.tables import ERROR
from medsum.dialogue.characters import clean_text
from medsum.params.data import DataParams
from medsum.privacy.screening import find

COLUMN = "specialty"
_NAME = re.compile(r"[A-Za-z][A-Za-z&/, '-]{2,39}")


def specialties(params: DataParams) -> dict[str, str]:
    """Return the specialty by record id, in lower case. Return {} if no file of the source has the column.

    A value that does not look like a specialty, or that may identify a person, is left out.
    """
    files = raw_files(SOURCES / params.source).files
    splits = splits_by_name(files)
    found = {}
    for file in files:
        for row in read_rows(file):
            if ERROR in row.values or not isinstance(row.values.get(COLUMN), str):
                continue
            column = resolved(list(row.values), params.columns, row.place).id
            record_id = clean_text(str(row.values[column]))
            name = " ".join(row.values[COLUMN].split())
            if _NAME.fullmatch(name) and not find(name):
                found[f"{splits[file]}-{record_id}" if splits[file] else record_id] = name.lower()
    return found
