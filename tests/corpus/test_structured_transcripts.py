"""Transcripts with a structure: JSON, HTML, XML, tables, subtitles, chats and quoted mail, of any vocabulary."""

import contextlib
import json

import pytest

from medsum.core.errors import UserError
from medsum.corpus.markup_documents import document_text
from medsum.corpus.visits import dialogue_of

TURNS = [
    ("Dr. Anneke Vos", "How is the hip?"),
    ("Gordon's iPad", "Better: no pain."),
    ("Dr. Anneke Vos", "Any falls?"),
    ("Gordon's iPad", "None."),
    ("Tobias", "I fell!"),
]
SPOKEN = [("Doctor" if tag.startswith("Dr.") else tag, said) for tag, said in TURNS]
RECORDS = [{"speaker": tag, "text": said, "start": place} for place, (tag, said) in enumerate(TURNS)]
ROWS = [{"who": tag, "said": said} for tag, said in TURNS]
CUES = [f"00:0{place}.000 --> 00:0{place}.900" for place in range(len(TURNS))]
TIMES = [f"[12/03/2024, 18:0{place}:00]" for place in range(len(TURNS))]


def columns(names: list[str], index: bool) -> dict[str, object]:
    """Return a table by columns, as pandas writes it."""
    return {
        name: {str(place): row[name] for place, row in enumerate(RECORDS)} if index else [row[name] for row in RECORDS]
        for name in names
    }


def lined(form: str) -> str:
    return "\n".join(
        form.format(tag=tag, said=said, cue=CUES[place], time=TIMES[place]) for place, (tag, said) in enumerate(TURNS)
    )


PEOPLE = (
    "<person id='a' name='Dr. Anneke Vos'/><person id='b'><name>Gordon's iPad</name></person>"
    "<person id='c' name='Tobias'/>"
)
IDS = dict(zip(dict(TURNS), "abc", strict=True))
READ = {
    "JSON under other keys": json.dumps({"job": {"id": 7}, "output": {"parts": ROWS}, "said": ""}),
    "JSON with the text twice": json.dumps({"out": {"full": "How is the hip?", "parts": ROWS, "again": ROWS}}),
    "JSON by columns": json.dumps(columns(["start", "speaker", "text"], index=True)),
    "JSON of lists": json.dumps(columns(["speaker", "text"], index=False) | {"language": "en"}),
    "JSON by rows": json.dumps({str(place): row for place, row in enumerate(RECORDS)}),
    "JSON split": json.dumps({"columns": ["speaker", "text"], "index": [0, 1, 2, 3, 4], "data": TURNS}),
    "JSON of pandas": json.dumps({"schema": {"fields": [{"name": "index", "type": "integer"}]}, "data": RECORDS}),
    "JSON lines": "\n".join(map(json.dumps, [{"type": "meta", "lang": "en"}, *ROWS, {"turns": 5}])),
    "JSON of a chat": json.dumps([{"role": "system", "content": "You are a nurse."}, *RECORDS]),
    "WebVTT with voices": "WEBVTT\n\nREGION\nid:a\n\nSTYLE\n::cue { color: lime }\n\nNOTE Room 4\n\n"
    + lined("c-1\n{cue} align:start\n<v.loud {tag}>{said}</v>\n"),
    "WebVTT with two voices": f"WEBVTT\n\n{CUES[0]}\n" + "\n".join(f"- <v {tag}>{said}</v>" for tag, said in TURNS),
    "WebVTT with names": "WEBVTT\n\n" + lined("1\n{cue}\n{tag}: {said}\n"),
    "WhatsApp": f"{TIMES[0]} Tobias: \u200eMessages and calls are end-to-end encrypted.\n"
    + lined("{time} {tag}: {said} \u200e<This message was edited>\n{time} {tag}: \u200eimage omitted"),
    "XML with ids": f"<visit><header>{PEOPLE}</header><body>"
    + "\n".join(f"<u who='#{IDS[tag]}' start='0'>{said}<event desc='beep'/></u>" for tag, said in TURNS)
    + "</body></visit>",
    "XML with names": "<v1>" + lined("<turn><who>{tag}</who><time>3</time><text>{said}</text></turn>") + "</v1>",
    "XML with CDATA": "<v1>" + lined('<line voice="{tag}"><![CDATA[{said}]]></line>') + "</v1>",
    "HTML with classes": "<!doctype html><html><head><title>A</title></head><body><nav>Home</nav><h1>Hip</h1>"
    + lined("<div><span class='speaker'>{tag}</span> <span class='ts'>00:01</span><p>{said}</p></div>")
    + "<p>&copy; 2024 Clinic</p></body></html>",
    "XML with attributes": "<v1>" + lined('<u who="{tag}" text="{said}"/>') + "</v1>",
    "HTML terms": "<dl>" + lined("<dt>{tag}<dd>{said}") + "</dl>",
    "HTML table": "<table><tr><th>Time</th><th>Who</th><th>Said</th></tr>"
    + lined("<tr><td>0:01</td><td>{tag}</td><td>{said}</td></tr>")
    + "</table>",
    "Markdown table": "# Session 12\n\n| # | Who | Said |\n|--:|:---|---|\n"
    + lined("| 1 | **{tag}** | {said} |")
    + "\n\n*End of table. See the wiki.*",
    "Markdown without outer bars": "Who | Said\n---|---\n" + lined("{tag} | {said}"),
}
ROLES = [("Doctor", "Any pain?"), ("Patient", "No, since May."), ("Doctor", "And now?"), ("Patient", "A bit.")]
QUOTED = "\n".join(f"> {tag.upper()}: {said}" for tag, said in ROLES)
HEADERS = "From: Desk\nTo: Records\nSubject: RE: tape 4\n\nSee below.\n\nTom Ashby\n\n"
OF_ROLES = {
    "ELAN": "\n".join(f"{tag}\tP{len(tag)}\t0:01.1\t0:02.1\t1.0\t{said}" for tag, said in ROLES),
    "ELAN with header": "Tier\tCode\tBegin\tEnd\tAnnotation\n"
    + "\n".join(f"{tag}\tP{len(tag)}\t1.1\t2.1\t{said}" for tag, said in ROLES),
    "numbers and roles": json.dumps(
        {"x": [{"speaker_label": f"spk_{len(tag)}", "participant_role": tag.upper(), "transcript": said}
               for tag, said in ROLES]}
    ),
    "mail with a footer": f"{HEADERS}{QUOTED}\n>\n> Kind regards,\n> Ines Calloway\n\nThis e-mail is confidential.\n\n"
    "Please consider the environment before printing.",
    "HTML paragraphs": "<!DOCTYPE html><html><head><style>p {}</style><script>t = 'Doctor: no'</script></head><body>"
    + "".join(f"<p><b>{tag}:</b> {said}</p>" for tag, said in ROLES)
    + "<footer>&copy; 2023 All rights reserved.</footer></body></html>",
}  # fmt: skip


@pytest.mark.parametrize("name", READ)
def test_every_marked_speaker_is_found_even_with_one_turn(name: str) -> None:
    assert [(turn.speaker, turn.said) for turn in dialogue_of(READ[name]).turns] == SPOKEN


@pytest.mark.parametrize("name", OF_ROLES)
def test_codes_footers_and_page_text_are_no_speech(name: str) -> None:
    assert [(turn.speaker, turn.said) for turn in dialogue_of(OF_ROLES[name]).turns] == ROLES


def test_a_bar_and_a_break_in_a_cell_are_words() -> None:
    text = "| Who | Said |\n|---|---|\n| Nurse | 40 \\| 20?<br>Or less? |\n| Patient | Less. |"
    assert dialogue_of(text).text == "Nurse: 40 | 20? Or less?\nPatient: Less."


def test_rows_with_names_sorted_as_text_are_in_order_of_their_numbers() -> None:
    table = {name: {str(n): row[n % 2] for n in range(12)} for name, row in
             (("speaker", ("Nurse", "Patient")), ("text", ("Again?", "No.")))}  # fmt: skip
    table["text"] = {key: f"{said} {key}" for key, said in table["text"].items()}
    turns = dialogue_of(json.dumps(table, sort_keys=True)).turns
    assert [turn.said.split()[1] for turn in turns] == [str(n) for n in range(12)]


ASKED, ANSWERED = "<p><b>Doctor:</b> Any pain?</p>", "<p><b>Patient:</b> No.</p>"
SENT = "12/03/24, 18:05 - Dr Imani: Where?\n12/03/24, 18:06 - Kelechi: On the back.\n"
REFUSED = {
    "two lists": (json.dumps({"a": ROWS, "b": ROWS[1:]}), "2 lists of segments with different words"),
    "columns of different rows": ('{"speaker": {"0": "A"}, "text": {"1": "B"}}', "have different rows"),
    "no speaker": (json.dumps({"x": [*ROWS, {"said": "And?"}]}), "segment 6 of the transcript has no speaker"),
    "text below the turns": (f"<body>{ASKED}{ANSWERED}\n<div>Read more</div></body>", "line 2 of the document is not"),
    "text between the turns": ("<v1><u who='nurse'>A?</u>\n<p>Tape off.</p><u who='patient'>B.</u></v1>", "line 2 of"),
    "two visits in HTML": (f"<h2>Visit 1</h2>{ASKED}{ANSWERED}<h2>Visit 2</h2>{ASKED}{ANSWERED}", "another visit"),
    "two speakers at once": (f"<v1>{PEOPLE}<u who='a'>Hi.</u><u who='a b'>No.</u></v1>", "line 1 has several speakers"),
    "rows of annotations": ("<x><TIER PARTICIPANT='Doctor'><A>Any pain?</A></TIER></x>", "row of annotations for each"),
    "entities": ("<!DOCTYPE a [<!ENTITY b 'c'>]><a><u who='nurse'>&b;</u></a>", "declares entities of its own"),
    "unclosed": (f"<body>{ASKED}<nav>Home{ANSWERED}</body>", "the element <nav> is not closed"),
    "words without speaker": ("| Who | Said |\n|--|--|\n| Nurse | A? |\n| | B? |", "row 2 of the table has words"),
    "a visit in a table": ("| Who | Said |\n|--|--|\n| Nurse | A? |\n| Visit 2 | |\n| Nurse | B? |", "another visit"),
    "two columns of words": ("\n".join(f"Nurse\t1.0\tA {n}?\tB {n}!" for n in range(4)), "2 columns of text besides"),
    "unknown notice": (f"{SENT}12/03/24, 18:07 - Kelechi sent a sticker pack", "line 3 seems to be a notice"),
    "remark below mail": (f"{QUOTED}\n\nThis is not right.", "line 6 is not quoted"),
}


@pytest.mark.parametrize("name", REFUSED)
def test_what_is_unclear_is_refused_with_its_place(name: str) -> None:
    text, said = REFUSED[name]
    with pytest.raises(UserError, match=said):
        dialogue_of(text)


@pytest.mark.parametrize(
    "part", ["<", "<b>", "<a ", "<!--", "<![CDATA[", "]", "&", "<a b='", "<!", "<?", "</", "<div>x", "</b>"]
)
def test_hostile_markup_needs_linear_time(part: str) -> None:
    with contextlib.suppress(UserError):
        document_text(f"<a>{part * 30_000}</a>")


def test_two_patients_in_a_table_are_refused_and_parts_of_a_visit_are_read() -> None:
    rows = '1,Nurse,Any pain?\n1,Patient,"No, none."\n2,Nurse,Any fever?\n2,Patient,Since Monday.'
    with pytest.raises(UserError, match="this holds 2 records"):
        dialogue_of(f"member,speaker,text\n{rows}")
    assert len(dialogue_of(f"part,speaker,text\n{rows}").turns) == 4


def test_the_first_alternative_of_a_recogniser_is_read() -> None:
    said = ("Any pain?", "No, none.")
    parts = [{"speaker": n, "nBest": [{"display": text}, {"display": "x"}]} for n, text in enumerate(said)]
    assert [turn.said for turn in dialogue_of(json.dumps({"recognizedPhrases": parts})).turns] == list(said)
