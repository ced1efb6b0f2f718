"""The 18 kinds of identifiers that HIPAA's Safe Harbor rule lists, in the order of 45 CFR 164.514(b)(2)(i), A to R.

The third kind (dates) is divided into two kinds here: DATE, and AGE for ages over 89.
"""

from typing import Literal, get_args

Kind = Literal[
    "NAME",
    "PLACE",
    "DATE",
    "AGE",
    "PHONE",
    "FAX",
    "EMAIL",
    "SSN",
    "RECORD_NUMBER",
    "HEALTH_PLAN",
    "ACCOUNT",
    "LICENCE",
    "VEHICLE",
    "DEVICE",
    "URL",
    "IP_ADDRESS",
    "BIOMETRIC",
    "PHOTO",
    "OTHER_ID",
]
KINDS: tuple[Kind, ...] = get_args(Kind)
WORDS: dict[Kind, tuple[str, str]] = {  # the singular and the plural of each kind
    "NAME": ("name", "names"),
    "PLACE": ("place", "places"),
    "DATE": ("date", "dates"),
    "AGE": ("age over 89", "ages over 89"),
    "PHONE": ("telephone number", "telephone numbers"),
    "FAX": ("fax number", "fax numbers"),
    "EMAIL": ("e-mail address", "e-mail addresses"),
    "SSN": ("social security number", "social security numbers"),
    "RECORD_NUMBER": ("medical record number", "medical record numbers"),
    "HEALTH_PLAN": ("health plan number", "health plan numbers"),
    "ACCOUNT": ("account number", "account numbers"),
    "LICENCE": ("licence number", "licence numbers"),
    "VEHICLE": ("vehicle number", "vehicle numbers"),
    "DEVICE": ("device number", "device numbers"),
    "URL": ("web address", "web addresses"),
    "IP_ADDRESS": ("IP address", "IP addresses"),
    "BIOMETRIC": ("biometric identifier", "biometric identifiers"),
    "PHOTO": ("image of a person", "images of a person"),
    "OTHER_ID": ("other number or code", "other numbers or codes"),
}


def listed(counts: dict[Kind, int]) -> str:
    """Return the counts as a text, such as `2 names, 1 date`."""
    return ", ".join(f"{counts[kind]} {WORDS[kind][counts[kind] > 1]}" for kind in KINDS if counts.get(kind))
