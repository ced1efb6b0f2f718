"""Read the request for a chat completion. The request has a dialogue, and may name the sections of the note."""

from typing import Any, Literal

from pydantic import BaseModel, Field

from medsum.api.errors import ApiError
from medsum.api.section_wish import Wish, named, named_in


class Part(BaseModel):
    """A part of a message. Only text is supported."""

    type: str = "text"
    text: str | None = None


class Message(BaseModel):
    """A message. The role `user` has the dialogue. The role `system` or `developer` may name sections."""

    role: Literal["system", "developer", "user", "assistant", "tool", "function"]
    content: str | list[Part] | None = None


class StreamOptions(BaseModel):
    """Options of a stream. `include_usage` asks for the numbers of tokens in the last chunk."""

    include_usage: bool | None = False


class ChatRequest(BaseModel):
    """A request in the form that OpenAI's clients send. Fields that are not listed here are ignored.

    The search settings are in params.yaml, so `temperature`, `top_p`, `seed`, `stop` and `max_tokens` have no effect.
    """

    model: str = Field(description="the id that GET /v1/models lists")
    messages: list[Message] = Field(
        description="one `user` message with the dialogue; a `system` message may have a line `Section: HPI`, or"
        " `Sections: HPI, MEDICATIONS` for a note of several sections"
    )
    stream: bool | None = Field(False, description="send the note as server-sent events")
    stream_options: StreamOptions | None = None
    metadata: dict[str, Any] | None = Field(
        None,
        description="`section`: a header such as HPI, `any` or `auto`; or `sections`: headers separated by commas, such"
        " as `HPI, MEDICATIONS`, or `auto`",
    )
    response_format: dict[str, Any] | None = Field(
        None, description="`text`, or a `json_schema` with one property: a string or a list of strings"
    )
    n: int | None = Field(None, description="must be 1")
    tools: list[Any] | None = Field(None, description="refused, unless `tool_choice` is `none`")
    functions: list[Any] | None = Field(None, description="refused")
    tool_choice: Any = None
    logprobs: bool | None = Field(None, description="refused if true")
    modalities: list[str] | None = Field(None, description="only `text`")


def require_supported(asked: ChatRequest) -> None:
    """Raise ApiError if the request has an unsupported option that would change the answer."""
    if asked.n not in (None, 1):
        raise _unsupported("n", "one note is written for a dialogue; leave n out")
    if (asked.tools and asked.tool_choice != "none") or asked.functions:
        raise _unsupported("tools", "the model calls no tools; leave tools and functions out")
    if asked.logprobs:
        raise _unsupported("logprobs", "the endpoint returns no log probabilities; leave logprobs out")
    if any(kind != "text" for kind in asked.modalities or ()):
        raise _unsupported("modalities", "the answer is text; leave modalities out")


def dialogue_of(asked: ChatRequest) -> str:
    """Return the text of the user message. Raise ApiError unless there is exactly one, without earlier answers."""
    texts = [_text(message) for message in asked.messages if message.role == "user"]
    if len(texts) != 1 or any(message.role in ("assistant", "tool", "function") for message in asked.messages):
        sentence = "send one user message with the whole dialogue; conversations are not supported"
        raise ApiError(400, sentence, "messages")
    return texts[0]


def wish_of(asked: ChatRequest) -> Wish:
    """Return the section or sections that metadata or a system message names. Metadata has priority over messages."""
    texts = [_text(message) for message in asked.messages if message.role in ("system", "developer")]
    return named(asked.metadata or {}, "metadata") or named_in(texts)


def _text(message: Message) -> str:
    """Return the text of a message, with one part per line."""
    if isinstance(message.content, str) or message.content is None:
        return message.content or ""
    if any(part.type != "text" or part.text is None for part in message.content):
        raise ApiError(400, "a message has content that is not text; send only text", "messages")
    return "\n".join(part.text or "" for part in message.content)


def _unsupported(param: str, sentence: str) -> ApiError:
    return ApiError(400, sentence, param, "unsupported_value")
