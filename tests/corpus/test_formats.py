"""One visit in every format is the same record; formats are told by content, and known sets need no settings."""

import io
import json
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import pytest
from openpyxl import Workbook

from medsum.core.errors import UserError
from medsum.corpus.visits import dialogue_of, text_of_file
from medsum.params.data import Columns, DataParams
from stages.prepare import read_source

DIALOGUE = 'Doctor: Any chest pain?\nPatient: No; it\'s the "left" knee, since May.'
NOTE = "Left knee pain since May. Denies chest pain."
TURNS = [("Doctor", "Any chest pain?"), ("Patient", 'No; it\'s the "left" knee, since May.')]
COLUMNS = Columns(id="ID", dialogue="dialogue", summary="section_text", section="section_header", split="split")
PARAMS = DataParams(source="mine", language="en", columns=COLUMNS)
Values = dict[str, Any]


def csv_of(values: Values, delimiter: str = ",", head: str = "") -> str:
    import csv

    out = io.StringIO(newline="")
    csv.writer(out, delimiter=delimiter).writerows([list(values), list(values.values())])
    return head + out.getvalue()


def workbook(values: Values) -> bytes:
    book = Workbook()
    for row in ([], list(values), [value.replace("\n", "_x000D_\n") for value in values.values()]):
        book.active.append(row)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def parquet(values: Values) -> bytes:
    import pyarrow
    import pyarrow.parquet

    out = io.BytesIO()
    pyarrow.parquet.write_table(pyarrow.Table.from_pylist([values]), out)
    return out.getvalue()


def arrow(values: Values) -> bytes:
    import pyarrow

    table, out = pyarrow.Table.from_pylist([values]), io.BytesIO()
    with pyarrow.ipc.new_stream(out, table.schema) as writer:
        writer.write_table(table)
    return out.getvalue()


FORMS: dict[str, Callable[[Values], str | bytes]] = {
    "a.csv": csv_of,
    "semicolons.csv": lambda values: csv_of(values, ";"),
    "a.tsv": lambda values: csv_of(values, "\t"),
    "excel.csv": lambda values: csv_of(values, ";", "sep=;\r\n"),
    "utf16.csv": lambda values: csv_of(values, "\t").encode("utf-16"),
    "a.xlsx": workbook,
    "named_wrongly.csv": workbook,
    "a.jsonl": lambda values: json.dumps(values) + "\n",
    "array.jsonl": lambda values: json.dumps([values], indent=1),
    "a.json": lambda values: json.dumps([values]),
    "lines.json": lambda values: json.dumps(values) + "\n",
    "aci.json": lambda values: json.dumps({"data": [values]}),
    "a.parquet": parquet,
    "a.arrow": arrow,
}
SETS: dict[str, Values] = {
    "MTS-Dialog": {"ID": "v-1", "section_header": "HPI", "section_text": NOTE, "dialogue": DIALOGUE},
    "ACI-Bench": {"dataset": "virtassist", "encounter_id": "v-1", "dialogue": DIALOGUE, "note": NOTE},
    "ACI-Bench JSON": {"src": DIALOGUE, "tgt": NOTE, "file": "v-1"},
    "SAMSum": {"id": "v-1", "summary": NOTE, "dialogue": DIALOGUE},
    "DialogSum": {"fname": "v-1", "dialogue": DIALOGUE, "summary": NOTE, "topic": "knee"},
}


def put(folder: Path, name: str, content: str | bytes) -> Path:
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return path


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("known", SETS)
def test_a_record_is_read_from_every_format_and_known_set(form: str, known: str, tmp_path: Path) -> None:
    put(tmp_path, form, FORMS[form](SETS[known]))
    record = read_source(tmp_path, PARAMS).records[0]
    section = "GENHX" if known == "MTS-Dialog" else None
    assert (record.id, record.dialogue, record.summary, record.section) == ("v-1", DIALOGUE, NOTE, section)


def text_grid(**tiers: str) -> str:
    """A TextGrid of four seconds, whose tiers say a thing each: the doctor first."""
    lines = ['File type = "ooTextFile"', 'Object class = "TextGrid"', "", "xmin = 0", "xmax = 4", "tiers? <exists>"]
    lines += [f"size = {len(tiers)}", "item []:"]
    for number, (name, said) in enumerate(tiers.items(), start=1):
        quiet_first = name == "Patient"
        texts = ["", said] if quiet_first else [said, ""]
        lines += [f"    item [{number}]:", '        class = "IntervalTier"', f'        name = "{name}"']
        lines += ["        xmin = 0", "        xmax = 4", "        intervals: size = 2"]
        for place, text in enumerate(texts):
            lines += [f"        intervals [{place + 1}]:", f"            xmin = {2 * place}"]
            lines += [f"            xmax = {2 * place + 2}", '            text = "{}"'.format(text.replace('"', '""'))]
    return "\n".join(lines) + "\n"


TRANSCRIPTS: dict[str, str] = {
    "v-1.txt": DIALOGUE,
    "v-1.vtt": 'WEBVTT\n\n00:01.000 --> 00:02.000\n<v Doctor>Any chest pain?\n\n00:03.000 --> 00:09.000\n'
    '<v Patient>No; it\'s the "left" knee,\nsince May.',
    "v-1.srt": '1\n00:00:01,000 --> 00:00:02,000\nDOCTOR: Any chest pain?\n\n2\n00:00:42,000 --> 00:00:44,000\n'
    'PATIENT: No; it\'s the "left" knee,\n\n3\n00:00:44,000 --> 00:00:45,000\nsince May.\n',
    "v-1.json": json.dumps({"segments": [
        {"start": 0.5, "end": 1, "text": " Any chest pain?", "speaker": "Doctor"},
        {"start": 2, "end": 3, "text": ' No; it\'s the "left" knee,', "speaker": "Patient"},
        {"start": 3, "end": 4, "text": " since May.", "speaker": "Patient"},
    ], "language": "en"}),
    "v-1.JSON": json.dumps({"Conversation": {"TranscriptSegments": [
        {"Content": "Any chest pain?", "ParticipantDetails": {"ParticipantRole": "CLINICIAN"}, "BeginAudioTime": 0.5},
        {"Content": 'No; it\'s the "left" knee, since May.', "ParticipantDetails": {"ParticipantRole": "PATIENT"}},
    ]}}),
    "v-1.TextGrid": text_grid(Patient=TURNS[1][1], Doctor=TURNS[0][1]),
}  # fmt: skip


@pytest.mark.parametrize("name", TRANSCRIPTS)
def test_a_transcript_is_a_visit_for_training_and_for_one_note(name: str, tmp_path: Path) -> None:
    path = put(tmp_path, name, TRANSCRIPTS[name])
    put(tmp_path, "v-1.note.txt", NOTE)
    [record] = read_source(tmp_path, PARAMS).records
    assert (record.id, record.dialogue, record.summary) == ("v-1", DIALOGUE, NOTE)
    text, said = text_of_file(path.read_bytes())
    assert [(turn.speaker, turn.said) for turn in dialogue_of(text).turns] == TURNS
    assert said == ""


SPOKEN = [("Doctor", "Any chest pain?"), ("Patient", "No, the knee."), ("Doctor", "Since when?"), ("Patient", "May.")]
SEGMENTS = [{"speaker": tag, "text": said, "start": place} for place, (tag, said) in enumerate(SPOKEN)]


def table_of_turns(delimiter: str, *columns: str) -> str:
    import csv

    out = io.StringIO(newline="")
    named = [dict(zip(("n", "speaker", "text"), (n, *turn), strict=True)) for n, turn in enumerate(SPOKEN)]
    csv.writer(out, delimiter=delimiter).writerows(
        [columns, *([row["n"], row["speaker"], row["text"]] for row in named)]
    )
    return out.getvalue()


ONE_VISIT = {
    "commas": table_of_turns(",", "start", "Speaker", "Text"),
    "semicolons": table_of_turns(";", "Nr", "speaker", "utterance"),
    "tabs": table_of_turns("\t", "time", "role", "content"),
    "YAML": "".join(f"- speaker: {tag}\n  text: {said}\n" for tag, said in SPOKEN),
    "text in JSON": json.dumps("\n".join(f"{tag}: {said}" for tag, said in SPOKEN)),
    "within objects": json.dumps({"visit": {"id": 1, "conversation": SEGMENTS}}),
    "capital keys": json.dumps({"utterances": [{"Speaker": tag, "Text": said} for tag, said in SPOKEN]}),
    "names of speakers": json.dumps([{"speaker_name": tag, "transcript": said} for tag, said in SPOKEN]),
    "speakers as objects": json.dumps([{"speaker": {"id": 1, "name": tag}, "text": said} for tag, said in SPOKEN]),
    "a silent segment": json.dumps({"segments": [*SEGMENTS, {"speaker": "Doctor", "text": " ", "start": 9}]}),
}


@pytest.mark.parametrize("form", ONE_VISIT)
def test_a_visit_as_a_table_or_in_other_json_is_its_turns(form: str, tmp_path: Path) -> None:
    found = dialogue_of(ONE_VISIT[form])
    assert [(turn.speaker, turn.said) for turn in found.turns] == SPOKEN
    put(tmp_path, "v-1.txt", ONE_VISIT[form])
    put(tmp_path, "v-1.note.txt", NOTE)
    assert [record.dialogue for record in read_source(tmp_path, PARAMS).records] == [found.text]


def test_numbers_of_speakers_become_their_names() -> None:
    rows = [{"speaker": number, "transcript": said} for number, said in ((0, "Any pain?"), (1, "No."))]
    assert dialogue_of(json.dumps({"results": {"utterances": rows}})).text == "Speaker 0: Any pain?\nSpeaker 1: No."


UNNAMED = [{key: value for key, value in row.items() if key != "speaker"} for row in SEGMENTS]


@pytest.mark.parametrize(
    ("values", "said"),
    [
        ({"segments": [SEGMENTS[0], UNNAMED[1], *SEGMENTS[2:]]}, "segment 2 of the transcript has no speaker"),
        ({"segments": UNNAMED}, "the segments of this transcript name no speakers; transcribe it again"),
        (
            {"Conversation": {"TranscriptSegments": [
                {"Content": "Hi.", "ParticipantDetails": {"ParticipantRole": "CLINICIAN"}}, {"Content": "No."}]}},
            "segment 2 of the transcript has no speaker",
        ),
        ([{"code": 1}, {"code": 2}], "this JSON has no dialogue"),
    ],
)  # fmt: skip
def test_a_segment_without_a_speaker_is_never_given_to_another(values: Any, said: str, tmp_path: Path) -> None:
    with pytest.raises(UserError, match=said):
        dialogue_of(json.dumps(values))
    if isinstance(values, dict):
        put(tmp_path, "v-1.json", json.dumps(values))
        put(tmp_path, "v-1.note.txt", NOTE)
        with pytest.raises(UserError, match=rf"v-1\.json: {said}"):
            read_source(tmp_path, PARAMS)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("[Script Info]\n[Events]\nDialogue: 0,0:00:01.00,Doctor,,Any pain?", "subtitles in SubStation Alpha"),
        ("visit_id,speaker,text\n1,Doctor,Any pain?\n2,Doctor,Any fever?\n", "this holds 2 records"),
        ("- speaker: 'Doctor\n  text: Any pain?", "looks like YAML but is not valid"),
    ],
)
def test_a_text_that_is_not_one_transcript_is_refused_by_its_kind(text: str, said: str) -> None:
    with pytest.raises(UserError, match=said):
        dialogue_of(text)


def test_a_text_grid_for_each_speaker_is_one_visit(tmp_path: Path) -> None:
    put(tmp_path, "transcripts/day1_doctor.TextGrid", text_grid(tier=TURNS[0][1]))
    put(tmp_path, "transcripts/day1_patient.TextGrid", text_grid(Patient=f"<UNSURE>{TURNS[1][1]}</UNSURE>"))
    put(tmp_path, "notes/day1.json", json.dumps({"note": NOTE}))
    [record] = read_source(tmp_path, PARAMS).records
    assert (record.id, record.dialogue, record.summary) == ("day1", DIALOGUE, NOTE)


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("v.note.txt", "{\\rtf1 Knee}", "v.note.txt is RTF"),
        ("notes/v.json", "[1", "v.json is not valid JSON"),
        ("notes/v.json", "[1]", "v.json holds no text under 'note'"),
    ],
)
def test_a_note_that_cannot_be_read_is_named(name: str, content: str, said: str, tmp_path: Path) -> None:
    put(tmp_path, "v.txt", DIALOGUE)
    put(tmp_path, name, content)
    with pytest.raises(UserError, match=said):
        read_source(tmp_path, PARAMS)


@pytest.mark.parametrize("table", [False, True])
def test_a_word_document_is_read_from_its_paragraphs_or_its_table(table: bool, tmp_path: Path) -> None:
    from docx import Document

    document = Document()
    if table:
        grid = document.add_table(rows=2, cols=3)
        for row, (time, (speaker, said)) in zip(grid.rows, zip(("00:01", "00:42"), TURNS, strict=True), strict=True):
            for cell, text in zip(row.cells, (time, speaker, said), strict=True):
                cell.text = text
    else:
        for speaker, said in TURNS:
            document.add_paragraph(f"{speaker}: {said}")
    document.save(str(tmp_path / "v-1.docx"))
    text, _ = text_of_file((tmp_path / "v-1.docx").read_bytes())
    assert [(turn.speaker, turn.said) for turn in dialogue_of(text).turns] == TURNS


def word_table(rows: Sequence[Sequence[str]], merged: bool = False) -> bytes:
    from docx import Document

    document, out = Document(), io.BytesIO()
    grid = document.add_table(rows=len(rows), cols=len(rows[0]))
    for row, texts in zip(grid.rows, rows, strict=True):
        for cell, text in zip(row.cells, texts, strict=True):
            cell.text = text
    if merged:
        grid.cell(0, 0).merge(grid.cell(0, len(rows[0]) - 1))
    document.save(out)
    return out.getvalue()


WORD_TABLES: dict[str, list[tuple[str, ...]]] = {
    "header": [("Time", "Speaker", "Text"), *(("00:42", *turn) for turn in SPOKEN)],
    "header of two": [("Speaker", "Transcript"), *SPOKEN],
    "unknown header": [("Who", "What"), *SPOKEN],
    "text before speaker": [(said, tag) for tag, said in SPOKEN],
    "time behind": [(*turn, "00:42") for turn in SPOKEN],
    "numbers before": [(str(n), *turn) for n, turn in enumerate(SPOKEN)],
    "a column for each": [("Doctor", "Patient"), (SPOKEN[0][1], SPOKEN[1][1]), (SPOKEN[2][1], SPOKEN[3][1])],
    "title": [("Transcript", "", ""), *(("00:42", *turn) for turn in SPOKEN)],
}


@pytest.mark.parametrize("title", ["Transcript", "Conversation", "Dialogue"])
def test_a_title_that_is_a_name_of_a_column_is_a_title(title: str) -> None:
    found = dialogue_of(f"{title}\n\n" + "\n".join(f"{tag}: {said}" for tag, said in SPOKEN))
    assert [(turn.speaker, turn.said) for turn in found.turns] == SPOKEN
    with pytest.raises(UserError, match="this holds 2 records"):
        dialogue_of(f"{title}\nDoctor: Any pain? Patient: No.\nDoctor: Any fever? Patient: Yes.\n")


@pytest.mark.parametrize("form", WORD_TABLES)
def test_a_table_in_word_is_its_turns_whatever_its_columns(form: str) -> None:
    text, _ = text_of_file(word_table(WORD_TABLES[form], merged=form == "title"))
    assert [(turn.speaker, turn.said) for turn in dialogue_of(text).turns] == SPOKEN


def test_a_table_in_word_with_names_is_read_by_its_repeated_column() -> None:
    names = {"Doctor": "Sarah Lee", "Patient": "John Carter"}
    text, _ = text_of_file(word_table([("00:42", names[tag], said) for tag, said in SPOKEN]))
    assert [(turn.speaker, turn.said) for turn in dialogue_of(text).turns] == [(names[t], said) for t, said in SPOKEN]


def test_a_table_in_word_with_two_columns_of_text_is_refused() -> None:
    with pytest.raises(UserError, match="2 columns of text besides the speakers"):
        text_of_file(word_table([(*turn, "to be checked") for turn in SPOKEN]))


def test_words_of_aws_transcribe_become_turns_of_their_speakers() -> None:
    words = [("spk_0", "Any", "1"), ("spk_0", "pain", "2"), ("", "?", ""), ("spk_1", "No", "3"), ("", ".", "")]
    items = [
        {"type": "pronunciation" if start else "punctuation", "alternatives": [{"content": word}]}
        | ({"start_time": start, "speaker_label": speaker} if start else {})
        for speaker, word, start in words
    ]
    found = dialogue_of(json.dumps({"jobName": "a", "results": {"transcripts": [], "items": items}}))
    assert [(turn.speaker, turn.said) for turn in found.turns] == [("spk_0", "Any pain?"), ("spk_1", "No.")]


def test_a_folder_mixes_formats_and_names_what_it_does_not_read(tmp_path: Path) -> None:
    names = ("a.csv", "b.json", "c.xlsx", "d.tsv", "part/e.parquet")
    for name, form in zip(names, ("a.csv", "a.json", "a.xlsx", "a.tsv", "a.parquet"), strict=True):
        put(tmp_path, name, FORMS[form]({**SETS["SAMSum"], "id": name}))
    put(tmp_path, "sound.wav", b"RIFF")
    put(tmp_path, "LICENSE.txt", "Free for all.")
    read = read_source(tmp_path, PARAMS)
    assert [record.id for record in read.records] == list(names)
    assert [said.partition(":")[0] for said in read.told] == [
        f"{tmp_path / name} is not read" for name in ("LICENSE.txt", "sound.wav")
    ]


def test_two_faults_of_two_formats_are_told_with_their_places(tmp_path: Path) -> None:
    put(tmp_path, "a.xlsx", workbook({**SETS["SAMSum"], "dialogue": "Nobody speaks."}))
    put(tmp_path, "b.json", json.dumps([SETS["SAMSum"], 7]))
    with pytest.raises(UserError, match="2 faults:") as refused:
        read_source(tmp_path, PARAMS)
    assert f"{tmp_path / 'a.xlsx'}, row 3, record 'v-1': in the dialogue, no speaker is named" in str(refused.value)
    assert f"{tmp_path / 'b.json'}, object 2: no JSON object" in str(refused.value)


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"%PDF-1.4 ...", "this is a PDF; save its text"), (b"{\\rtf1 Doctor: hi", "this is RTF; save it as plain"),
        (b"\xd0\xcf\x11\xe0", "an old Office file"), (b"RIFF....WAVE", "this is sound; give its transcript"),
        (b"PAR1....", "give it to --batch"), (b"PK\x03\x04....", "a spreadsheet or an archive"),
    ],
)  # fmt: skip
def test_what_is_no_transcript_is_named_with_its_remedy(content: bytes, said: str) -> None:
    with pytest.raises(UserError, match=said):
        dialogue_of(text_of_file(content)[0])


def test_a_columns_error_names_what_there_is_and_the_line_to_write(tmp_path: Path) -> None:
    put(tmp_path, "a.csv", "number,talk,letter\n1,Doctor: hi,b\n2,Doctor: hi,b\n")
    with pytest.raises(UserError) as refused:
        read_source(tmp_path, PARAMS)
    assert str(refused.value) == (
        f"{tmp_path / 'a.csv'}, line 2: no column 'ID'; it has number, talk, letter:"
        " rename it or set data.columns.id in params.yaml"
    )
