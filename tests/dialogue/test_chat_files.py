"""Files in CHAT, the format of TalkBank: codes and remarks are not spoken, and every spoken word stays."""

import pytest

from medsum.dialogue.reader import read

HEAD = "@UTF8\n@Begin\n@Participants:\tNUR Nurse, PAT Patient\n@ID:\teng|clinic|NUR|\n\t|more of the header\n"
SAID = {
    "&=laughs I do &=coughs:loudly .": "I do.",
    "&-um it's &+fri Friday .": "um it's Friday.",
    "<do you> [/] do you know ?": "do you do you know?",
    "<i think> [//] no .": "i think no.",
    "(be)cause I'm goin(g) [: going] home .": "because I'm going home.",
    "well (.) yes (..) I (1.5) did +...": "well yes I did",
    "+< it hurts [?] [=! sighs] here +/.": "it hurts here",
    "my right knee\n\tand my hip .": "my right knee and my hip.",
    "I take it\n%com:\tlooks at\n\ther husband": "I take it",
    "a sugar < 5 and a pulse > 90 [inaudible] .": "a sugar < 5 and a pulse > 90 [inaudible].",
    "2 (or 3) tablets .": "2 (or 3) tablets.",
}


@pytest.mark.parametrize("written", SAID)
def test_codes_and_remarks_of_chat_are_left_out(written: str) -> None:
    text = f"{HEAD}*NUR:\tAnd now ?\n*PAT:\t{written}\n*NUR:\tI see .\n@End"
    assert [turn.said for turn in read(text).turns] == ["And now?", SAID[written], "I see."]


def test_other_texts_keep_such_signs() -> None:
    assert read("Nurse: And (be)fore [/] it?\nPatient: &=no").text == "Nurse: And (be)fore [/] it?\nPatient: &=no"
