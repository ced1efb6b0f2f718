"""What a summary is worth beside others, by its dialogue alone."""

import subprocess
import sys

from medsum.faithfulness.reranking import faithfulness
from tests.conftest import ROOT

DIALOGUE = (
    "Doctor: What brings you in?\nPatient: My left knee has been sore for two weeks.\nDoctor: Any fever?\n"
    "Patient: No.\nDoctor: What do you take?\nPatient: Ibuprofen, four hundred milligrams."
)
GOOD = "Left knee sore for 2 weeks. No fever. Takes ibuprofen 400 mg."


def test_what_the_dialogue_says_is_worth_more_than_what_it_does_not() -> None:
    wrong = [
        GOOD.replace("Left", "Right"),
        GOOD.replace("2 weeks", "3 weeks"),
        GOOD.replace("No fever", "Has fever"),
        GOOD.replace("ibuprofen", "warfarin"),
        GOOD.replace("400", "200"),
        GOOD + " History of hypertension.",
    ]
    best, *others = faithfulness(DIALOGUE, [GOOD, *wrong])
    assert all(other < best for other in others)


def test_saying_nothing_is_worth_less_than_saying_what_is_true() -> None:
    nothing, marks, good = faithfulness(DIALOGUE, ["", "...", GOOD])
    assert nothing < good
    assert marks < good


def test_a_loop_or_a_broken_end_is_worth_less() -> None:
    good, loop, broken = faithfulness(
        DIALOGUE, [GOOD, GOOD + " Takes ibuprofen 400 mg.", GOOD.removesuffix(" 400 mg.") + " and"]
    )
    assert loop < good
    assert broken < good


def test_a_summary_is_worth_the_same_whatever_it_is_beside() -> None:
    assert faithfulness(DIALOGUE, ["Knee pain.", GOOD])[1] == faithfulness(DIALOGUE, [GOOD])[0]


def test_who_does_not_rerank_imports_none_of_the_checks() -> None:
    program = "import sys, medsum.faithfulness.reranking; sys.exit(bool({'numpy', 'scipy'} & sys.modules.keys()))"
    assert subprocess.run([sys.executable, "-c", program], cwd=ROOT, check=False).returncode == 0
