"""Define patterns for the roles of people in forms and reports, such as `Scrub nurse`, and for words of jobs."""

import re

_RANKS = (
    r"(?:(?:operating|assisting|assistant|first|second|lead|named|senior|junior|responsible|supervising|duty|on[- ]call|charge"
    r"|scrub|circulating|admitting|attending|referring|ordering|requesting|reporting|primary(?: care)?|family|community|district"
    r"|specialist|clinical|locum|covering|chief|staff|ward|theatre|practice|school|research|discharging|treating|consulting"
    r"|trainee|student|deputy|acting|key|allocated|associate|registered|licensed|night|triage|booking|recording|visiting)[ -])"
)
ROLE = (
    rf"{_RANKS}{{0,2}}(?:surgeons?|assistants?|an[a]?esth(?:etist|esiologist|etic nurse)s?|physicians?|doctors?|drs?|clinicians?"
    r"|consultants?|registrars?|residents?|interns?|fellows?|sho|fy ?[12]|st ?\d|hca|cna|rn|lpn|np|crna|odp|nurses?|sisters?"
    r"|matrons?|midwi(?:fe|ves)|health visitors?|practitioners?|providers?|prescribers?|pharmacists?|dispensers?|technicians?"
    r"|radiographers?|sonographers?|radiologists?|pathologists?|\w{3,14}ologists?|p[a]?ediatricians?|psychiatrists?"
    r"|psychologists?|therapists?|physios?|physiotherapists?|ot|slt|dieti[ct]ians?|podiatrists?|dentists?|hygienists?"
    r"|opticians?|optometrists?|orthoptists?|audiologists?|counsell?ors?|perfusionists?|phlebotomists?|paramedics?|doulas?"
    r"|social workers?|care ?coordinators?|coordinators?|case ?(?:managers?|workers?)|key ?workers?|support workers?"
    r"|care ?managers?|carers?|caregivers?|chaperones?|interpreters?|translators?|advocates?|chaplains?|observers?|scribes?"
    r"|secretar(?:y|ies)|typists?|transcri(?:ber|ptionist)s?|receptionists?|clerks?|coders?|authors?|writers?|signator(?:y|ies)"
    r"|signed|author|witness(?:es)?|informants?|historians?|operators?|performers?|reviewers?|examiners?|assessors?|trainers?"
    r"|investigators?|teams? leads?|managers?|next of kin|nok|emergency contacts?|guardians?|proxy|attorney|solicitors?"
    r"|partners?|spouses?|husbands?|wi(?:fe|ves)|mothers?|fathers?|mums?|moms?|dads?|parents?|sons?|daughters?|brothers?"
    r"|sisters?|siblings?|children|friends?|neighbou?rs?|drivers?|escorts?|employers?|teachers?|gp|pcp|patient|pt|client"
    r"|subscriber|policy ?holder|insured|guarantor|responsible party|donor|recipient|consented by|taken by|seen by|done by"
    r"|performed by|reported by|ordered by|requested by|completed by|recorded by|checked by|given by|administered by"
    r"|assessed by|referred by|reviewed by|discussed with|cosigner|sponsor|caller|crew|team|surname|forename|first name"
    r"|last name|full name|given name|middle name|maiden name|preferred name|known as|alias|aka)"
)
JOB = re.compile(  # a word of a title under a signature, such as `Practice Manager`
    r"(?:manager|director|officer|secretary|administrator|co-?ordinator|lead|leader|head|chief|president|chair(?:man|woman)?"
    r"|registrar|consultant|specialist|practitioner|nurse|matron|midwife|physician|surgeon|pharmacist|technician|assistant"
    r"|associate|partner|fellow|resident|intern|student|trainee|locum|lecturer|reader|tutor|clinician|advisor|adviser"
    r"|advocate|interpreter|receptionist|clerk|typist|scribe|counsell?or|chaplain|podiatrist|dentist|hygienist|optician"
    r"|audiologist|physio|worker|visitor|supervisor|educator|navigator|scientist|practice|department|services?|medicine)s?"
)
