"""Read the text of an e-mail that is saved together with its headers, for example as an .eml file."""

import re
from email import message_from_string, policy
from email.errors import MessageError

from medsum.corpus.documents import DAMAGED

_HEADER = re.compile(r"(?:[A-Za-z][A-Za-z-]{1,40}:.*\n(?:[ \t].*\n)*){2,}\n")
_MIME = re.compile(r"^(?:MIME-Version|Content-Transfer-Encoding):", re.IGNORECASE | re.MULTILINE)
_LONGEST_HEADER = 20_000  # characters


def body_of_mail(text: str) -> str | None:
    """Return the decoded text of an e-mail with MIME headers, or None if the text is not such an e-mail.

    The text of an e-mail must be decoded: the encoding quoted-printable writes `=` at the end of a line that continues,
    and the encoding base64 hides the words.
    """
    text = text.removeprefix("\ufeff").replace("\r\n", "\n").lstrip("\n")
    head = _HEADER.match(text[:_LONGEST_HEADER])
    if head is None or not _MIME.search(head[0]):
        return None
    try:
        body = message_from_string(text, policy=policy.default).get_body(("plain", "html"))
        content = body.get_content() if body else None
    except (MessageError, *DAMAGED):  # a damaged mail or an unknown encoding
        return None
    return content if isinstance(content, str) and content.strip() else None
