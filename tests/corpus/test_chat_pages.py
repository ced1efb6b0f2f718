"""Saved pages of chats and of transcription services: message bubbles, tables and footers."""

import pytest

from medsum.core.errors import UserError
from medsum.corpus.visits import dialogue_of

TURNS = [
    ("Dr. Halloran", "Where does it itch?"),
    ("Beatriz N.", "On both arms :("),
    ("Dr. Halloran", "Since when?"),
    ("Beatriz N.", "Since Sunday."),
    ("Tove", "She is lying! It's since May."),
]
SPOKEN = [("Doctor" if "Dr." in tag else tag.rstrip("."), said) for tag, said in TURNS]


def page(form: str, above: str = "", below: str = "") -> str:
    return "<div>" + above + "\n".join(form.format(tag=tag, said=said) for tag, said in TURNS) + below + "</div>"


BUBBLE = '<div class="m"><span class="{0}">{{tag}}</span> <span class="{1}">10:02 AM</span><p>{{said}}</p></div>'
ROW = "<tr><td>1</td><td class='ts'>00:04</td><td>{tag}</td><td>{said}</td></tr>"
HEADER = "<h2>Job 7</h2><table><thead><tr><th>#</th><th>Time</th><th>Speaker</th><th>Transcript</th></tr></thead>"
PAGES = {
    "author": page(BUBBLE.format("author", "time"), "<div class='bar'>Your visit is private</div>"),
    "parts of classes": page(BUBBLE.format("chat-msg__author bold", "chat-msg__time")),
    "system": page(BUBBLE.format("msg-sender", "ts"), "", "<div class='msg system'>Tove left</div>"),
    "unknown classes": page("<div><span class='x1'>{tag}</span><p>{said}</p></div>"),
    "titles": page("<h4>{tag}</h4><p class='x2'>{said}</p>"),
    "colons": page("<div><b class='x'>{tag}:</b><div>{said}</div></div>"),
    "table with a footer": page(ROW, HEADER, "</table><p>Private. &copy; 2023 Fern Typing Ltd. Page 1 of 1</p>"),
}


@pytest.mark.parametrize("name", PAGES)
def test_the_author_of_a_message_is_its_speaker(name: str) -> None:
    assert [(turn.speaker, turn.said) for turn in dialogue_of(PAGES[name]).turns] == SPOKEN


def test_the_author_of_a_page_speaks_no_turn() -> None:
    text = "<body><p class='author'>By Ines Low</p><p>Doctor: Any pain?</p><p>Patient: Yes.</p></body>"
    assert dialogue_of(text).text == "Doctor: Any pain?\nPatient: Yes."


def test_a_turn_about_a_copyright_is_spoken() -> None:
    text = "<body><p>Doctor: Is it yours?</p><p>Patient: It says &copy; 2020 on the box.</p></body>"
    assert dialogue_of(text).turns[1].said == "It says \u00a9 2020 on the box."


@pytest.mark.parametrize("below", ["<p>Read our guide.</p>", "<div>Tove went away</div>"])
def test_words_below_the_messages_are_refused(below: str) -> None:
    with pytest.raises(UserError, match="is not part of a turn"):
        dialogue_of(page("<div><span class='x1'>{tag}</span><p>{said}</p></div>\n", "", below))


def test_words_without_a_name_above_them_are_refused() -> None:
    text = page("<div><span class='x1'>{tag}</span><p>{said}</p></div>\n").replace("Sunday.", "Sunday.</p>\n<p>Or May.")
    with pytest.raises(UserError, match="line 8 of the document has words without a name"):
        dialogue_of(text)


def test_a_turn_of_a_known_speaker_may_have_several_paragraphs() -> None:
    turns = [("Doctor", "Any pain?"), ("Patient", "No.</p><p>A bit."), ("Doctor", "Now?"), ("Patient", "No.")]
    text = "".join(f"<h4>{tag}</h4><p>{said}</p>" for tag, said in turns)
    assert dialogue_of(f"<body>{text}</body>").turns[1].said == "No. A bit."
