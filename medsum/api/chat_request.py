"""What a chat completion is asked for: a dialogue, and perhaps its section."""

import re
from typing import Any, Literal

from pydantic import BaseModel, Field

from medsum.api.errors import ApiError
from medsum.core.errors import UserError
from medsum.serve.section_choice import AUTO, known_section

ANY = "any"
_SECTION_LINE = re.compile(r"^[ \t]*section[ \t]*:[ \t]*(\S[^\n]{0,80}?)[ \t]*\.?[ \t]*$", re.IGNORECASE | re.MULTILINE)


class Part(BaseModel):
    """A part of a message; text alone is read."""

    type: str = "text"
    text: str | None = None


class Message(BaseModel):
    """A message: `user` is the dialogue, `system` or `developer` may name the section."""

    role: Literal["system", "developer", "user", "assistant", "tool", "function"]
    content: str | list[Part] | None = None


class StreamOptions(BaseModel):
    """What a stream tells at its end."""

    include_usage: bool | None = False


class ChatRequest(BaseModel):
    """A request as OpenAI's clients send it. Fields that are not named here are ignored.

    The search is that of params.yaml: `temperature`, `top_p`, `seed`, `stop` and `max_tokens` change nothing.
    """

    model: str = Field(description="the id that GET /v1/models lists")
    messages: list[Message] = Field(description="one `user` message, the dialogue; `system` may name the section")
    stream: bool | None = Field(False, description="send the note as server-sent events")
    stream_options: StreamOptions | None = None
    metadata: dict[str, Any] | None = Field(None, description="`section`: a header such as HPI, `any` or `auto`")
    response_format: dict[str, Any] | None = Field(
        None, description="`text`, or a `json_schema` of one property: a string or a list of strings"
    )
    n: int | None = Field(None, description="1; more is refused")
    tools: list[Any] | None = Field(None, description="refused, unless `tool_choice` is `none`")
    functions: list[Any] | None = Field(None, description="refused")
    tool_choice: Any = None
    logprobs: bool | None = Field(None, description="refused if true")
    modalities: list[str] | None = Field(None, description="`text` alone")


def require_supported(asked: ChatRequest) -> None:
    """Raise ApiError for what would change the answer and is not offered."""
    if asked.n not in (None, 1):
        raise _unsupported("n", "one note is written for a dialogue; leave n out")
    if (asked.tools and asked.tool_choice != "none") or asked.functions:
        raise _unsupported("tools", "the model calls no tools; leave tools and functions out")
    if asked.logprobs:
        raise _unsupported("logprobs", "no log probabilities are given; leave logprobs out")
    if any(kind != "text" for kind in asked.modalities or ()):
        raise _unsupported("modalities", "the answer is text; leave modalities out")


def dialogue_of(asked: ChatRequest) -> str:
    """Return the text of the one user message; raises ApiError where there is none, or a conversation."""
    texts = [_text(message) for message in asked.messages if message.role == "user"]
    if len(texts) != 1 or any(message.role in ("assistant", "tool", "function") for message in asked.messages):
        raise ApiError(400, "send one user message, the whole dialogue; a conversation is not continued", "messages")
    return texts[0]


def section_wish(asked: ChatRequest) -> str:
    """Return the section that metadata or else a system message names, `auto` where neither does.

    A system message names it if it is a section header and nothing else, or if it has a line `Section: HPI`. Other
    instructions are not followed. Raises ApiError where they name several; the header itself is not checked.
    """
    wish = (asked.metadata or {}).get("section")
    if wish is not None:
        if not isinstance(wish, str):
            raise ApiError(400, "metadata.section is no text; write a header such as HPI, any or auto", "metadata")
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
    """Whether a text is a section header and nothing else; one word is meant as one, be it known or not."""
    if len(text.split()) == 1 or text.lower() in (AUTO, ANY):
        return True
    try:
        known_section(text)
    except UserError:
        return False
    return True


def _text(message: Message) -> str:
    """The text of a message, its parts one a line."""
    if isinstance(message.content, str) or message.content is None:
        return message.content or ""
    if any(part.type != "text" or part.text is None for part in message.content):
        raise ApiError(400, "a message holds something else than text; send text alone", "messages")
    return "\n".join(part.text or "" for part in message.content)


def _unsupported(param: str, sentence: str) -> ApiError:
    return ApiError(400, sentence, param, "unsupported_value")
