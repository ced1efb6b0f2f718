"""What may identify a person is found, and what only looks like it is not."""

import re
import socket
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from medsum.privacy.kinds import KINDS
from medsum.privacy.screening import find
from medsum.privacy.span import MASK, Span, disjoint

FOUND = [
    ("NAME", "Okafor", "I saw Dr. Okafor on the ward."),
    ("NAME", "Rosalind Achterberg", "Patient: My name is Rosalind Achterberg."),
    ("NAME", "darlene", "my wife darlene filled out the forms"),
    ("NAME", "Kaur, Harpreet", "Kaur, Harpreet 27F presenting with pain."),
    ("NAME", "Grace", "I told Grace to come back on Monday."),
    ("NAME", "Mark Frost", "Mr Mark Frost has been started on apixaban."),
    ("PLACE", "Bozeman", "Transferred by helicopter from Bozeman, Montana."),
    ("PLACE", "14 Elm Street, Springfield, IL 62704", "She lives at 14 Elm Street, Springfield, IL 62704."),
    ("DATE", "March third", "The bloodwork from March third is up."),
    ("DATE", "11/30/17", "Chest radiograph of 11/30/17 is normal."),
    ("DATE", "23.10.2022", "EDD 23.10.2022 by dating scan."),
    ("AGE", "97", "This 97yo F presents with falls."),
    ("AGE", "ninety-one", "Patient: I'm ninety-one and I still dance."),
    ("PHONE", "(503) 555-0162", "Cell: (503) 555-0162"),
    (
        "PHONE",
        "four one five, five five five, oh one nine eight",
        "It's four one five, five five five, oh one nine eight.",
    ),
    ("FAX", "717-555-0121", "Please fax it to 717-555-0121."),
    ("EMAIL", "tina.vu+clinic@example.org", "Patient portal login: tina.vu+clinic@example.org"),
    ("SSN", "987-65-4321", "SSN 987-65-4321."),
    ("RECORD_NUMBER", "M-55019283", "Medical record number M-55019283"),
    ("HEALTH_PLAN", "WQC00917254", "Subscriber ID WQC00917254; dependents: two."),
    ("ACCOUNT", "30099182", "Guarantor account: 30099182."),
    ("LICENCE", "D9912-4471", "Her driver's license is D9912-4471."),
    ("VEHICLE", "1HGCM82633A004352", "The VIN is 1HGCM82633A004352."),
    ("DEVICE", "ZB990417H", "Explanted ICD serial ZB990417H was returned."),
    ("URL", "https://example.org/u/achy", "I wrote it at https://example.org/u/achy."),
    ("IP_ADDRESS", "192.0.2.44", "Logged in from 192.0.2.44 at night."),
    ("BIOMETRIC", "LI_00982", "Left index fingerprint, file LI_00982."),
    ("PHOTO", "IMG_E4471.HEIC", "The wound is on IMG_E4471.HEIC, sorry about the glare."),
    ("OTHER_ID", "S19-004417", "Accession S19-004417, skin punch biopsy."),
    ("AGE", "96", "Doctor: And your mother's age?\nPatient: 96, bless her."),
    ("AGE", "nineties", "She is in her nineties."),
    ("DATE", "the 3rd", "It started on the 3rd and got worse."),
    ("DATE", "1 to 4 May", "From 1 to 4 May she was in hospital."),
    ("DATE", "The eighteenth", "Doctor: When was your last period?\nPatient: The eighteenth."),
    ("DATE", "Eleven, two, seventy-four", "Nurse: Date of birth?\nPatient: Eleven, two, seventy-four."),
    ("DATE", "Christmas Day", "Admitted Christmas Day with chest pain."),
    ("PLACE", "Antofagasta", "Doctor: Where are you from?\nPatient: Antofagasta."),
    ("PLACE", "Oakfield Primary School", "He attends Oakfield Primary School."),
    ("PLACE", "port talbot", "i'm from port talbot originally"),
    ("EMAIL", "ward7(at)hospital.example.org", "Write to ward7(at)hospital.example.org."),
    ("URL", "bit.example/3xKq", "The form is at bit.example/3xKq."),
    ("IP_ADDRESS", "one nine two dot zero dot two dot nine", "my ip is one nine two dot zero dot two dot nine"),
    ("PHOTO", "wound day 4.jpeg", "Please see wound day 4.jpeg."),
    ("BIOMETRIC", "VR-441", "Voice recording VR-441 was kept."),
    ("VEHICLE", "G-ZZXQ", "Aircraft G-ZZXQ made a forced landing."),
    ("OTHER_ID", "mo_farouk", "My username is mo_farouk."),
]
NOT_FOUND = [
    "She has had Parkinson's for about six years now.",
    "Crohn's disease, Graves' disease and Hodgkin lymphoma run in the family.",
    "Babinski sign negative bilaterally, Foley catheter in place.",
    "Take 1/2 tablet at bedtime, and hydrocodone 5/325 as needed.",
    "Room temperature 22, humidity 45%.",
    "Blood pressure was 142/88 sitting and 130/76 standing.",
    "You may march on, and will you mark where it hurts?",
    "Patient: Will it hurt?",
    "I hope it may get better by itself.",
    "Flu jabs are available from October.",
    "Allegra in the morning and Singulair at night.",
    "Platelets 150,000, white count 7,400.",
    "No COVID-19 symptoms, no L5-S1 tenderness and no B-12 deficiency; no 12-lead ECG yet.",
    "She had G-CSF, a G-TUBE, and C-DIFF after C-ANCA was negative.",
    "PERRLA, EOMI. RRR, NAD.",
    "The patient is 89 and lives with her daughter.",
    "Her pulse was 92 and her saturation is 97.",
    "I was ninety six percent without it.",
    "He's just back from Kenya.",
    "CPT 99213 billed for the visit.",
    "Section 3.1.2.4 of the guideline covers children.",
    "My lowest was one sixty five, in two thousand eleven.",
    "Christmas dinner made it worse.",
    "Call NHS 111.",
    "Nitrofurantoin, a hundred milligrams twice a day.",
    "Doctor: Fever?\nPatient: I was a hundred and one last night.",
    "Fasting 16/8, open 24/7.",
]
WORDS = [
    "Dr. Smith",
    "Maria",
    "May",
    "Will",
    "555-201-0199",
    "on 3/14/2019",
    "[NAME_1]",
    "lives in Leeds",
    "ninety-two",
    "a@b.org",
]
TEXTS = st.lists(st.sampled_from([*WORDS, ".", "\n", ", ", " "]) | st.text(max_size=8), max_size=12).map(" ".join)


@pytest.mark.parametrize(("kind", "quoted", "text"), FOUND)
def test_an_identifier_of_each_kind_is_found_whole(kind: str, quoted: str, text: str) -> None:
    assert (quoted, kind) in [(text[span.start : span.end], span.kind) for span in find(text)]


def test_the_examples_name_every_kind() -> None:
    assert {kind for kind, _, _ in FOUND} == set(KINDS)


@pytest.mark.parametrize("text", NOT_FOUND)
def test_what_only_looks_like_an_identifier_is_not_found(text: str) -> None:
    assert [text[span.start : span.end] for span in find(text)] == []


def test_a_name_that_was_introduced_is_found_again_alone() -> None:
    text = "Doctor: Hello, Mrs. Whitcombe.\nPatient: Nobody says Whitcombe right."
    assert [text[span.start : span.end] for span in find(text)] == ["Whitcombe", "Whitcombe"]


def test_masks_are_not_found() -> None:
    assert find("Hello [NAME_1], born [DATE_2], call [PHONE_1].") == []


def test_overlapping_findings_become_one_of_the_longest_kind() -> None:
    assert disjoint([Span(0, 4, "NAME"), Span(2, 9, "PLACE"), Span(9, 12, "DATE")]) == [
        Span(0, 9, "PLACE"),
        Span(9, 12, "DATE"),
    ]


@settings(deadline=None, max_examples=150)
@given(TEXTS)
def test_findings_stand_in_order_and_never_overlap(text: str) -> None:
    spans = find(text)
    assert all(0 <= span.start < span.end <= len(text) for span in spans)
    assert all(one.end <= other.start for one, other in pairwise(spans))
    assert all(not MASK.search(text[span.start : span.end]) for span in spans)


HOSTILE = [
    "my name is Maria ",
    "555-",
    "1/2 ",
    "Dr. ",
    "one two ",
    "A-1-",
    "at a dot ",
    "Elm Street, ",
    "a@",
    "Smith, ",
    "é",
    "9" * 8,
]


def steps_of(text: str) -> int:
    """How often Python's own code of the room is entered for a text."""
    import sys

    count = 0

    def counting(_frame: object, event: str, _: object) -> None:
        nonlocal count
        count += event in ("call", "c_call")

    sys.setprofile(counting)
    try:
        find(text)
    finally:
        sys.setprofile(None)
    return count


@pytest.mark.parametrize("shape", HOSTILE)
def test_work_grows_no_faster_than_the_text(shape: str) -> None:
    find(shape)  # loads the lists
    short, long = shape * 40, shape * 400
    assert steps_of(long) <= 13 * steps_of(short) + 2000


def test_nothing_asks_the_network(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise AssertionError("a connection was asked for")

    monkeypatch.setattr(socket.socket, "connect", refuse)
    monkeypatch.setattr(socket, "getaddrinfo", refuse)
    assert find("Write to maria.lopez@example.co.uk, said Maria Lopez of Leeds.")


def test_every_pattern_of_the_room_is_bounded() -> None:
    """No pattern repeats a group without a bound: such a repetition is what makes time grow faster than the text."""
    import importlib
    import pkgutil

    import medsum.privacy

    unbounded = re.compile(r"\)(?:[*+]|\{\d+,\})")
    for module in pkgutil.iter_modules(medsum.privacy.__path__):
        for name, value in vars(importlib.import_module(f"medsum.privacy.{module.name}")).items():
            if isinstance(value, re.Pattern):
                assert not unbounded.search(re.sub(r"\\.", "", value.pattern)), f"{module.name}.{name}"
