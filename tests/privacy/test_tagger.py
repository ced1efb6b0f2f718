"""Names that no list has are found by their context, and clinical words with capitals are not."""

import pytest

from medsum.privacy.lexicon import given_names, surnames
from medsum.privacy.screening import find

UNLISTED = [
    ("Vrelnika", "Vrelnika denies chest pain and was seen with her mother."),
    ("Tolbrask", "Discussed with Tolbrask (urology), who agrees."),
    ("vrelnika", "i told vrelnika to hide the cigarettes"),
    ("Ombreti", "Doctor: And how is Ombreti coping?\nPatient: Fine."),
    ("TOLBRASK, VRELNIKA", "PATIENT: TOLBRASK, VRELNIKA"),
    ("Tolbrask V", "Tolbrask V, 66, for surgery"),
]
CLINICAL = [
    "H. pylori positive.",
    "Parkinson's disease, on Sinemet.",
    "History of Present Illness: cough.",
    "Bilateral Knee Replacement.",
    "Tylenol helps.",
    "Uber brought me here.",
    "EDD confirmed by scan.",
    "Boston brace fitted.",
    "Doctor: Allergies?\nPatient: Penicillin.",
    "the doctor told me to wait",
]


@pytest.mark.parametrize(("name", "text"), UNLISTED)
def test_a_name_that_is_in_no_list_is_found_by_its_context(name: str, text: str) -> None:
    assert not {part.lower() for part in name.replace(",", "").split() if len(part) > 1} & (given_names() | surnames())
    assert name in [text[span.start : span.end] for span in find(text) if span.kind == "NAME"]


@pytest.mark.parametrize("text", CLINICAL)
def test_clinical_words_with_capitals_are_no_names(text: str) -> None:
    assert [text[span.start : span.end] for span in find(text)] == []
