"""The page's one login: a wrong password costs a second, so that nobody tries many."""

import asyncio
import base64
import os
import secrets
import stat
from pathlib import Path

from medsum.core.errors import UserError

SECONDS = 1.0  # that a wrong login takes, one after the other
MOST_WAITING = 20  # wrong logins; meanwhile no other is looked at, or many at once would be no slower than none


def credentials(login: Path | None, user: str, password: str) -> tuple[str, str] | None:
    """User and password from the file, else those given; None where there are none. Raises UserError."""
    if login:
        text = _own_text(login)
        user, _, password = text.partition(":")
        if not (user and password) or len(text.splitlines()) > 1:
            raise UserError(f"{login} holds no user and password alone; put one line user:password there")
    return (user, password) if user and password else None


def credentials_of(authorization: str) -> tuple[str, str] | None:
    """Return user and password of a header: `Basic ...` as curl and browsers send it, or `Bearer user:password`."""
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
    """Return what the file says; raises UserError where others can read it too, or it cannot be read."""
    try:
        mode, text = login.stat().st_mode, login.read_text(encoding="utf-8").strip()
    except (OSError, UnicodeDecodeError):
        raise UserError(f"{login} cannot be read; put one line user:password there") from None
    if os.name == "posix" and mode & (stat.S_IRWXG | stat.S_IRWXO):
        raise UserError(f"{login} is open to other users of this machine; run `chmod 600 {login}`")
    return text


class Login:
    """Whether a user and a password are the right ones."""

    def __init__(self, user: str, password: str) -> None:
        self.right = f"{user}:{password}".encode()
        self.waiting = 0
        self.turn = asyncio.Lock()

    @property
    def is_busy(self) -> bool:
        """Whether so many wrong logins wait that no other is looked at."""
        return self.waiting >= MOST_WAITING

    async def check(self, user: str, password: str) -> bool:
        """Whether they are; a wrong answer comes late and holds up nobody who is right or logged in."""
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
