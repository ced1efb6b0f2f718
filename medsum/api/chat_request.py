"""Read the request for a chat completion. The request has a dialogue, and may name the section of the note."""

import re
from typing import Any, Literal

from pydantic import BaseModel, Field

from medsum.api.errors import ApiError
from medsum.core.errors import UserError
from medsum.serve.section_choice import AUTO, known_section

ANY = "any"
_SECTION_LINE = re.compile(r"^[ \t]*section[ \t]*:[ \t]*(\S[^\n]{0,80}?)[ \t]*\.?[ \t]*$", re.IGNORECASE | re.MULTILINE)


class Part(BaseModel):
    """A part of a message. Only text is supported."""

    type: str = "text"
    text: str | None = None


class Message(BaseModel):
    """A message. The role `user` has the dialogue. The role `system` or `developer` may name the section."""

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
    messages: list[Message] = Field(description="one `user` message with the dialogue; `system` may name the section")
    stream: bool | None = Field(False, description="send the note as server-sent events")
    stream_options: StreamOptions | None = None
    metadata: dict[str, Any] | None = Field(None, description="`section`: a header such as HPI, `any` or `auto`")
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


def section_wish(asked: ChatRequest) -> str:
    """Return the section that metadata or a system message names. Return `auto` if neither names a section.

    Metadata has priority over messages. A system message names a section if it is only a section header, or if it has a
    line such as `Section: HPI`. Other instructions are ignored. Raise ApiError if the messages name several sections.
    This function does not check whether the header is known.
    """
    wish = (asked.metadata or {}).get("section")
    if wish is not None:
        if not isinstance(wish, str):
            raise ApiError(400, "metadata.section is not text; write a header such as HPI, any or auto", "metadata")
        return wish
    texts = [_text(message) for message in asked.messages if message.role in ("system", "developer")]
    found = {name.strip().upper() for text in texts for name in _sections_in(text)}
    if len(found) > 1:
        raise ApiError(400, "the system messages name several sections; send one request for each", "messages")
    return found.pop() if found else AUTO


def _sections_in(text: str) -> list[str]:
    lines: list[str] = _SECTION_LINE.findall(text)
    whole = text.strip().rstrip(".")
    return lines or ([whole] if _is_header(whole) else [])


def _is_header(text: str) -> bool:
    """Return whether a text is only a section header. A single word counts as a header, even if it is unknown."""
    if len(text.split()) == 1 or text.lower() in (AUTO, ANY):
        return True
    try:
        known_section(text)
    except UserError:
        return False
    return True


def _text(message: Message) -> str:
    """Return the text of a message, with one part per line."""
    if isinstance(message.content, str) or message.content is None:
        return message.content or ""
    if any(part.type != "text" or part.text is None for part in message.content):
        raise ApiError(400, "a message has content that is not text; send only text", "messages")
    return "\n".join(part.text or "" for part in message.content)


def _unsupported(param: str, sentence: str) -> ApiError:
    return ApiError(400, sentence, param, "unsupported_value")
