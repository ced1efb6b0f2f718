"""The section headers of notes in MTS-Dialog (Ben Abacha et al., EACL 2023), and the name of each section in words."""

SECTION_HEADERS = {
    "ALLERGY": "allergies",
    "ASSESSMENT": "assessment",
    "CC": "chief complaint",
    "DIAGNOSIS": "diagnosis",
    "DISPOSITION": "disposition",
    "EDCOURSE": "emergency department course",
    "EXAM": "physical exam",
    "FAM/SOCHX": "family and social history",
    "GENHX": "history of present illness",
    "GYNHX": "gynecologic history",
    "IMAGING": "imaging",
    "IMMUNIZATIONS": "immunizations",
    "LABS": "labs",
    "MEDICATIONS": "medications",
    "OTHER_HISTORY": "other history",
    "PASTMEDICALHX": "past medical history",
    "PASTSURGICAL": "past surgical history",
    "PLAN": "plan",
    "PROCEDURES": "procedures",
    "ROS": "review of systems",
}
ALIASES = {
    "HPI": "GENHX",
    "PMH": "PASTMEDICALHX",
    "PSH": "PASTSURGICAL",
    "FAMHX": "FAM/SOCHX",
    "SOCHX": "FAM/SOCHX",
    "ALLERGIES": "ALLERGY",
    "MEDS": "MEDICATIONS",
    "PHYSICAL EXAM": "EXAM",
} | {name.upper(): header for header, name in SECTION_HEADERS.items()}
ANY = "clinical note"  # the name in a prompt if the section is unknown


def normalise(header: str) -> str | None:
    """Return the normalised header: `hpi`, `GenHx ` and `History of Present Illness` become `GENHX`.

    Return an unknown header in capitals. Return None if the header is empty.
    """
    header = " ".join(header.upper().split())
    return ALIASES.get(header, header) or None


def in_words(section: str | None) -> str:
    """Return the name that a section has in prompts: `GENHX` → `history of present illness`."""
    if section is None:
        return ANY
    return SECTION_HEADERS.get(section, section.replace("_", " ").lower())
