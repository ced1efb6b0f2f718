"""Return a note in the form that OpenAI's clients read: a chat completion or its chunks.

The key `medsum` has the note's evidence and flags.
"""

import json
import time
import uuid
from collections import Counter
from collections.abc import Iterator
from itertools import pairwise
from typing import Any

from medsum.api.served import Served
from medsum.serve.one_note import Draft

EXTENSION = "medsum"


class ChatAnswer:
    """One answer. All parts of the answer share its id and its time."""

    def __init__(self, served: Served) -> None:
        self.served = served
        self.id = f"chatcmpl-{uuid.uuid4().hex}"
        self.created = int(time.time())

    def completion(self, note: dict[str, Any], content: str, usage: dict[str, int]) -> dict[str, Any]:
        """Return the whole answer."""
        message = {"role": "assistant", "content": content, "refusal": None}
        choice = {"index": 0, "message": message, "logprobs": None, "finish_reason": "stop"}
        return {
            **self._common("chat.completion"),
            "choices": [choice],
            "usage": usage,
            EXTENSION: extension(self.served, note),
        }

    def opening(self) -> dict[str, Any]:
        """Return the first chunk, which is sent before the note is written."""
        return self._chunk({"role": "assistant", "content": ""})

    def chunks(self, note: dict[str, Any], content: str) -> Iterator[dict[str, Any]]:
        """Yield the content sentence by sentence, and then the last chunk with the note's evidence."""
        for piece in pieces(note, content):
            yield self._chunk({"content": piece})
        yield {**self._chunk({}, "stop"), EXTENSION: extension(self.served, note)}

    def usage_chunk(self, usage: dict[str, int]) -> dict[str, Any]:
        """Return the chunk that `stream_options.include_usage` requests."""
        return {**self._common("chat.completion.chunk"), "choices": [], "usage": usage}

    def _chunk(self, delta: dict[str, str], reason: str | None = None) -> dict[str, Any]:
        choice = {"index": 0, "delta": delta, "logprobs": None, "finish_reason": reason}
        return {**self._common("chat.completion.chunk"), "choices": [choice]}

    def _common(self, kind: str) -> dict[str, Any]:
        return {
            "id": self.id,
            "object": kind,
            "created": self.created,
            "model": self.served.id,
            "system_fingerprint": f"fp_{self.served.sha256[:12]}",
        }


def extension(served: Served, note: dict[str, Any]) -> dict[str, Any]:
    """Return the note with its evidence and flags, the hash of the model, and the software version."""
    return {**note, "model_sha256": served.sha256, "software": served.software}


def usage_of(served: Served, draft: Draft, note: dict[str, Any]) -> dict[str, int]:
    """Return the number of tokens that the model read in all windows, and the number of tokens of the note."""
    read = sum(len(window.ids) for window in draft.windows)
    written = len(served.summarizer.builder.note_ids(note["summary"]))
    return {"prompt_tokens": read, "completion_tokens": written, "total_tokens": read + written}


def flag_headers(note: dict[str, Any]) -> dict[str, str]:
    """Return headers with the number of flags, and whether the note is held back.

    If the note was not checked, a header says so instead of the number of flags. Some clients ignore all fields that
    OpenAI's answers do not have. The headers are for these clients.
    """
    counts = Counter(flag["severity"] for flag in note["flags"])
    headers = {f"medsum-{severity}-flags": str(counts[severity]) for severity in ("major", "minor")}
    if "unchecked" in note:  # without this header, a client could think that the note has no flags
        headers = {"medsum-unchecked": "true"}
    if "held_back" in note:
        headers["medsum-held-back"] = str(note["held_back"]).lower()
    return headers


def pieces(note: dict[str, Any], content: str) -> list[str]:
    """Divide the note after each sentence. Do not divide content that is JSON."""
    if content != note["summary"]:
        return [content]
    ends = [0, *(row["end"] for row in note["evidence"]), len(content)]
    return [content[start:end] for start, end in pairwise(ends) if start < end]


def event(value: dict[str, Any]) -> bytes:
    """Return a server-sent event."""
    return f"data: {json.dumps(value, ensure_ascii=False)}\n\n".encode()
