"""Read the transcript in a FHIR R4 resource: a DocumentReference, or a Bundle with one DocumentReference."""

import base64
import binascii
import hashlib
import re
from collections.abc import Iterator
from typing import Any, NamedTuple

from medsum.core.errors import UserError

TEXT_TYPES = ("text/plain", "text/vtt", "application/x-subrip")
_REFERENCE = re.compile(r"(?!#)[A-Za-z0-9][\w./:|#-]{0,500}", re.ASCII)
_ID = re.compile(r"[A-Za-z0-9.-]{1,64}", re.ASCII)
Reference = dict[str, Any]


class Transcript(NamedTuple):
    """A transcript, and references to its patient, its encounter and its document."""

    text: str
    subject: Reference | None
    encounter: Reference | None
    source: Reference | None


def transcript_of(resource: dict[str, Any]) -> Transcript:
    """Return the transcript in a resource.

    Raise UserError if there is no usable transcript. The message does not quote the transcript.
    """
    found = list(_documents(resource))
    if len(found) != 1:
        raise UserError(f"the request has {len(found)} DocumentReferences; send one, with one transcript")
    [(document, full_url)] = found
    if document.get("status") == "entered-in-error":
        raise UserError("DocumentReference.status is entered-in-error; send a valid document")
    return Transcript(
        _text(_attachment(document)),
        _reference(document.get("subject"), "subject"),
        _encounter(document),
        _source(document, full_url),
    )


def _documents(resource: dict[str, Any]) -> Iterator[tuple[dict[str, Any], object]]:
    """Yield the DocumentReferences of a resource, each with its `fullUrl` in the Bundle."""
    if resource.get("resourceType") == "DocumentReference":
        yield resource, None
    elif resource.get("resourceType") == "Bundle":
        for number, entry in enumerate(_list(resource, "entry", "Bundle.entry")):
            inner = entry.get("resource", {})
            if not isinstance(inner, dict):
                raise UserError(f"Bundle.entry[{number}].resource is not an object; send a FHIR R4 Bundle")
            if inner.get("resourceType") == "DocumentReference":
                yield inner, entry.get("fullUrl")
    else:
        raise UserError("resourceType is neither DocumentReference nor Bundle; send one of these, as FHIR R4 JSON")


def _attachment(document: dict[str, Any]) -> dict[str, Any]:
    found = [content.get("attachment") for content in _list(document, "content", "DocumentReference.content")]
    texts = [one for one in found if isinstance(one, dict)]
    if len(texts) != 1:
        raise UserError(f"DocumentReference.content has {len(texts)} attachments; send one, the transcript")
    return texts[0]


def _text(attachment: dict[str, Any]) -> str:
    """Return the text of an attachment. The attachment must have its data, because the server fetches nothing."""
    kind = attachment.get("contentType", "text/plain")
    if not isinstance(kind, str) or kind.partition(";")[0].strip().lower() not in TEXT_TYPES:
        raise UserError(f"attachment.contentType is none of {', '.join(TEXT_TYPES)}; send the transcript as text")
    data = attachment.get("data")
    if not isinstance(data, str):
        raise UserError("attachment.data has no transcript; add it as base64, because urls are not fetched")
    try:
        content = base64.b64decode("".join(data.split()), validate=True)
    except (binascii.Error, ValueError):
        raise UserError("attachment.data is not base64; encode the transcript again") from None
    told = attachment.get("hash")
    if told is not None and told != base64.b64encode(hashlib.sha1(content, usedforsecurity=False).digest()).decode():
        raise UserError("attachment.hash is not the SHA-1 of attachment.data; send the document again")
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise UserError("attachment.data is not UTF-8 text; encode the transcript as UTF-8") from None


def _encounter(document: dict[str, Any]) -> Reference | None:
    """Return the encounter of the document, or None if the document names no encounter or several."""
    context = document.get("context", {})
    if not isinstance(context, dict):
        raise UserError("DocumentReference.context is not an object; send FHIR R4 JSON")
    visits = _list(context, "encounter", "DocumentReference.context.encounter")
    return _reference(visits[0], "context.encounter") if len(visits) == 1 else None


def _reference(value: object, name: str) -> Reference | None:
    """Return a reference without its `display`, because this field may be a name.

    Raise UserError if the reference has no usable target.
    """
    if value is None:
        return None
    if isinstance(value, dict):
        target, identifier = value.get("reference"), value.get("identifier")
        if isinstance(target, str) and _REFERENCE.fullmatch(target):
            return {"reference": target}
        if isinstance(identifier, dict) and all(isinstance(identifier.get(key), str) for key in ("system", "value")):
            return {"identifier": {key: identifier[key] for key in ("system", "value")}}
    raise UserError(
        f"DocumentReference.{name} has neither a reference to a separate resource nor an identifier with system and"
        f" value; add one of them, or leave {name} out"
    )


def _source(document: dict[str, Any], full_url: object) -> Reference | None:
    """Return a reference to the document itself, or None if the document has neither an id nor an address."""
    id_ = document.get("id")
    if isinstance(id_, str) and _ID.fullmatch(id_):
        return {"reference": f"DocumentReference/{id_}"}
    if isinstance(full_url, str) and _REFERENCE.fullmatch(full_url):
        return {"reference": full_url}
    return None


def _list(parent: dict[str, Any], key: str, name: str) -> list[dict[str, Any]]:
    values = parent.get(key, [])
    if not (isinstance(values, list) and all(isinstance(value, dict) for value in values)):
        raise UserError(f"{name} is not a list of objects; send FHIR R4 JSON")
    return values
