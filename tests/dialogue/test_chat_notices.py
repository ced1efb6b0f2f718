"""Exports of chats: the sender of a message is a speaker, whatever the form of the name."""

import pytest

from medsum.dialogue.reader import read

SAID = ["Is it swollen?", "Yes, since Monday", "Any fever?", "No\nbut I feel cold", "I'd like to see it."]
SENDERS = ["+44 7700 900456", "07700 900456", "mum \u2764\ufe0f", "~ Ines", "A. B."]
FORMS = {"Android": "{0:02}/05/2024, 17:4{0} - {1}: {2}", "iPhone": "[{0:02}/05/2024, 17:4{0}:00] {1}: {2}"}


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("sender", SENDERS)
def test_every_sender_is_a_speaker(sender: str, form: str) -> None:
    tags = ["Dr Rosa Lindqvist (Eastgate)", sender]
    text = "\n".join(FORMS[form].format(place, tags[place % 2], said) for place, said in enumerate(SAID, start=0))
    turns = read(text).turns
    assert [turn.said for turn in turns] == [" ".join(said.split()) for said in SAID]
    assert turns[0].speaker == turns[2].speaker == turns[4].speaker == "Doctor"
    assert turns[1].speaker == turns[3].speaker != "Doctor"


def test_a_picture_without_words_is_no_turn() -> None:
    text = "01/05/2024, 17:40 - Dr Low: May I see it?\n01/05/2024, 17:41 - +44 7700 900456: <Media omitted>\n"
    text += "01/05/2024, 17:42 - +44 7700 900456: It itches\n01/05/2024, 17:43 - Dr Low: Thanks."
    assert [turn.said for turn in read(text).turns] == ["May I see it?", "It itches", "Thanks."]
