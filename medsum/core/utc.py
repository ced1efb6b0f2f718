"""Return the current time in the format that all files of the project use."""

from datetime import UTC, datetime


def utc_now(timespec: str = "seconds") -> str:
    """Return the current time in UTC in ISO 8601 format, such as `2026-11-30T05:24:00Z`."""
    return datetime.now(UTC).isoformat(timespec=timespec).replace("+00:00", "Z")
