"""Notes of several sections over the running endpoint. They are the notes that the command line writes."""

import json
from pathlib import Path
from typing import Any

import httpx2
import openai
import pytest
from fhir.resources.R4B.composition import Composition
from langchain_openai import ChatOpenAI
from pydantic import BaseModel

from tests.api.conftest import answering
from tests.api.test_fhir import attached, encoded
from tests.conftest import run_script, set_params

pytestmark = pytest.mark.slow
CHAT, FHIR = "/v1/chat/completions", "/v1/fhir"
VISIT = (
    "Doctor: What brings you in?\nPatient: I have had a cough for two weeks.\nDoctor: What do you take?\n"
    "Patient: Lisinopril, ten milligrams.\nDoctor: Any allergies?\nPatient: Penicillin gives me hives."
)
USER: Any = [{"role": "user", "content": VISIT}]
WISH = {"sections": "allergies, HPI,MEDICATIONS"}
OWN = ("section", "heading", "summary", "start", "end", "risk")


class Points(BaseModel):
    """What a scribe asks for."""

    key_points: list[str]


def chat(**fields: Any) -> dict[str, Any]:
    return {"model": "serving", "messages": USER, **fields}


@pytest.fixture
def client(address: str) -> openai.OpenAI:
    return openai.OpenAI(base_url=f"{address}/v1", api_key="none", max_retries=0)


@pytest.fixture(scope="module")
def visit(api_project: Path) -> dict[str, Any]:
    """The note that the command line writes."""
    done = run_script(api_project, "summarize.py", "--input", VISIT, "--sections", WISH["sections"], "--json")
    assert done.returncode == 0, done.stderr
    note: dict[str, Any] = json.loads(done.stdout)
    return note


def test_openai_gets_the_note_that_the_command_line_writes(client: openai.OpenAI, visit: dict[str, Any]) -> None:
    answer: Any = client.chat.completions.create(model="serving", messages=USER, metadata=WISH)
    note = {key: value for key, value in answer.medsum.items() if key not in ("model_sha256", "software")}
    assert note == visit
    assert answer.choices[0].message.content == visit["summary"]
    assert [row["section"] for row in visit["sections"]] == ["GENHX", "MEDICATIONS", "ALLERGY"]
    assert all(tuple(row) == OWN for row in visit["sections"])
    for row in filter(lambda row: row["summary"], visit["sections"]):
        assert f"{row['heading']}:\n{row['summary']}" in visit["summary"]
        assert visit["summary"][row["start"] : row["end"]] == row["summary"]
        assert 0 <= row["risk"] <= 1
    assert {row["section"] for row in visit["evidence"]} <= {"GENHX", "MEDICATIONS", "ALLERGY"}
    system: Any = {"role": "system", "content": "You are a scribe.\nSections: Allergies, hpi, medications.\n"}
    again: Any = client.chat.completions.create(model="serving", messages=[system, *USER])
    assert again.medsum == answer.medsum
    one: Any = client.chat.completions.create(model="serving", messages=USER, metadata={"section": "HPI"})
    assert answer.usage.prompt_tokens > 2 * one.usage.prompt_tokens


def test_a_stream_and_a_schema_hold_the_same_note(client: openai.OpenAI, visit: dict[str, Any]) -> None:
    chunks: list[Any] = list(
        client.chat.completions.create(
            model="serving", messages=USER, metadata=WISH, stream=True, stream_options={"include_usage": True}
        )
    )
    texts = [chunk.choices[0].delta.content or "" for chunk in chunks if chunk.choices]
    assert "".join(texts) == visit["summary"]
    assert chunks[-2].medsum["sections"] == visit["sections"]
    assert chunks[-1].usage.completion_tokens > 0
    parsed: Any = client.chat.completions.parse(model="serving", messages=USER, metadata=WISH, response_format=Points)
    assert parsed.choices[0].message.parsed.key_points == [row["sentence"] for row in visit["evidence"]]


def test_langchain_reads_the_headings_and_the_headers_of_the_flags(address: str, visit: dict[str, Any]) -> None:
    model = ChatOpenAI(
        base_url=f"{address}/v1", api_key="none", model="serving", include_response_headers=True  # type: ignore[arg-type]
    )  # fmt: skip
    note = model.invoke([("system", f"Sections: {WISH['sections']}"), ("user", VISIT)])
    assert note.content == visit["summary"]
    major = sum(flag["severity"] == "major" for flag in visit["flags"])
    assert note.response_metadata["headers"]["medsum-major-flags"] == str(major)


def test_auto_chooses_the_sections_that_the_command_line_chooses(api_project: Path, address: str) -> None:
    done = run_script(api_project, "summarize.py", "--input", VISIT, "--sections", "plan,auto", "--json")
    answer = httpx2.post(address + CHAT, json=chat(metadata={"sections": "plan,auto"}), timeout=60).json()
    assert answer["medsum"]["sections"] == json.loads(done.stdout)["sections"]
    assert len(answer["medsum"]["sections"]) > 1


def test_fhir_has_one_section_for_each(address: str, visit: dict[str, Any]) -> None:
    document = attached(contentType="text/plain", data=encoded(VISIT))
    answer = httpx2.post(f"{address}{FHIR}?sections=HPI,MEDICATIONS,ALLERGY", json=document, timeout=60)
    found = answer.json()
    assert Composition.model_validate(found).status == "preliminary"
    *own, check = found["section"]
    assert [row["title"] for row in own] == [row["heading"] for row in visit["sections"]]
    assert ["text" in row for row in own] == [bool(row["summary"]) for row in visit["sections"]]
    assert check["title"] == "Check before signing"
    assert len(check.get("entry", [])) == len(visit["flags"])


@pytest.mark.parametrize(
    ("fields", "query", "sentence"),
    [
        ({"section": "HPI", "sections": "PLAN"}, "section=HPI&sections=PLAN", "both section and sections"),
        ({"sections": "HPI, Zebulon"}, "sections=HPI,Zebulon", "there is no such section as number 2 of the list; "),
        ({"sections": ""}, "sections=", "0 sections are named; name 1 to 40 sections, separated by commas, or auto"),
        (
            {"sections": " , "},
            "sections=%20,",
            "0 sections are named; name 1 to 40 sections, separated by commas, or auto",
        ),
        ({"sections": "HPI," * 41}, f"sections={'HPI,' * 41}", "41 sections are named"),
        ({"section": "HPI,Zebulon"}, "section=HPI,Zebulon", "separated by commas, as 'sections'"),
        ({"sections": ["HPI"]}, "sections=HPI&sections=PLAN", "write"),
    ],
)
def test_a_wrong_list_gets_one_sentence(fields: dict[str, Any], query: str, sentence: str, address: str) -> None:
    for stream in (False, True):
        answer = httpx2.post(address + CHAT, json=chat(metadata=fields, stream=stream), timeout=60)
        assert answer.status_code == 400
        assert sentence in answer.json()["error"]["message"]
        assert "Zebulon" not in answer.text
    document = attached(contentType="text/plain", data=encoded(VISIT))
    refused = httpx2.post(f"{address}{FHIR}?{query}", json=document, timeout=60)
    assert refused.status_code == 400
    assert sentence in refused.json()["issue"][0]["diagnostics"]
    assert "Zebulon" not in refused.text


def test_a_visit_may_be_held_back_and_is_in_the_audit_log_without_a_word(api_project: Path) -> None:
    set_params(api_project, **{"note.hold_back": 0.99})
    try:
        with answering(api_project, "--audit-log", "audit.jsonl") as (address, _):
            answer = httpx2.post(address + CHAT, json=chat(metadata=WISH), timeout=60)
            document = attached(contentType="text/plain", data=encoded(VISIT))
            composed = httpx2.post(f"{address}{FHIR}?sections=auto", json=document, timeout=60)
            assert httpx2.post(address + CHAT, json=chat(metadata={"sections": ""}), timeout=60).status_code == 400
    finally:
        set_params(api_project, **{"note.hold_back": None})
    assert answer.status_code == 200, answer.text
    assert answer.headers["medsum-held-back"] == "true"
    assert answer.json()["medsum"]["held_back"]
    assert "held back because of its risk" in composed.text
    log = (api_project / "audit.jsonl").read_text(encoding="utf-8")
    rows = [json.loads(line) for line in log.splitlines()]
    assert [(row["entry"], row["outcome"]) for row in rows] == [
        (CHAT, "held back"), (FHIR, "held back"), (CHAT, "refused")
    ]  # fmt: skip
    assert not {"cough", "penicillin", "hives"} & set(log.lower().split())
