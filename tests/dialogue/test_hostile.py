"""One visit wrapped and encoded as tools do: the same turns, the same flags; or a refusal in one sentence."""

import html
import json
import time

import pytest

from medsum.core.errors import UserError
from medsum.corpus.visits import dialogue_of, text_of_file
from medsum.dialogue.characters import clean_text
from medsum.faithfulness.evidence import evidence

TURNS = [
    ("Doctor", "Do you have any chest pain?"),
    ("Patient", "No, I don't have chest pain. My left knee hurts, 4 out of 10."),
    ("Doctor", "Any fever or chills?"),
    ("Patient", "Yes, I had a fever of 101 for 3 days."),
]
PLAIN = "\n".join(f"{tag}: {said}" for tag, said in TURNS)
NOTES = (
    "Denies chest pain. Reports fever.", "Reports chest pain. Denies fever.", "Left knee pain 4/10.",
    "Fever of 42 for 12 days.",
)  # fmt: skip


def flags(dialogue: str) -> list[list[tuple[str, str, int]]]:
    return [[(f.severity, f.category, f.start) for f in evidence(dialogue, note).flags] for note in NOTES]


WANTED = flags(PLAIN)


def lined(form: str) -> str:
    return "\n".join(form.format(i=i, tag=tag, said=said) for i, (tag, said) in enumerate(TURNS))


def joined(between: str) -> str:
    return between.join(f"{tag}: {said}" for tag, said in TURNS)


def document(start: str, form: str, end: str) -> str:
    return start + "".join(form.format(tag=tag, said=said) for tag, said in TURNS) + end


def mathematical(word: str) -> str:
    return "".join(chr((0x1D400 - 65 if letter.isupper() else 0x1D41A - 97) + ord(letter)) for letter in word)


def full_width(word: str) -> str:
    return "".join(chr(ord(letter) + 0xFEE0) for letter in word)


WRAPPED = {
    "Zoom": lined("0{i}:12:42 {tag}: {said}"),
    "Teams": lined("0:{i}:12.42 --> 0:{i}:13.9\n{tag}\n{said}\n"),
    "Otter": lined("{tag}  0:4{i}\n{said}\n"),
    "time in parentheses": lined("({i}:42) {tag}: {said}"),
    "time after the tag": lined("{tag} ({i}:42): {said}"),
    "time in brackets after the tag": lined("{tag} [00:0{i}:42]: {said}"),
    "ISO time": lined("2024-03-0{i}T10:42:00Z {tag}: {said}"),
    "seconds": lined("[{i}.42s] {tag}: {said}"),
    "Whisper": lined("[00:0{i}.000 --> 00:0{i}.420]  {tag}: {said}"),
    "count and dot": lined("4{i}. {tag}: {said}"),
    "line numbers": lined("  4{i}  {tag}: {said}"),
    "L42": lined("L4{i}: {tag}: {said}"),
    "Markdown list": lined("* **{tag}**: {said}"),
    "Markdown table": "| Speaker | Text |\n|---|:---:|\n" + lined("| {tag} | {said} |"),
    "Markdown headings": lined("### {tag}\n{said}\n"),
    "Markdown quotes": lined("> **{tag}:** {said}\n>"),
    "fence": f"```text\n{PLAIN}\n```",
    "HTML paragraphs": document("", "<p><b>{tag}:</b> {said}</p>", ""),
    "HTML table": document("<table>", "<tr><td>{tag}</td><td>{said}</td></tr>", "</table>"),
    "HTML terms": document("<dl>", "<dt>{tag}</dt><dd>{said}</dd>", "</dl>"),
    "XML": document("<visit>", '<turn n="4" speaker="{tag}">{said}</turn>', "</visit>"),
    "TEI": document("<body>", '<u who="#{tag}">{said}</u>', "</body>"),
    "BBCode": lined("[b]{tag}:[/b] {said}"),
    "end of sequence": joined("</s>"),
    "slashes": joined(" // "),
    "next line": joined("\x85"),
    "line separator": joined("\u2028"),
    "carriage return": joined("\r"),
    "arrow": lined("{tag} \u2192 {said}"),
    "IRC": lined("10:4{i} <{tag}> {said}"),
    "WhatsApp": lined("[12/03/2024, 10:4{i}:42] {tag}: {said}"),
    "WhatsApp without brackets": lined("12/03/24, 10:4{i} - {tag}: {said}"),
    "ids of people": lined("{tag} (ID 4242): {said}"),
    "foot of a page": PLAIN.replace("\nDoctor: Any f", "\nPage 1 of 42\n- 42 -\n\x0cDoctor: Any f"),
    "head and end": f"Visit transcript\nDate: 12 March 2024\n\n{PLAIN}\n\n[End of transcript]",
    "full width tags": "\n".join(f"{full_width(tag)}\uff1a{said}" for tag, said in TURNS),
    "mathematical tags": "\n".join(f"{mathematical(tag)}: {said}" for tag, said in TURNS),
    "JSON list of turns": json.dumps([f"{tag}: {said}" for tag, said in TURNS]),
    "JSON pairs": json.dumps(TURNS),
    "JSON objects": json.dumps([{tag: said} for tag, said in TURNS]),
    "JSON chat": json.dumps([{"role": tag.lower(), "content": said} for tag, said in TURNS]),
}


def curled(text: str, sign: str = "\u2019") -> str:
    return text.replace("'", sign)


ENCODED = {
    "UTF-8 with a mark": PLAIN.encode("utf-8-sig"),
    "two marks": b"\xef\xbb\xbf" * 2 + PLAIN.encode(),
    "UTF-16": PLAIN.encode("utf-16"),
    "UTF-16 without a mark": PLAIN.encode("utf-16-le"),
    "UTF-16 big endian": PLAIN.encode("utf-16-be"),
    "UTF-32": PLAIN.encode("utf-32"),
    "Windows-1252": curled(PLAIN).encode("cp1252"),
    "Windows-1250": curled(PLAIN).encode("cp1250"),
    "Mac Roman": curled(PLAIN).encode("mac_roman"),
    "UTF-7": curled(PLAIN).encode("utf-7"),
    "UTF-8 as Windows-1252": curled(PLAIN).encode().decode("cp1252").encode(),
    "UTF-8 as Latin-1": curled(PLAIN).encode().decode("latin-1").encode(),
    "UTF-8 as Windows-1252 twice": curled(PLAIN).encode().decode("cp1252").encode().decode("cp1252", "ignore").encode(),
    "HTML": html.escape(PLAIN).encode(),
    "decimal entity": curled(PLAIN, "&#8217;").encode(),
    "hexadecimal entity": curled(PLAIN, "&#x2019;").encode(),
    "entity of an entity": curled(PLAIN, "&amp;#39;").encode(),
    "named entity": curled(PLAIN, "&rsquo;").encode(),
    "quoted printable": curled(PLAIN, "=E2=80=99").encode(),
    "URL": curled(PLAIN, "%27").encode(),
    "URL of a curled sign": curled(PLAIN, "%E2%80%99").encode(),
    "JavaScript": curled(PLAIN, "\\u2019").encode(),
    "escaped byte": curled(PLAIN, "\\x27").encode(),
    "escaped sign": curled(PLAIN, "\\'").encode(),
    "doubled for SQL": curled(PLAIN, "''").encode(),
    "lost": curled(PLAIN, "\ufffd").encode(),
    "question mark": curled(PLAIN, "?").encode(),
    "blank": curled(PLAIN, " ").encode(),
    "no-break spaces": PLAIN.replace(" ", "\u00a0").encode(),
    "zero width space": PLAIN.replace("chest", "ch\u200best").encode(),
    "soft hyphen": PLAIN.replace("fever", "fe\u00adver").encode(),
    "Cyrillic look-alikes": PLAIN.replace("o", "\u043e").encode(),
    "Greek question mark": PLAIN.replace("?", "\u037e").encode(),
    "end of a DOS file": PLAIN.replace("\n", "\r\n").encode() + b"\x1a",
    "doubled line ends": PLAIN.replace("\n", "\r\r\n").encode(),
}


OTHER_WORDS = {
    "koi8-r": "\u041c\u0435\u043d\u044f \u0437\u043e\u0432\u0443\u0442",
    "cp1251": "\u041c\u0435\u043d\u044f \u0437\u043e\u0432\u0443\u0442",
    "cp1253": "\u03a0\u03bf\u03bd\u03ac\u03c9 \u03c0\u03bf\u03bb\u03cd",
    "shift_jis": "\u60a3\u8005\u3067\u3059",
    "gb18030": "\u75c5\u4eba\u7684",
    "big5": "\u75c5\u4eba\u7684\u80f8\u75db",
    "euc_kr": "\ud658\uc790\uc758",
}


@pytest.mark.parametrize("encoding", OTHER_WORDS)
def test_a_file_in_another_encoding_is_refused_and_not_guessed(encoding: str) -> None:
    content = f"{PLAIN}\nDoctor: {OTHER_WORDS[encoding]}.".encode(encoding)
    with pytest.raises(UserError, match="line 5: not UTF-8 at byte"):
        text_of_file(content)


@pytest.mark.parametrize(
    "words",
    ["Ménière’s “crisis” – 37,5 °C…", "cliché…” «naïve»", "Señora Muñoz, ½ tablet", "Größe, façade, œuvre, Zoë"],
)
def test_words_of_western_languages_in_windows_1252_are_read(words: str) -> None:
    assert text_of_file(f"{PLAIN}\nDoctor: {words}".encode("cp1252")) == (
        f"{PLAIN}\nDoctor: {words}",
        "The file is not UTF-8 and was read as Windows-1252.",
    )


@pytest.mark.parametrize("name", WRAPPED)
def test_a_wrapping_changes_neither_turns_nor_flags(name: str) -> None:
    dialogue = dialogue_of(WRAPPED[name])
    assert [(turn.speaker, turn.said) for turn in dialogue.turns] == TURNS
    assert flags(dialogue.text) == WANTED


@pytest.mark.parametrize("name", ENCODED)
def test_an_encoding_changes_neither_turns_nor_flags(name: str) -> None:
    dialogue = dialogue_of(text_of_file(ENCODED[name])[0])
    assert dialogue.text == PLAIN
    assert flags(dialogue.text) == WANTED


@pytest.mark.parametrize(
    "text",
    [
        json.dumps(["Doctor: Any pain?\nPatient: No.", "Doctor: Any fever?\nPatient: Yes."]),
        json.dumps(["Doctor: Any pain? Patient: No.", "Doctor: Any fever? Patient: Yes."]),
        json.dumps([{"dialogue": "Patient: No."}, {"dialogue": "Doctor: Yes."}]),
        json.dumps({"ID": "1", "dialogue": PLAIN}) + json.dumps({"ID": "2", "dialogue": PLAIN}),
        '{"dialogue": "Doctor: Any pain?", "n": ' + "1" * 5000 + "}",
        '{"dialogue": "Doctor: \\ud800"}',
        repr([f"{tag}: {said}" for tag, said in TURNS]),
    ],
)
def test_what_may_be_two_visits_or_is_torn_is_refused_in_a_sentence(text: str) -> None:
    with pytest.raises(UserError) as refused:
        dialogue_of(text)
    assert "\n" not in str(refused.value)


def test_a_long_word_without_latin_letters_is_read_at_once() -> None:
    word = "\u5b57" * 100_000  # quadratic work on it would take minutes
    begun = time.process_time()
    assert clean_text(f"Doctor: {word}") == f"Doctor: {word}"
    assert time.process_time() - begun < 10
    assert clean_text("Doctor: p\u0430in") == "Doctor: pain"


@pytest.mark.parametrize(
    "lines",
    [
        "LOW CLINIC Page {0} of 9\nSame words here\nDoctor: How is it?\nPatient: It is good.\n",
        "Q. How is it?\nA. It is good.\n",
        "Doctor (98%) how is it\nPatient (97%) it is good\n",
        "[00:00.3 --> 00:02.8] [SPEAKER_01]: It is good.\n[00:03.3 --> 00:04.8] [SPEAKER_02]: It is.\n",
        "DOCTOR\n\nHow is it?\n\nMRS. LOW\n\nIt is good.\n\n",
        "Doctor: How is it? (10:02)\nPatient: It is good. (10:02)\nqueue=a,b=c;d=1:2:3:4:5 x\n",
    ],
)
def test_the_time_to_read_grows_with_the_number_of_lines_and_not_faster(lines: str) -> None:
    begun = time.process_time()
    dialogue_of("".join(lines.format(number) for number in range(1, 4001)))
    assert time.process_time() - begun < 10
