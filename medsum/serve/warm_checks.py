"""Import the checks and run each check once, so that this process and all its forks have all lexicons in memory."""

from medsum.serve.checking import checked
from medsum.serve.dialogue_input import is_english_asked, read_dialogue
from medsum.serve.identifiers import counted
from medsum.serve.opening import opened
from medsum.serve.render import views
from medsum.serve.visit import evidence_of

DIALOGUE = (
    "Doctor: What brings you in today?\nPatient: I've had headaches for two weeks, no fever. I take lisinopril, ten"
    " milligrams."
)
NOTE = {"summary": "Headaches for 2 weeks. Lisinopril 10 mg.", "section": None}

opened(DIALOGUE)
counted(DIALOGUE)
read = read_dialogue(DIALOGUE)
views({**NOTE, **evidence_of(read.text, NOTE)})
if is_english_asked():
    checked(read, NOTE["summary"] or "")
