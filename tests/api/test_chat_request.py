"""What a chat request asks for, and which requests are refused."""

import json
import time
from contextlib import suppress
from typing import Any

import pytest

from medsum.api.answer_form import form_of
from medsum.api.chat_request import ChatRequest, dialogue_of, require_supported, wish_of
from medsum.api.errors import ApiError
from medsum.api.section_wish import Wish, require_each_once

USER = {"role": "user", "content": "Patient: No."}
NOTE = {"summary": "No pain. No fever.", "evidence": [{"sentence": "No pain."}, {"sentence": "No fever."}]}


def asked(*messages: dict[str, Any], **fields: Any) -> ChatRequest:
    return ChatRequest.model_validate({"model": "serving", "messages": [*messages, USER], **fields})


def system(text: str, role: str = "system") -> dict[str, Any]:
    return {"role": role, "content": text}


@pytest.mark.parametrize(
    ("messages", "wish"),
    [
        ([], Wish("auto")),
        ([system("HPI")], Wish("HPI")),
        ([system("History of Present Illness.")], Wish("HISTORY OF PRESENT ILLNESS")),
        ([system(" any ", "developer")], Wish("ANY")),
        ([system("You are a scribe.\nSection: medications.\nBe brief.")], Wish("MEDICATIONS")),
        (
            [system("You are a scribe.\r\n  sections : hpi,  Medications. \r\nBe brief.")],
            Wish(None, "HPI, MEDICATIONS"),
        ),
        ([system("Sections: auto"), system("Be brief.")], Wish(None, "AUTO")),
        ([system("Sections:")], Wish(None, "")),  # meant as a list, and refused later
        ([system("Sections: HPI"), system("sections: hpi.")], Wish(None, "HPI")),
        ([system("HPI, review of systems, auto.")], Wish(None, "HPI, REVIEW OF SYSTEMS, AUTO")),
        ([system("HPI,PLANN")], Wish(None, "HPI,PLANN")),  # meant as headers, and refused later
        ([system("HPI, plan, and what the patient said")], Wish("auto")),
        ([system("GENHXX")], Wish("GENHXX")),  # meant as a header, and refused later
        ([system("Summarise the plan and the labs of this visit.")], Wish("auto")),
        ([system(f"Section: {'as the visit needs, ' * 9}")], Wish("auto")),
        ([system(f"Sections: {'as the visit needs ' * 9}, and so on")], Wish("auto")),
        ([system("The note has sections: HPI, PLAN")], Wish("auto")),
        ([system("Section: HPI"), system("Patient name: A B")], Wish("HPI")),
        ([system("")], Wish("auto")),
    ],
)
def test_a_system_message_names_sections_if_it_does_so_plainly(messages: list[dict[str, Any]], wish: Wish) -> None:
    assert wish_of(asked(*messages)) == wish


def test_metadata_comes_before_a_system_message() -> None:
    assert wish_of(asked(system("HPI"), metadata={"section": "PLAN", "user": "x"})) == Wish("PLAN")
    assert wish_of(asked(system("Section: HPI"), metadata={"sections": "PLAN,auto"})) == Wish(None, "PLAN,auto")
    assert wish_of(asked(system("HPI"), metadata={"section": None, "sections": None})) == Wish("HPI")


@pytest.mark.parametrize("key", ["section", "sections"])
@pytest.mark.parametrize("value", [7, ["HPI"], {"a": 1}])
def test_sections_in_metadata_must_be_text(key: str, value: object) -> None:
    with pytest.raises(ApiError, match=f"metadata.{key} is not text; write"):
        wish_of(asked(metadata={key: value}))


def test_one_section_together_with_several_is_refused() -> None:
    with pytest.raises(ApiError, match="metadata names both section and sections; leave one of them out"):
        wish_of(asked(metadata={"section": "HPI", "sections": "PLAN"}))
    with pytest.raises(ApiError, match="the query repeats section or sections"):
        require_each_once([("sections", "HPI"), ("x", "1"), ("x", "2"), ("sections", "PLAN")])
    require_each_once([("sections", "HPI"), ("x", "1"), ("x", "2")])


@pytest.mark.parametrize(
    "text", ["Section: HPI\nSection: PLAN", "Section: HPI\nSections: HPI", "sections:a\nsections:b"]
)
def test_several_lines_that_differ_are_refused(text: str) -> None:
    with pytest.raises(ApiError, match="name several sections; write one line such as 'Sections: HPI, MEDICATIONS'"):
        wish_of(asked(system(text)))


@pytest.mark.parametrize("text", ["section: a{}b", "{}section", "sections{}", "section{}\n", "{}"])
@pytest.mark.parametrize("many", [" ", "\t ", "HPI, ", "section: hpi\n", ":", ","])
def test_a_hostile_message_is_read_at_once(text: str, many: str) -> None:
    begun = time.process_time()
    with suppress(ApiError):
        wish_of(asked(system(text.format(many * 50_000))))
    assert time.process_time() - begun < 1


def test_parts_of_text_are_the_dialogue_one_a_line() -> None:
    parts = [{"type": "text", "text": "Doctor: Any pain?"}, {"type": "text", "text": "Patient: No."}]
    request = ChatRequest.model_validate({"model": "m", "messages": [{"role": "user", "content": parts}]})
    assert dialogue_of(request) == "Doctor: Any pain?\nPatient: No."


@pytest.mark.parametrize(
    "messages",
    [
        [],
        [system("HPI")],
        [USER, USER],
        [USER, {"role": "assistant", "content": "No pain."}],
        [{"role": "tool", "content": "x"}, USER],
    ],
)
def test_no_dialogue_or_a_conversation_is_refused(messages: list[dict[str, Any]]) -> None:
    with pytest.raises(ApiError, match="send one user message"):
        dialogue_of(ChatRequest.model_validate({"model": "m", "messages": messages}))


def test_a_picture_is_refused() -> None:
    part = {"type": "image_url", "image_url": {"url": "http://192.0.2.1/x.png"}}
    request = ChatRequest.model_validate({"model": "m", "messages": [{"role": "user", "content": [part]}]})
    with pytest.raises(ApiError, match="send only text"):
        dialogue_of(request)


@pytest.mark.parametrize(
    "fields",
    [
        {"n": 2},
        {"n": 0},
        {"tools": [{"type": "function"}]},
        {"functions": [{"name": "f"}]},
        {"logprobs": True},
        {"modalities": ["text", "audio"]},
    ],
)
def test_what_would_change_the_answer_is_refused_in_a_sentence(fields: dict[str, Any]) -> None:
    with pytest.raises(ApiError, match="leave") as refused:
        require_supported(asked(**fields))
    assert (refused.value.status, refused.value.code) == (400, "unsupported_value")


def test_settings_of_the_search_are_ignored() -> None:
    ignored = {"temperature": 0.2, "top_p": 1, "seed": 7, "stop": ["\n"], "max_tokens": 9, "user": "x", "best_of": 3}
    require_supported(asked(n=1, tools=[], logprobs=False, modalities=["text"], **ignored))
    require_supported(asked(tools=[{"type": "function"}], tool_choice="none"))


def schema(**properties: object) -> dict[str, Any]:
    return {"type": "json_schema", "json_schema": {"name": "x", "schema": {"properties": properties}}}


def test_a_schema_of_one_property_is_filled_with_the_note_or_its_sentences() -> None:
    points = schema(key_points={"type": "array", "items": {"type": "string"}})
    assert json.loads(form_of(points)(NOTE)) == {"key_points": ["No pain.", "No fever."]}
    assert json.loads(form_of(schema(narrative={"type": "string"}))(NOTE)) == {"narrative": "No pain. No fever."}
    unchecked = {"summary": "No pain. No fever.", "evidence": []}
    assert json.loads(form_of(points)(unchecked)) == {"key_points": ["No pain. No fever."]}
    assert json.loads(form_of(points)({"summary": "", "evidence": []})) == {"key_points": []}
    assert form_of(None)(NOTE) == form_of({"type": "text"})(NOTE) == "No pain. No fever."


@pytest.mark.parametrize(
    "wanted",
    [
        {"type": "json_object"},
        {"type": "json_schema"},
        {"type": "json_schema", "json_schema": {"schema": {"properties": 3}}},
        schema(),
        schema(a={"type": "string"}, b={"type": "string"}),
        schema(a={"type": "integer"}),
        schema(a={"type": "string", "enum": ["x"]}),
        schema(a={"type": "array", "items": {"type": "integer"}}),
        schema(a=["string"]),
        {"type": ["text"]},
    ],
)
def test_another_form_is_refused(wanted: dict[str, Any]) -> None:
    with pytest.raises(ApiError, match="response_format must be text, or a json_schema with one property"):
        form_of(wanted)
