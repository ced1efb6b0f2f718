"""The time of now, as every file of the project writes it."""

from datetime import UTC, datetime


def utc_now(timespec: str = "seconds") -> str:
    """Return the time in UTC as ISO 8601 writes it, such as `2026-11-30T05:24:00Z`."""
    return datetime.now(UTC).isoformat(timespec=timespec).replace("+00:00", "Z")
