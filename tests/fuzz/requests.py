"""What visitors of the page and clients of the endpoint send: the handlers run in this process, on a tiny model."""

import base64
import json
import random
from collections.abc import Callable, Iterable, Iterator
from functools import cache
from pathlib import Path
from types import SimpleNamespace
from typing import Any

from fastapi import FastAPI
from starlette.testclient import TestClient

from medsum.api.served import Served, served
from medsum.api.server import api_of
from medsum.core.errors import UserError
from medsum.generation.model_choice import open_summarizer
from medsum.serve.audit_log import AuditLog, Uses
from medsum.serve.guard import guarding
from medsum.serve.hosts import Hosts
from medsum.serve.keeping import Corrections
from medsum.serve.page import Page, open_file
from tests.api.test_fhir import attached, bundle
from tests.fuzz.mutation import DIALOGUES, MARKER, changed_value, damaged, damaged_document, odd_text, odd_value
from tests.fuzz.source_files import CUES, encoded, made_document, made_workbook

Case = Callable[[random.Random, Path], object]
ADDRESS = "http://127.0.0.1"
NOTES = ("He has a cough for 3 days. No fever.", "HISTORY:\nCough.\n\nMEDICATIONS:\nLisinopril 10 mg twice a day.")
SECTIONS = ("auto", "HPI", "any", "GENHX, MEDICATIONS", "auto,HPI")
VISITOR = SimpleNamespace(session_hash="visitor")
TABLE = "id,dialogue,section\n" + "".join(f'v{n},"{text}",HPI\n' for n, text in enumerate(DIALOGUES))


@cache
def model() -> Served:
    """The tiny model, opened once."""
    log = AuditLog(Path("audit.jsonl"), None)
    return served("serving", open_summarizer("serving"), Uses("ab" * 32, log))


@cache
def page() -> Page:
    """The page of a server that keeps corrections."""
    one = model()
    return Page("serving", one.summarizer, one.runs, one.uses, Corrections(Path("data/raw/corrections")))


@cache
def client() -> TestClient:
    """A client of the server without the page, with its guard; a traceback of the server is one here too."""
    app = FastAPI(lifespan=guarding(Hosts("127.0.0.1", ()), None, api_of(model())), docs_url=None, openapi_url=None)
    found = TestClient(app, base_url=ADDRESS)
    found.__enter__()
    return found


def as_answered(value: Any) -> None:
    """Encode an answer as a server does, which fails for half a character. Raise UserError for a refusal."""
    content = json.dumps(value, ensure_ascii=False, default=str).encode()
    if isinstance(value, dict) and "error" in value:
        raise UserError(value["error"])
    if b'class=\\"message error\\"' in content.partition(b"</p>")[0]:
        raise UserError(content.partition(b"</p>")[0].decode().replace("\\n", "\n"))


def drained(answers: Iterable[Any]) -> None:
    """Take all answers of a run; the last one is its result."""
    last = None
    for last in answers:
        json.dumps(last, ensure_ascii=False, default=str).encode()
    as_answered(last)


def chosen_file(luck: random.Random) -> Any:
    """What page.js sends of a file: its text, or its bytes."""
    kind = luck.randrange(5)
    if kind == 0:
        return odd_value(luck, (TABLE,))
    if kind == 1:
        return odd_text(luck, (f"WEBVTT\n\n{CUES}", json.dumps([{"dialogue": DIALOGUES[0]}])))
    content = damaged_document(made_workbook(luck) if kind == 2 else made_document(), luck) if kind < 4 else b""
    content = content or encoded(odd_text(luck, (TABLE, *DIALOGUES)), luck)
    return f"data:application/octet-stream;base64,{base64.b64encode(content).decode()}"


def saved_note(luck: random.Random) -> Any:
    """The JSON of a note, as the page sends it back."""
    section: dict[str, Any] = {"section": "GENHX", "heading": "HISTORY", "summary": "Cough.", "start": 9, "end": 15}
    note: dict[str, Any] = {"summary": NOTES[0], "section": "GENHX", "dialogue": DIALOGUES[0].split("\n")}
    if luck.random() < 0.5:
        note = {"summary": NOTES[1], "sections": [section], "dialogue": DIALOGUES[0].split("\n")}
    for _change in range(luck.randrange(3)):
        note = changed_value(note, luck)
    return note


def summarize(luck: random.Random, _: Path) -> None:
    """The two calls that write notes."""
    section = luck.choice(SECTIONS) if luck.random() < 0.7 else odd_value(luck, SECTIONS)
    call = luck.choice((page().summarize, page().summarize_visit))
    as_answered(call(odd_value(luck), section))


def checks(luck: random.Random, _: Path) -> None:
    """The calls that check a note: of another author, or after an edit."""
    dialogue, note = odd_value(luck), odd_value(luck, (*NOTES, *DIALOGUES))
    if luck.random() < 0.5:
        as_answered(page().check(dialogue, note))
        return
    saved = saved_note(luck) if luck.random() < 0.8 else odd_value(luck)
    text = json.dumps(saved) if luck.random() < 0.9 else saved
    as_answered(page().check_again(dialogue, note, text, luck.choice((dialogue, "", odd_value(luck)))))


def signatures(luck: random.Random, _: Path) -> None:
    """The call that keeps a signed note."""
    drafted: Any = {"at": 1.5, "note": saved_note(luck)}
    drafted = json.dumps(changed_value(drafted, luck) if luck.random() < 0.3 else drafted)
    source = DIALOGUES[0] if luck.random() < 0.7 else odd_value(luck)
    seconds: Any = luck.choice(("3.5", "3.5", "nan", "x", None))
    as_answered(page().sign(odd_value(luck, NOTES), drafted, source, seconds))


def runs(luck: random.Random, _: Path) -> None:
    """The page's own runs: one dialogue, or a table."""
    request: Any = VISITOR
    wish = luck.choice((*SECTIONS[:3], odd_value(luck, SECTIONS)))
    several: Any = luck.choice(([], [], ["GENHX"], odd_value(luck, SECTIONS)))
    quiet: Any = lambda *_, **__: None  # noqa: E731
    if luck.random() < 0.5:
        drained(page().generate(odd_value(luck), wish, several, request, quiet))
    else:
        drained(page().batch(chosen_file(luck), wish, several, request, quiet))


def files(luck: random.Random, _: Path) -> None:
    """A file that a visitor opens."""
    as_answered(list(open_file(chosen_file(luck), luck.choice(("visit.txt", "a.docx", odd_value(luck))))[:2])[::-1])


def chat(luck: random.Random, _: Path) -> None:
    """A chat completion."""
    messages: list[Any] = [{"role": "user", "content": odd_text(luck)}]
    if luck.random() < 0.4:
        messages.insert(
            0, {"role": "system", "content": odd_text(luck, ("Section: HPI", "Sections: HPI, PLAN", "HPI", MARKER))}
        )
    if luck.random() < 0.2:
        messages[-1]["content"] = [{"type": "text", "text": odd_text(luck)}]
    value: Any = {"model": "serving", "messages": messages, "stream": luck.random() < 0.3, "n": 1}
    for _change in range(luck.randrange(3)):
        value = changed_value(value, luck)
    ask("/v1/chat/completions", value, luck)


def fhir(luck: random.Random, _: Path) -> None:
    """A FHIR resource."""
    data = base64.b64encode(odd_text(luck).encode("utf-8", "replace")).decode()
    value: Any = attached(data=data, contentType="text/plain")
    value = bundle(value) if luck.random() < 0.4 else value
    for _change in range(luck.randrange(3)):
        value = changed_value(value, luck)
    section = luck.choice(("", "?section=HPI", "?sections=HPI,PLAN", f"?section={MARKER}", "?section=%00%ff"))
    ask(f"/v1/fhir{section}", value, luck)


def ask(path: str, value: Any, luck: random.Random) -> None:
    """Send a request, at times damaged. Raise UserError for a refusal, and AssertionError for a failed answer."""
    body = json.dumps(value).encode()
    body = damaged(body, luck) if luck.random() < 0.2 else body
    answer = client().post(path, content=body, headers={"content-type": "application/json"})
    assert answer.status_code < 500, f"status {answer.status_code}"
    if answer.status_code >= 400:
        raise UserError(answer.text)


def targets() -> Iterator[tuple[str, Case]]:
    """Yield the name and the case of each kind of request."""
    for case in (summarize, checks, signatures, runs, files, chat, fhir):
        yield case.__name__, case
