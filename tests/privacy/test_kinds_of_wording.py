"""Identifiers are found in the many wordings that records have, and similar words that identify nobody are not."""

import pytest

from medsum.privacy.screening import find

FOUND = [
    ("Brockhollow", "Receptionist: And the surname?\nCaller: Brockhollow, with two Ls."),
    ("Price", "Receptionist: Can I take a surname?\nCaller: Price."),
    ("Wulfric Sandys", "Operator: Who am I speaking to?\nCaller: Yes, it's Wulfric Sandys."),
    ("Anquetil", "Nurse: Name? Anquetil, that's A-N-Q-U-E-T-I-L."),
    ("kasia", "pt kasia seen with her husband, tearful"),
    ("gustavo", "told gustavo to stop the tablets"),
    ("mwangi", "spoke to mwangi re interactions"),
    ("shelagh", "the scan was fine but shelagh is still sore"),
    ("Hope Adichukwu", "Nurse: Is it Hope?\nPatient: Yeah, Hope Adichukwu, but put it in capitals."),
    ("van der Linde", "Scrub nurse: van der Linde. Circulating nurse: O'Dowd."),
    ("el-Sayed", "Assistant: de la Cruz. Anaesthetist: el-Sayed."),
    ("Ruairi McGettigan", "Kind regards,\n\nRuairi McGettigan\nLocum Registrar in Oncology"),
    ("Sunniva", "Best wishes\nSunniva\nSpecialist Dietitian"),
    ("T.W.", "T.W., a left-handed electrician, cut his hand."),
    ("A.B.C.", "A.B.C. presented with haematuria."),
    ("hla htwe", "patient name is hla htwe, no surname"),
    ("Oluwafunto", "Oluwafunto rang to cancel."),
    ("Summer", "Summer was born at term."),
    ("Brockhollow", "1) Brockhollow - echo; 2) Pereira - home"),
    ("Willow Bend Health and Rehab", "Accepted by Willow Bend Health and Rehab for Monday."),
    ("Marsh Lane Dental Practice", "He attends Marsh Lane Dental Practice."),
    ("Eastlake High", "A sophomore at Eastlake High, well otherwise."),
    ("ridgeway middle school", "he is at ridgeway middle school and gets teased"),
    ("07700 900612", "Her mobile is 07700 900612."),
    ("(020) 7946 0958", "Reach her on (020) 7946 0958 before noon."),
    ("01632-960-417", "Landline 01632-960-417."),
    ("1-800-555-0136", "Call 1-800-555-0136 for the results."),
    (
        "kestrel dot jones, the number seven, at example dot co dot uk",
        "kestrel dot jones, the number seven, at example dot co dot uk",
    ),
    ("94", "Wilfred, 94, from Omagh, slipped on ice."),
    ("91", "Mrs Achterberg (91F) was found on the floor."),
    ("ninety-four", "Still gardening at ninety-four, he tells me."),
    ("94", "Both parents alive at 91 and 94."),
    ("milton keynes", "we have been in milton keynes for years"),
    ("tregarnon", "we moved to tregarnon last year"),
    ("Jan-24", "First seen Jan-24, lost to follow up."),
    ("mid-March 2019", "Tetanus mid-March 2019."),
    ("3/14", "Flare on 3/14, settled."),
    ("04/11/2024", "Clinic w/c 04/11/2024."),
    ("April Fools' Day", "He quit on April Fools' Day."),
    ("9/3", "Catheter changed 9/3, no concerns."),
    ("3/5-3/9", "Hospitalised 3/5-3/9 with sepsis."),
    ("5th", "Seen 5th in clinic."),
    ("the 3rd or the 4th", "Booked for the 3rd or the 4th."),
    ("14.03", "Seen on 14.03, stable."),
    ("Kestrel Unit", "Transferred to Kestrel Unit."),
    ("Oakhurst rehab", "He's at Oakhurst rehab, bed 4."),
    ("9 station rd", "hes at 9 station rd"),
    ("Brannigan Freight", "Employer: Brannigan Freight"),
    ("Leeds", "Leeds-based, works away."),
    ("bigjules", "on insta as bigjules"),
    ("kilo x ray one nine", "my number plate is kilo x ray one nine"),
    ("Noothem", "Patient: A locum, Noothem I think she was called."),
    ("Jack L", "Handover: Obinna home, Jack L for theatre"),
    ("centenarian", "A centenarian with a fall."),
]
NOT_FOUND = [
    "Patient: I eat at Wendy's three nights a week.",
    "Patient: A Jack Daniel's at a wedding, and some Lucozade.",
    "Trendelenburg positive, Adson's test negative, Roos test equivocal.",
    "Kocher, Lanz and midline scars noted.",
    "West Nile IgM negative, Coxsackie type rash, Philadelphia chromosome positive.",
    "KRAS p.Gly12Asp and p.(Arg248Gln) reported.",
    "Fundi: no papilloedema. Sclerae: anicteric.",
    "Consultant Rheumatologist and Practice Manager informed.",
    "she is sharper than i am",
    "seen limping in the corridor, rang back twice, discussed at mdt",
    "told him to stop smoking",
    "Doctor: What's the name of your tablet?\nPatient: Bisoprolol.",
    "Nurse: Who brought you in?\nPatient: Nobody.",
    "Rated 8/10 at worst and 3/10 at rest.",
    "it was one forty over ninety when I checked",
    "Sats 93 on air, pulse 97, ESR 91.",
    "Nursing home placement was discussed; rehab potential is good.",
    "Will Monday suit you?",
    "RR 18, HR 92, afebrile.",
    "Dose cut to 1/4 last week.",
    "Attended 5/6 classes.",
    "Started 2/12 ago.",
    "On the 5th and 6th ribs.",
    "Klebsiella grew in the urine.",
    "Moved to the Intensive Care Unit.",
    "The circle of Willis is complete.",
    "Lives on Benefits.",
    "3-0 Prolene and 4-0 Monocryl for the skin.",
    "Attends the Diabetes Clinic.",
]


@pytest.mark.parametrize(("quoted", "text"), FOUND)
def test_each_wording_of_an_identifier_is_found(quoted: str, text: str) -> None:
    covered = {place for span in find(text) for place in range(span.start, span.end)}
    start = text.index(quoted)
    assert all(place in covered for place in range(start, start + len(quoted)) if text[place].isalnum())


@pytest.mark.parametrize("text", NOT_FOUND)
def test_similar_words_are_not_found(text: str) -> None:
    assert [text[span.start : span.end] for span in find(text)] == []
