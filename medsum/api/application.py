"""The application for paths below /v1/: OpenAI's chat completions and models, and FHIR.

The module medsum/serve/guard.py checks each request before this application receives the request.
"""

from collections.abc import AsyncIterator
from typing import Any

from fastapi import Body, FastAPI, Query, Request
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.responses import HTMLResponse, JSONResponse, Response, StreamingResponse

from medsum.api import answers
from medsum.api.answer_form import Form, form_of
from medsum.api.chat_answer import ChatAnswer, event, flag_headers, usage_of
from medsum.api.chat_request import ChatRequest, dialogue_of, require_supported, wish_of
from medsum.api.docs_page import docs_html
from medsum.api.errors import FHIR_PATH, ApiError, error_body, refusal
from medsum.api.fhir_answer import composition
from medsum.api.fhir_request import transcript_of
from medsum.api.model_queue import GoneError, ModelQueue
from medsum.api.section_wish import AUTO_WISH, named, require_each_once
from medsum.api.served import Served
from medsum.core.errors import UserError
from medsum.serve.audit_log import AuditError, Entry
from medsum.serve.one_note import Draft

ABOUT = (
    "Notes from doctor-patient dialogues. Each note is a draft that a person must read and correct. Send one user"
    " message with the dialogue; a system message or metadata names the section, or the sections of a note that has"
    " several. Errors are one sentence."
)
CHAT_PATH: Entry = "/v1/chat/completions"
KEEP_ALIVE_SECONDS = 5.0
FAILED = "the request could not be answered; tell the person who runs the server"
UNBUFFERED = {"x-accel-buffering": "no"}  # with this header, proxies send comments to the client at once
GONE = 499  # the status if the client has closed the connection


class Endpoint:
    """The handlers of one server."""

    def __init__(self, served: Served) -> None:
        self.served = served
        self.queue = ModelQueue(served)

    async def complete(self, asked: ChatRequest, request: Request) -> Response:
        """Write the note of a dialogue.

        The key `choices` of the answer has the note. The key `medsum` has the section or sections, the evidence, the
        flags, the turns and the model.
        """
        require_supported(asked)
        self._require_model(asked.model)
        form = form_of(asked.response_format)
        draft = await self.queue.draft(dialogue_of(asked), wish_of(asked), CHAT_PATH)
        if asked.stream:
            with_usage = bool(asked.stream_options and asked.stream_options.include_usage)
            events = self._events(draft, form, with_usage)
            return StreamingResponse(events, headers=UNBUFFERED, media_type="text/event-stream")
        note = await self.queue.note(draft, request.receive, CHAT_PATH)
        usage = usage_of(self.served, draft, note)
        return JSONResponse(ChatAnswer(self.served).completion(note, form(note), usage), headers=flag_headers(note))

    async def compose(
        self,
        request: Request,
        resource: dict[str, Any] = Body(description="a FHIR R4 DocumentReference, or a Bundle with one"),  # noqa: B008
        section: str | None = Query(None, description="a section header such as HPI, `any` or `auto` (the default)"),
        sections: str | None = Query(
            None, description="headers separated by commas, such as HPI,MEDICATIONS, or `auto`: one section for each"
        ),
    ) -> Response:
        """Write the note of the transcript in a DocumentReference. Return a Composition with the status preliminary."""
        require_each_once(request.query_params.multi_items())
        wish = named({"section": section, "sections": sections}, "the query") or AUTO_WISH
        transcript = transcript_of(resource)
        draft = await self.queue.draft(transcript.text, wish, FHIR_PATH)
        note = await self.queue.note(draft, request.receive, FHIR_PATH)
        return answers.FhirResponse(composition(self.served, transcript, note))

    async def models(self) -> dict[str, Any]:
        """List the model that this server serves."""
        return {"object": "list", "data": [self._model()]}

    async def model(self, name: str) -> dict[str, Any]:
        """Describe the model that this server serves."""
        self._require_model(name)
        return self._model()

    def _model(self) -> dict[str, Any]:
        return {"id": self.served.id, "object": "model", "created": self.served.created, "owned_by": "medsum"}

    def _require_model(self, name: str) -> None:
        if name != self.served.id:
            sentence = f"there is no such model; this server serves {self.served.id}, which GET /v1/models lists"
            raise ApiError(404, sentence, "model", "model_not_found")

    async def _events(self, draft: Draft, form: Form, with_usage: bool) -> AsyncIterator[bytes]:
        """Yield the events of an answer. Comments keep the connection open while the model writes the note."""
        answer = ChatAnswer(self.served)
        try:
            job = self.queue.start(draft, CHAT_PATH)
        except ApiError as error:  # the status was already sent, so the error is an event
            yield event(error_body(error.status, error.sentence))
            return
        try:
            yield event(answer.opening())
            while not await job.wait(KEEP_ALIVE_SECONDS):
                yield b": the note is being written\n\n"
            note = job.task.result()
        except Exception:
            yield event(error_body(500, FAILED))
            raise
        finally:
            job.abandon()
        for chunk in answer.chunks(note, form(note)):
            yield event(chunk)
        if with_usage:
            yield event(answer.usage_chunk(usage_of(self.served, draft, note)))
        yield b"data: [DONE]\n\n"


def application(served: Served) -> FastAPI:
    """Return the application. Its paths begin with /v1/."""
    api = FastAPI(
        title="Notes from dialogues", version="1", description=ABOUT, docs_url=None, redoc_url=None,
        openapi_url="/v1/openapi.json", redirect_slashes=False,
    )  # fmt: skip
    endpoint = Endpoint(served)
    for method, path, handler, responses in (
        ("POST", CHAT_PATH, endpoint.complete, answers.OF_CHAT),
        ("POST", FHIR_PATH, endpoint.compose, answers.OF_FHIR),
        ("GET", "/v1/models", endpoint.models, answers.OF_MODELS),
        ("GET", "/v1/models/{name:path}", endpoint.model, answers.OF_MODEL),
    ):
        form = answers.FhirResponse if path == FHIR_PATH else JSONResponse
        api.add_api_route(
            path, handler, methods=[method], response_model=None, response_class=form, responses=responses
        )

    @api.get("/v1/docs", include_in_schema=False)
    async def docs() -> HTMLResponse:
        return HTMLResponse(docs_html(api.openapi()))

    for kind, answer in (
        (ApiError, _refused),
        (AuditError, _unrecorded),
        (UserError, _wrong),
        (RequestValidationError, _wrong_form),
        (HTTPException, _not_offered),
        (GoneError, _gone),
        (Exception, _failed),
    ):
        api.add_exception_handler(kind, answer)
    return api


async def _refused(request: Request, error: Exception) -> Response:
    assert isinstance(error, ApiError)
    return refusal(request.url.path, error.status, error.sentence, error.param, error.code)


async def _wrong(request: Request, error: Exception) -> Response:
    return refusal(request.url.path, 400, str(error))


async def _unrecorded(request: Request, error: Exception) -> Response:
    return refusal(request.url.path, 503, str(error))


async def _wrong_form(request: Request, error: Exception) -> Response:
    """Answer with the name of the wrong field. Do not quote its value."""
    assert isinstance(error, RequestValidationError)
    first = error.errors()[0]
    place = [str(part) for part in first["loc"][1:]]
    name = ".".join(place)
    if not place:
        sentence = "the body is not a JSON object; send one with the header Content-Type: application/json"
    elif first["type"] == "missing":
        sentence = f"{name} is missing; GET /v1/docs describes the request"
    else:
        sentence = f"{name} has the wrong type; GET /v1/docs describes the request"
    return refusal(request.url.path, 400, sentence, name or None)


async def _not_offered(request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)
    said = {404: "there is nothing at this path", 405: "this path does not accept this method"}
    sentence = said.get(error.status_code, "the request cannot be read")
    return refusal(request.url.path, error.status_code, f"{sentence}; GET /v1/docs lists the paths")


async def _gone(_: Request, __: Exception) -> Response:
    return Response(status_code=GONE)


async def _failed(request: Request, _: Exception) -> Response:
    return refusal(request.url.path, 500, FAILED)
