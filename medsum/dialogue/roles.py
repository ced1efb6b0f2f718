"""Find the role, number and name in a speaker's tag: `Dr. Lee`, `doctor #2`, `[PT]` or `Patient's mother`."""

import re
from dataclasses import dataclass
from functools import lru_cache

DOCTOR, PATIENT, FAMILY, CLINICIAN = "Doctor", "Patient", "Guest_family", "Guest_clinician"
CHILD = "child"  # the patient in a dialogue in which the parents of the patient also speak
OTHER = "other"  # a speaker with another known role, such as a nurse
ANONYMOUS = "anonymous"  # a speaker without a role and with a number, such as `Speaker 1` or `SPEAKER_00`
_WORDS = {
    DOCTOR: "doctor dr doc md physician clinician provider gp hcp practitioner medico",
    PATIENT: "patient pt pat pnt client paciente",
    FAMILY: """guest_family family mother mom mum mommy father dad daddy husband wife son daughter brother sister
        parent caregiver carer spouse partner guardian grandmother grandma grandfather grandpa grandson granddaughter
        aunt uncle niece nephew cousin relative companion friend boyfriend girlfriend fiance neighbor neighbour
        stepmother stepfather stepmom stepdad stepson stepdaughter godmother nana granny sibling twin bystander witness
        onlooker roommate flatmate housemate babysitter nanny coworker colleague visitor""",
    CLINICIAN: "guest_clinician guest_clinic",
    OTHER: """nurse rn lpn np pa interpreter translator pharmacist therapist physiotherapist psychologist counselor
        counsellor psychiatrist assistant paramedic medic emt technician tech receptionist scribe student midwife
        doula dietitian nutritionist surgeon attending resident intern consultant specialist cardiologist dentist
        anesthesiologist hygienist radiologist interviewer interviewee worker coach moderator operator social_worker
        teacher aide coordinator dispatcher chaperone narrator unknown unidentified everyone officer police policeman
        policewoman firefighter driver lawyer chaplain priest clerk secretary observer researcher examiner facilitator
        volunteer trainee registrar orderly phlebotomist sonographer optometrist audiologist podiatrist chiropractor
        paediatrician pediatrician obstetrician gynecologist neurologist oncologist urologist dermatologist agent
        staff host""",
    CHILD: "child boy girl kid teen teenager adolescent schoolchild",
    ANONYMOUS: "speaker spk spkr participant person voice interlocutor channel caller",
}
ROLES = {word: role for role, words in _WORDS.items() for word in words.split()}
_LONG = tuple(
    word
    for word in ROLES
    if len(word) >= 6
    and ROLES[word] in (DOCTOR, PATIENT, FAMILY, CLINICIAN)
    and word not in {"medico", "client", "mother", "father", "mommy", "parent", "friend", "cousin", "family"}
)
_KIN_OF = re.compile(r"\b(?:patient|pt)(?:'?s)? (\w+)$|^(\w+) of (?:the )?(?:patient|pt)$", re.IGNORECASE)
# These words may occur next to a role in a tag. They are not names.
_QUALIFIERS_WORDS = """
attending resident primary care family treating emergency ed er healthcare health medical clinical the on-call
oncall junior senior registered licensed charge triage professional md do np pa rn phd mr mrs ms telehealth remote
virtual speaking
"""
_QUALIFIERS = frozenset(_QUALIFIERS_WORDS.split())
_TITLE = re.compile(r"^(?:dr|doctor|nurse|prof|professor)\b\.? +(?=\S)", re.IGNORECASE)
_NUMBER = re.compile(r"^(.*?[a-z])[ _.-]*(?:#|no\.?|nr\.?|number)?[ _]*(\d{1,3})$", re.IGNORECASE)
_BRACKETED = re.compile(r"^([^()\[\]{}<>]+?) ?[(\[{<] ?([^()\[\]{}<>]*?) ?[)\]}>]$")
_JOINED = re.compile(r"^(.+?)(?: - | / |, )(.+)$")
_WORD = re.compile(r"[A-Za-z_][\w'.-]*")
_HINT = re.compile(  # how, to whom or in which language a person speaks, or the number of an interpreter
    r" ?(?:[\[(] ?(?:(?-i:to|in|on|via|through|by|over|off|from|at|into|with|speaking|aside|quietly|whispering"
    r"|translating|interpreting|paraphrasing)\b[^\[\]()]{0,40}"
    r"|(?:speaking |in )?(?:English|Spanish|Portuguese|Polish|French|German"
    r"|Italian|Russian|Ukrainian|Arabic|Turkish|Dari|Farsi|Persian|Pashto|Urdu|Hindi|Punjabi|Bengali|Gujarati|Tamil"
    r"|Nepali|Mandarin|Cantonese|Chinese|Vietnamese|Korean|Japanese|Tagalog|Somali|Amharic|Tigrinya|Swahili|Creole"
    r"|Haitian Creole|Romanian|Albanian|Greek|Hungarian|Czech|Slovak|Bulgarian|Dutch|Hebrew|Thai|Burmese"
    r"|Kurdish|ASL|BSL)|(?:interpreter )?(?:ID|no\.?|number|#) ?[#:]? ?\w{0,3}\d{3,8}) ?[\])])$",
    re.IGNORECASE,
)
_DEGREE = re.compile(r",? +(?:MD|M\.D\.|DO|MBBS|RN|NP|PA|PA-C|FNP|DNP)\.?$")
_ANONYMOUS = re.compile(r"[a-z]+[_ -]?\d{1,3}")
_SHOUTED = re.compile(r"(?<![A-Za-z])(?!(?:EMT|LPN)(?![A-Za-z]))[A-Z]{3,}(?![A-Za-z])")
_JOINED_TITLE = re.compile(r"\b(Dr|Mr|Mrs|Ms|Prof)\.(?=[A-Z])")
_INITIALS = re.compile(r"(?:[A-Z]\.){1,3}[A-Z]$")  # for example `S.L`
_SYMBOLS = re.compile("^[\u2190-\u27bf\U0001f000-\U0001faff\ufe0f ]+|[\u2190-\u27bf\U0001f000-\U0001faff\ufe0f ]+$")
PARTICLES = frozenset(("de", "la", "del", "der", "van", "von", "bin", "al", "da", "dos", "el", "of", "the", "and"))
OF_DEVICE = re.compile(r"[a-z]{1,2}[A-Z][A-Za-z]{1,8}")  # a word of a name such as `Ann's iPad`
LONGEST_TAG = 40  # the largest number of characters in a tag


@dataclass(frozen=True)
class Person:
    """The person in a tag. `role` is empty if the tag is only a name.

    `number` and `name` distinguish people who have the same role.
    """

    role: str = ""
    number: str = ""
    name: str = ""

    @property
    def known(self) -> bool:
        """Return whether the tag names a role."""
        return bool(self.role)


@lru_cache(maxsize=10_000)
def person(tag: str) -> Person:
    """Return the person in a tag. If the tag has no role, the person has only a name."""
    tag = unbracketed(tag)
    bracketed = _BRACKETED.match(tag)
    if bracketed:
        return _with_name(person(bracketed[1]), bracketed[2], tag)
    if tag.lower().replace(" ", "_") in ROLES:
        return Person(_role_of(tag))
    number = _NUMBER.match(tag)
    if number:
        inside = person(number[1])
        return Person(inside.role, number[2], inside.name) if inside.known else Person("", "", tag)
    degree = _DEGREE.search(tag)
    if degree:
        title = OTHER if degree[0].strip(", .").startswith(("RN", "NP", "PA", "FNP", "DNP")) else DOCTOR
        return Person(title, "", tag[: degree.start()])
    roles = {_role_of(part) for part in tag.split("/")}
    if len(roles) == 1 and "/" in tag:  # for example `Doctor/Provider`
        return Person(roles.pop(), "", "")
    joined = _JOINED.match(tag)
    if joined and all(word[:1].isupper() for word in joined[2].split()):
        return _with_name(person(joined[1]), joined[2], tag)
    return _plain(tag)


def unbracketed(tag: str) -> str:
    """Return a tag without brackets and marks around it, and without a hint: `**[Doctor (in Polish)]**` → `Doctor`."""
    tag = _JOINED_TITLE.sub(r"\1. ", " ".join(tag.split()).strip(" .:*_#>|~-"))
    tag = _SYMBOLS.sub("", tag)
    while tag[:1] in "[({<" and tag[-1:] in "])}>" and len(tag) > 2 and not set("[](){}<>") & set(tag[1:-1]):
        tag = tag[1:-1].strip(" .:*_#>|~-")
    return _HINT.sub("", tag) or tag if tag[-1:] in ")]" else tag


def _with_name(outer: Person, inner: str, tag: str) -> Person:
    """Return the person in a tag of two parts: `Doctor (Lee)`, `Lee (doctor)`, `Physician - Dr. Lee`."""
    within = person(inner) if 0 < len(inner) <= LONGEST_TAG else Person()
    if outer.known:
        if inner.isdigit():
            return Person(outer.role, inner, outer.name)
        is_remark = inner[:1].islower() and not tag[:1].islower()  # as in `Doctor (to nurse)`
        if is_remark and (inner.startswith("to ") or not within.known):
            return outer
        return Person(outer.role, outer.number, outer.name or within.name or inner)
    if within.known:
        return Person(within.role, within.number, outer.name or within.name)
    return Person("", "", tag)


def _plain(tag: str) -> Person:
    kin = _KIN_OF.search(tag)
    if kin and ROLES.get((kin[1] or kin[2]).lower()) == FAMILY:
        return Person(FAMILY)
    role = _role_of(tag)
    if role:
        return Person(role)
    words = tag.split()
    title = _TITLE.match(tag)
    if title and 1 < len(words) <= 5:
        rest = tag[title.end() :]
        if not all(word[:1].isupper() or word in PARTICLES for word in rest.split()) and not (
            tag.islower() and " " not in rest
        ):
            return Person("", "", tag)
        inside = _role_of(rest) if " " not in rest else ""
        word = title[0].lower().strip(" .")
        if word == "nurse":
            return Person(OTHER, "", "" if inside else rest)
        return Person(inside or DOCTOR, "", "" if inside else rest)
    return _phrase(words, tag) if 1 < len(words) <= 4 else Person("", "", tag)


def _phrase(words: list[str], tag: str) -> Person:
    """Return the person in a tag whose first or last word is a role: `Attending physician`, `Nurse Jones`."""
    last, first = _role_of(words[-1]), _role_of(words[0])
    lower = [word.lower().strip(".") for word in words]
    if last and all(word in _QUALIFIERS or _role_of(word) for word in lower[:-1]):
        return Person(last)
    if last == OTHER and all(word.isalpha() for word in words) and len(words) == 2:
        return Person(OTHER)
    if first and (all(word in _QUALIFIERS for word in lower[1:]) or lower[1:] in (["member"], ["worker"])):
        return Person(first)
    if first and all(word[:1].isupper() for word in words) and all(_WORD.fullmatch(word) for word in words):
        return Person(first, "", " ".join(words[1:]))
    return Person("", "", tag)


def role(speaker: str) -> str:
    """Return the role in a speaker's name: Doctor, Patient, Guest_family or Guest_clinician.

    If the speaker has none of these roles, return the name itself.
    """
    known = person(speaker).role
    return speaker if known in ("", OTHER, CHILD, ANONYMOUS) else known


def label(tag: str) -> str:
    """Return the tag of a speaker who is neither doctor nor patient, in title case and without brackets."""
    tag = unbracketed(tag)
    if any(letter.isdigit() or letter == "_" for letter in tag):
        if person(tag).role not in ("", ANONYMOUS):  # `NURSE 2`, but not `SPEAKER_00`
            return _SHOUTED.sub(lambda word: word[0].capitalize(), tag[:1].upper() + tag[1:])
        return tag if not tag[:1].islower() or _ANONYMOUS.fullmatch(tag) else tag[:1].upper() + tag[1:]
    if tag.islower() or (tag.isupper() and len(tag) > 2 and tag not in ("EMT", "LPN") and not _INITIALS.match(tag)):
        return " ".join(word[:1].upper() + word[1:].lower() for word in tag.split())
    words = tag.split()
    return " ".join(
        word if (word in PARTICLES and place) or OF_DEVICE.fullmatch(word) else word[:1].upper() + word[1:]
        for place, word in enumerate(words)
    )


def _role_of(word: str) -> str:
    """Return the role that a word names, or an empty string. The word may have a typo, and it may be a plural."""
    key = re.sub(r"[ -]", "_", word.lower().strip(" ."))
    if key in ROLES:
        return ROLES[key]
    if len(key) >= 5 and not key[0].isdigit():
        for known in _LONG:
            if abs(len(known) - len(key)) <= 1 and _is_typo(known, key):
                return ROLES[known]
    return ""


def _is_typo(known: str, key: str) -> bool:
    """Return whether `key` is `known` with one typo: one letter missing, added, changed or swapped with the next."""
    start = 0
    while start < min(len(known), len(key)) and known[start] == key[start]:
        start += 1
    if start == 0:  # the first letter must be right, because `factor` is not a typo of `doctor`
        return False
    a, b = known[start:], key[start:]
    return a[1:] == b[1:] or a[1:] == b or a == b[1:] or (a[:2] == b[1::-1] and a[2:] == b[2:])
