"""Subtitles: cues of one speaker that follow each other are one turn, as segments of speech recognition are."""

import pytest

from medsum.dialogue.reader import read

TURNS = [
    ("Doctor", ["How is the wrist", "since the cast came off?"]),
    ("Tove", ["Stiff.", "And it clicks", "at night."]),
    ("Doctor", ["I see."]),
    ("Tove", ["Is it bad?"]),
]
CUES = [(tag, said) for tag, parts in TURNS for said in parts]
FORMS = {
    "names": ("WEBVTT\n", "\n{n}\n00:0{n}.000 --> 00:0{n}.900\n{tag}: {said}\n"),
    "voices": ("WEBVTT\n", "\n00:0{n}.000 --> 00:0{n}.900\n<v {tag}>{said}</v>\n"),
    "SRT": ("", "{n}\n00:00:0{n},000 --> 00:00:0{n},900\n{tag}: {said}\n\n"),
    "YouTube": ("", "0:00:0{n}.000,0:00:0{n}.900\n{tag}: {said}\n\n"),
}


@pytest.mark.parametrize("form", FORMS)
def test_cues_of_one_speaker_are_one_turn(form: str) -> None:
    head, cue = FORMS[form]
    text = head + "".join(cue.format(n=n, tag=tag, said=said) for n, (tag, said) in enumerate(CUES, start=1))
    assert [(turn.speaker, turn.said) for turn in read(text).turns] == [(tag, " ".join(parts)) for tag, parts in TURNS]


def test_lines_of_one_speaker_without_timings_stay_turns() -> None:
    assert len(read("Doctor: Any pain?\nDoctor: Or fever?\nPatient: No.").turns) == 3
