"""Check the rows of scores that stages.evaluate writes, before the report counts anything."""

from collections.abc import Sequence
from pathlib import Path
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, FiniteFloat, ValidationError

from medsum.core.errors import UserError
from medsum.core.reading import read_json_lines
from medsum.dialogue.record import Record
from medsum.faithfulness.flags import Category, Severity

REMEDY = "run `python -m stages.evaluate` to write it again"
Place = Annotated[int, Field(ge=0, le=10**9)]


class _Error(BaseModel):
    category: Category
    severity: Severity
    start: Place
    end: Place
    reason: str
    turns: list[Place]
    of: Literal["reference", "summary"]


class _Sentence(BaseModel):
    start: Place
    end: Place
    turns: list[Place]
    support: FiniteFloat


class ScoreRow(BaseModel):
    """The fields of a row that the report reads. A row may have other fields."""

    model_config = ConfigDict(extra="allow")

    id: str
    section: str | None
    dialogue_words: Place
    rouge1: FiniteFloat
    bertscore: FiniteFloat
    length_ratio: FiniteFloat


class CheckedRow(ScoreRow):
    """The row of a summary that was checked for errors."""

    factual_f1: FiniteFloat
    omission: FiniteFloat
    hallucination: FiniteFloat
    major_errors: Place
    minor_errors: Place
    risk_score: FiniteFloat
    errors: list[_Error]
    sentences: list[_Sentence]


def require_scores(path: Path, records: Sequence[Record], kind: type[ScoreRow] = CheckedRow) -> None:
    """Raise UserError if the file does not have the scores of these records in this order. Read one row at a time."""
    count = 0
    for number, row in read_json_lines(path, REMEDY):
        try:
            kind.model_validate(row, strict=True)
        except ValidationError as error:
            field = ".".join(str(part) for part in error.errors()[0]["loc"] if isinstance(part, int) or part.isascii())
            raise UserError(f"{path}, line {number}: {field[:40] or 'the row'} is not valid; {REMEDY}") from None
        if count >= len(records) or row["id"] != records[count].id:
            raise UserError(f"{path} has other records or another order; score these records again")
        count += 1
    if count < len(records):
        raise UserError(f"{path} has other records or another order; score these records again")
