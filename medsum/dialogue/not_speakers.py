"""Recognise text before a colon that is not a speaker: headings, list items, and medications with doses."""

import re

from medsum.dialogue.section_headers import ALIASES, SECTION_HEADERS

_MORE = """
abdomen action address admission admitted advice after afternoon age agenda aim allergic allergies allergy also am
answer appointment appearance area assess assessment attachment attachments back bcc bedtime before billing birth blood
bottom bp breakfast bottle cardiac cardiovascular care case cc chart chest chief clinic clinical code codes com comment
comments complaint complaints concern concerns condition conclusion confidential consent consult consultation contact
context copy correction course current daily dangers date dates day days demographics department details diagnoses
diagnosis diet differential dinner discharge disclaimer discussion disposition dob dose doses drug drugs duration each
ear ears echo ed effect effects email emergency encounter end ending evening event example exam examination exercise
extremities eye eyes facility family fax fever file findings first follow follow-up followup for format fourth fri
friday from fifth file final finally gender general genitourinary gi goal goals gynecologic habits head heart heent
height here history home hospital hpi hr id illness imaging immunization immunizations important impression impressions
in indication indications injury instruction instructions interval introduction issue issues item items lab laboratory
labs language last later length lesson lifestyle line link list location look lunch lungs mail med medical medication
medications medicine medicines meds message meeting meta mind mon monday mood morning most mrn musculoskeletal name
names neck neuro neurologic neurological never new next night noon nose note notes now number objective observation
occupation on onset one option or order orders organization other overall oxygen page pain part past patient-id people
per phone physical place plan plans platform pm pmh point possible present prescription prescriptions pressure previous
priority problem problems procedure procedures progress project psh psychiatric pulse purpose question questions quote
rate re reason reasons recommendation recommendations record recorded recording referral remember reminder reply report
request respiration respiratory rest result results review risk risks ros rule saturday second section sections self
sent session severity sex side signed sign signs situation skin smoking so sochx social source spo2 start started stat
status step steps still stop strength sub subject subjective summary sun sunday supper surgeries surgery surgical
symptom symptoms system systems temp temperature test tests that then therapy thing things third this three throat
thursday time timestamp timing tip title to today tomorrow tonight topic total transcript transcribed transcription
translation treatment trauma triggers tue tuesday two type unit update urgent url usually vaccines value version via
visit vital vitals vs warning warnings wed wednesday week weeks weight well what when where which who why work x-ray
yesterday year years january february march april may june july august september october november december attendees
participants speakers dialogue
"""
_WORDS = frozenset(_MORE.split()) | {
    word
    for name in (*SECTION_HEADERS, *SECTION_HEADERS.values(), *ALIASES)
    for word in re.findall(r"[a-z]+", name.lower())
}
_DRUG_END = re.compile(
    r"(?:pril|sartan|olol|statin|azole|idine|tidine|cillin|mycin|oxacin|formin|gliptin|gliflozin|glutide|tine|pam|lam"
    r"|zepam|parin|xaban|dipine|semide|thiazide|profen|oxib|triptan|setron|lukast|terol|sone|solone|caine|barbital"
    r"|codone|morphone|cycline|vir|mab|nib|phylline|thyroxine|warfarin|aspirin|insulin|tylenol|advil|motrin|aleve"
    r"|metformin|gabapentin|pregabalin|prednisone|albuterol|fluticasone|omeprazole|vitamin\b.*|calcium|iron|zinc"
    r"|magnesium|potassium|fish oil|plavix|lipitor|zoloft|lexapro|prozac|norvasc|lasix|synthroid|xarelto|eliquis"
    r"|coumadin|nexium|humira|ozempic|lantus|novolog|humalog|melatonin|benadryl|claritin|zyrtec|flonase|hctz)$",
    re.IGNORECASE,
)
_MAIL_HEADER = re.compile(
    r"(?:from|to|cc|bcc|date|sent|subject|re|fwd?|reply-to|attachments?|importance|sender|return-path|delivered-to"
    r"|received|message-id|in-reply-to|references|mime-version|priority|organi[sz]ation|user-agent|authentication-results"
    r"|(?:x|content|list|thread|resent|dkim|arc)-[\w-]+)$",
    re.IGNORECASE,
)
_NUMBER = (
    r"(?:\d[\d,./-]*|half|one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|fifteen|twenty|twenty-five"
    r"|thirty|forty|fifty|sixty|seventy|seventy-five|eighty|ninety|a hundred|hundred|an?|several)"
)
_DOSE = re.compile(
    rf"(?:(?:about|just|only|maybe|up to|that's|it's|still|yes,?)\s)*(?:{_NUMBER}\b(?:\s[\w-]+){{0,3}}\s?"
    r"(?:mg|mcg|g|ml|iu|milli\w+|micro\w+|grams?|units?|tablets?|tabs?|pills?|capsules?|puffs?|drops?|sprays?|daily"
    r"|(?:times?\s)?(?:a|per|each|every)\s(?:day|week|night|morning|month)|at\s(?:night|bedtime))\b|(?:once|twice)\b"
    r"|(?:every|each)\s(?:day|night|morning|evening|other|\d|\w+\shours)|daily\b|nightly\b|as\sneeded\b|prn\b|b\.?i\.?d"
    r"|t\.?i\.?d|q\.?\d)",
    re.IGNORECASE,
)


def is_mail_header(tag: str) -> bool:
    """Return whether a tag is the name of a mail header, such as `Subject`."""
    return _MAIL_HEADER.match(tag) is not None


def is_heading(tag: str) -> bool:
    """Return whether a tag is a mail header, or has only words that occur in headings of notes, lists and letters."""
    words = re.findall(r"[a-z0-9-]+", tag.lower())
    return bool(words) and (all(word in _WORDS or word.isdigit() for word in words) or is_mail_header(tag))


def is_medication(tag: str, said: str) -> bool:
    """Return whether a tag is a medication or a dose follows it, as in `Lisinopril: ten milligrams once a day`."""
    return bool(_DRUG_END.search(tag.strip()) or _DOSE.match(said))


def has_heading_word(tag: str) -> bool:
    """Return whether any word of a tag is a word that occurs in headings."""
    return any(word in _WORDS for word in re.findall(r"[a-z0-9_-]+", tag.lower()))
