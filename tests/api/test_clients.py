"""The clients that people have: OpenAI's, LangChain's, curl, a scribe, and the commands of docs/endpoint.md."""

import json
import re
import subprocess
import sys
from typing import Any

import httpx2
import openai
import pytest
from fhir.resources.R4B.composition import Composition
from langchain_openai import ChatOpenAI
from pydantic import BaseModel

from tests.api.conftest import DIALOGUE, SECRET
from tests.conftest import ROOT

pytestmark = pytest.mark.slow
PAGE = (ROOT / "docs/endpoint.md").read_text(encoding="utf-8")
USER: Any = [{"role": "user", "content": DIALOGUE}]


class Points(BaseModel):
    """What a scribe asks for."""

    key_points: list[str]


@pytest.fixture
def client(address: str) -> openai.OpenAI:
    return openai.OpenAI(base_url=f"{address}/v1", api_key="none", max_retries=0)


def test_openai_lists_the_model_and_gets_a_note_with_its_evidence(client: openai.OpenAI) -> None:
    [model] = client.models.list().data
    assert client.models.retrieve(model.id) == model
    answer = client.chat.completions.create(model=model.id, messages=USER, metadata={"section": "hpi"}, temperature=0.2)
    note: Any = answer.model_extra["medsum"] if answer.model_extra else None
    assert (answer.object, answer.model, answer.choices[0].finish_reason) == ("chat.completion", "serving", "stop")
    assert answer.choices[0].message.content == note["summary"] != ""
    assert note["section"] == "GENHX"
    assert note["dialogue"] == DIALOGUE.split("\n")
    assert {row["standing"] for row in note["evidence"]} <= {"supported", "contradicted", "not found", "not checkable"}
    assert len(note["model_sha256"]) == 64
    assert answer.usage
    assert answer.usage.total_tokens == answer.usage.prompt_tokens + answer.usage.completion_tokens > 20


def test_a_stream_gives_the_same_note_then_its_evidence_and_usage(client: openai.OpenAI) -> None:
    whole: Any = client.chat.completions.create(model="serving", messages=USER)
    stream = client.chat.completions.create(
        model="serving", messages=USER, stream=True, stream_options={"include_usage": True}
    )
    chunks: list[Any] = list(stream)
    texts = [chunk.choices[0].delta.content or "" for chunk in chunks if chunk.choices]
    assert "".join(texts) == whole.choices[0].message.content
    *_, end, usage = chunks
    assert end.choices[0].finish_reason == "stop"
    assert end.medsum == whole.medsum
    assert usage.usage == whole.usage
    assert len({chunk.id for chunk in chunks}) == 1


def test_a_parsed_answer_holds_the_sentences(client: openai.OpenAI) -> None:
    answer: Any = client.chat.completions.parse(model="serving", messages=USER, response_format=Points)
    sentences = [row["sentence"] for row in answer.medsum["evidence"]]
    assert answer.choices[0].message.parsed.key_points == sentences != []


def test_errors_are_those_that_openai_raises(client: openai.OpenAI) -> None:
    with pytest.raises(openai.BadRequestError, match="no speaker is named"):
        client.chat.completions.create(model="serving", messages=[{"role": "user", "content": f"{SECRET} came in."}])
    with pytest.raises(openai.BadRequestError, match="there is no such section"):
        client.chat.completions.create(model="serving", messages=USER, metadata={"section": "GENHXX"})
    with pytest.raises(openai.NotFoundError, match="this server serves serving") as refused:
        client.chat.completions.create(model=SECRET, messages=USER)
    assert (refused.value.code, refused.value.param) == ("model_not_found", "model")
    with pytest.raises(openai.BadRequestError, match="one note is written") as refused_n:
        client.chat.completions.create(model="serving", messages=USER, n=2)
    assert refused_n.value.param == "n"


def test_langchain_invokes_streams_and_parses(address: str) -> None:
    model = ChatOpenAI(
        base_url=f"{address}/v1", api_key="none", model="serving", include_response_headers=True  # type: ignore[arg-type]
    )  # fmt: skip
    note = model.invoke([("system", "HPI"), ("user", DIALOGUE)])
    assert note.content
    assert note.usage_metadata
    assert int(note.response_metadata["headers"]["medsum-major-flags"]) >= 0
    assert (
        "".join(str(chunk.content) for chunk in model.stream([("system", "HPI"), ("user", DIALOGUE)])) == note.content
    )
    parsed: Any = model.with_structured_output(Points, method="json_schema").invoke(DIALOGUE)
    assert parsed.key_points


def test_the_request_of_a_scribe_is_answered_in_its_schema(address: str) -> None:
    """The shape that Phlox sends for each field of a template, with an empty line after its prompt."""
    prompt = "You are a professional transcript summarisation assistant.\nSection: plan\n"
    sent = {
        "model": "serving",
        "messages": [
            {"role": "system", "content": prompt},
            {"role": "system", "content": "Patient name: A B Age: 50 Gender: F DOB: 1976-01-01"},
            *USER,
        ],
        "temperature": 0.1,
        "response_format": {
            "type": "json_schema",
            "json_schema": {"name": "FieldResponse", "schema": Points.model_json_schema()},
        },
    }
    answer = httpx2.post(f"{address}/v1/chat/completions", json=sent, timeout=60).json()
    assert answer["medsum"]["section"] == "PLAN"
    assert Points.model_validate_json(answer["choices"][0]["message"]["content"]).key_points


def blocks(language: str) -> list[str]:
    found: list[str] = re.findall(rf"```{language}\n(.*?)```", PAGE, flags=re.DOTALL)
    return found


@pytest.mark.parametrize("shown", blocks("sh"))
def test_the_curl_of_the_docs_works(shown: str, address: str) -> None:
    command = shown.replace("http://localhost:7860", address)
    done = subprocess.run(["bash", "-c", command], capture_output=True, encoding="utf-8", timeout=60, check=True)
    answer = json.loads(done.stdout)
    if "resourceType" in answer:
        assert Composition.model_validate(answer).status == "preliminary"
        assert answer["section"][0]["title"] == "Allergies"
    elif "sections" in answer["medsum"]:
        assert [row["section"] for row in answer["medsum"]["sections"]] == ["GENHX", "MEDICATIONS", "ALLERGY"]
    else:
        assert answer["medsum"]["section"] == "ALLERGY"


@pytest.mark.parametrize("shown", blocks("python"))
def test_the_python_of_the_docs_works(shown: str, address: str) -> None:
    script = shown.replace("http://localhost:7860", address)
    done = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, encoding="utf-8", timeout=60, check=False
    )
    assert done.returncode == 0, done.stderr
    assert done.stdout


def test_the_description_is_openapi_and_its_page_loads_nothing(address: str) -> None:
    described = httpx2.get(f"{address}/v1/openapi.json").json()
    assert described["openapi"].startswith("3.")
    assert "422" not in json.dumps(described)  # wrong forms are a 400, as OpenAI's are
    assert set(described["paths"]) == {"/v1/chat/completions", "/v1/fhir", "/v1/models", "/v1/models/{name}"}
    page = httpx2.get(f"{address}/v1/docs")
    assert page.headers["content-type"].startswith("text/html")
    assert "<code>POST /v1/fhir</code>" in page.text
    assert re.findall(r"""(?:src|href)=["']?([^"' >]*)""", page.text) == ["/v1/openapi.json"]
    assert not re.findall(r"<script|url\(|@import", page.text)
