"""Check the user and the password. The answer to a wrong login is a second late, so nobody can try many passwords."""

import asyncio
import base64
import os
import secrets
import stat
from pathlib import Path

from medsum.core.errors import UserError

SECONDS = 1.0  # the delay of each wrong login; the delays of several wrong logins follow one another
MOST_WAITING = 20  # while 20 wrong logins wait, the server refuses all further logins


def credentials(login: Path | None, user: str, password: str) -> tuple[str, str] | None:
    """Return the user and the password. If the file `login` is given, read them from this file.

    Return None if the user or the password is empty. Raise UserError if the file cannot be used.
    """
    if login:
        text = _own_text(login)
        user, _, password = text.partition(":")
        if not (user and password) or len(text.splitlines()) > 1:
            raise UserError(f"{login} does not have exactly one user and password; write one line user:password there")
    return (user, password) if user and password else None


def credentials_of(authorization: str) -> tuple[str, str] | None:
    """Return the user and the password from a header.

    curl and browsers send `Basic ...`. Clients of the API send `Bearer user:password`.
    """
    scheme, _, value = authorization.partition(" ")
    value = value.strip()
    if scheme.lower() == "basic":
        try:
            value = base64.b64decode(value, validate=True).decode("utf-8")
        except ValueError:
            return None
    elif scheme.lower() != "bearer":
        return None
    user, colon, password = value.partition(":")
    return (user, password) if colon else None


def _own_text(login: Path) -> str:
    """Return the text of the file. Raise UserError if the file cannot be read, or if other users can read the file."""
    try:
        mode, text = login.stat().st_mode, login.read_text(encoding="utf-8").strip()
    except (OSError, UnicodeDecodeError):
        raise UserError(f"{login} cannot be read; write one line user:password there") from None
    if os.name == "posix" and mode & (stat.S_IRWXG | stat.S_IRWXO):
        raise UserError(f"{login} is open to other users of this machine; run `chmod 600 {login}`")
    return text


class Login:
    """The right user and password, and the check of a login."""

    def __init__(self, user: str, password: str) -> None:
        self.right = f"{user}:{password}".encode()
        self.waiting = 0
        self.turn = asyncio.Lock()

    @property
    def is_busy(self) -> bool:
        """Whether further logins are refused without a check, because MOST_WAITING wrong logins wait."""
        return self.waiting >= MOST_WAITING

    async def check(self, user: str, password: str) -> bool:
        """Return whether the user and the password are right. Only a wrong login is delayed."""
        if self.is_busy:
            return False
        if secrets.compare_digest(f"{user}:{password}".encode(errors="replace"), self.right):
            return True
        self.waiting += 1
        try:
            async with self.turn:
                await asyncio.sleep(SECONDS)
        finally:
            self.waiting -= 1
        return False
