"""List the hazards of the hazard log: one hazard for each category of docs/error_taxonomy.md, and the hazards of use.

The hazards of use arise when people use the notes. The texts describe what can happen in general. The rates come from
the measurements of the run (measured.py).
"""

from typing import NamedTuple

from medsum.faithfulness.flags import Category


class Hazard(NamedTuple):
    """A hazard. `controls` has names from controls.py.

    documents.py adds two more controls if they cover `category`: the checker, and the gate of `make promote`.
    """

    name: str
    impact: str
    causes: str
    controls: tuple[str, ...]
    category: Category | None = None
    description: str = ""


OF_CATEGORIES = (
    Hazard(
        "A relevant fact is missing",
        "An allergy, drug, finding or denial is not in the record; a later decision is made without it.",
        "The model is small; the dialogue is long; the fact is implied or in lay words; the wrong section was chosen.",
        ("long", "sections"),
        "omission",
    ),
    Hazard(
        "An invented finding or procedure",
        "Tests or treatment for something that the patient does not have; a wrong history that later notes copy.",
        "The model writes what usually belongs in a note; training notes had statements without support.",
        ("evidence", "hold_back", "rerank"),
        "hallucination",
    ),
    Hazard(
        "A wrong or invented number",
        "A wrong age, measurement, count or vital sign guides a dose or a referral.",
        "Numbers are spoken in words; a sign is lost; the model takes a number that belongs to something else.",
        ("evidence", "guided", "signs", "hold_back"),
        "quantity",
    ),
    Hazard(
        "A finding is affirmed instead of denied, or the reverse",
        "A denied symptom is treated, or a symptom that the patient has is ignored.",
        "Question and answer are in different turns; the patient corrects an answer.",
        ("evidence", "hold_back", "rerank"),
        "negation",
    ),
    Hazard(
        "A wrong drug, dose or frequency, or a wrong change of a drug",
        "Overdose, underdose, interaction, or a stopped drug that is continued.",
        "Drug names are misheard or abbreviated; the dose is spoken in words; several drugs are discussed together.",
        ("evidence", "guided", "signs", "hold_back"),
        "medication",
    ),
    Hazard(
        "Left instead of right, or the reverse",
        "An examination, imaging or procedure is done on the wrong side.",
        "Both sides are mentioned; the speaker shows the side instead of naming it.",
        ("evidence", "guided", "hold_back"),
        "laterality",
    ),
    Hazard(
        "A wrong date or duration",
        "Urgency or the course of an illness is judged wrongly.",
        "Dates are relative, such as `last week`; several events are discussed in one dialogue.",
        ("evidence", "guided", "hold_back"),
        "time",
    ),
    Hazard(
        "A fact is given to the wrong person",
        "A relative's illness is treated as the patient's illness, or the patient's own illness is overlooked.",
        "Several people speak or are talked about; pronouns are ambiguous.",
        ("evidence", "hold_back"),
        "person",
    ),
    Hazard(
        "The note contradicts itself",
        "The reader does not know which statement holds, and may take the wrong one.",
        "Windows or sections are written separately; the patient corrects an answer.",
        ("merging", "hold_back"),
        "contradiction",
    ),
    Hazard(
        "Text under a wrong section header",
        "A reader looks for a fact in the right section and does not find it.",
        "The section was guessed wrongly; the model writes a header of its own.",
        ("sections",),
        "section",
    ),
    Hazard(
        "Repeated sentences or words",
        "Reading takes longer, and a relevant sentence is overlooked.",
        "Greedy search runs into a loop.",
        ("loops", "ngrams"),
        "repetition",
    ),
    Hazard(
        "The note stops in the middle",
        "The end of the note is missing, such as the plan.",
        "The limit of tokens is reached (generation.max_new_tokens).",
        ("long",),
        "truncation",
    ),
    Hazard(
        "The note is far too long",
        "Relevant facts are hidden in text that nobody needs.",
        "The model copies the dialogue instead of summarising it.",
        ("loops",),
        "length",
    ),
    Hazard(
        "No usable note",
        "The clinician has no draft, or takes an empty note for an uneventful visit.",
        "The dialogue is unlike the training data; the model files are damaged.",
        ("manifest", "loops"),
        "degenerate",
    ),
)
OF_USE = {  # the hazards of use, by the name of their figures in measured.py
    "unflagged": Hazard(
        "A wrong note is signed although it has no flag",
        "Any of the harms above, because the reader trusts a note without flags.",
        "The checker misses errors; the reader is in a hurry; the draft reads well.",
        ("evidence", "hold_back", "preliminary"),
        description="Nothing in the software can make a person read the note. Reading the note is a control of the care"
        " organisation.",
    ),
    "false_alarms": Hazard(
        "Correct words are flagged so often that flags are dismissed unread",
        "A true flag is dismissed together with false flags.",
        "The lexicons and rules do not know the wording.",
        ("evidence",),
        description="The reader gets used to false alarms.",
    ),
    "conversion": Hazard(
        "The served model writes other notes than the evaluated model",
        "The measured rates do not hold for the notes that people read.",
        "The weights are converted and rounded for serving.",
        ("parity", "manifest"),
        description="Scores and error rates were measured with the fine-tuned model before its conversion.",
    ),
    "groups": Hazard(
        "Notes are worse for some patients, sections or dialogues",
        "A group of patients gets more errors in the record than others.",
        "The training and test data have few dialogues of the group.",
        ("subgroups", "language"),
        description="The mean over all test records hides a group that is worse off.",
    ),
    "long": Hazard(
        "A long dialogue is summarised poorly",
        "Most of what was said is missing, or is invented.",
        "The training dialogues are short; windows are merged by rules.",
        ("long", "merging", "loops"),
        description="Long visits differ from the dialogues that the model was trained on.",
    ),
    "identifiers": Hazard(
        "The model writes a name, date or number of another patient",
        "A breach of confidentiality, or a fact of another patient in the record.",
        "A language model can repeat its training data.",
        ("screening",),
        description="Nobody has shown that training data cannot be extracted from this model.",
    ),
    "transcript": Hazard(
        "The transcript has wrong words or wrong speakers",
        "The note repeats what nobody said, or gives the doctor's words to the patient. The checker sees no error.",
        "Speech recognition, noise, accents, several people, an interpreter.",
        ("reading",),
        description="The software takes the transcript as what was said. It does not hear the visit.",
    ),
    "mix_up": Hazard(
        "The note goes into the record of another patient",
        "A patient is treated by the facts of another patient.",
        "Copying and pasting; several visits in one recording.",
        ("one_visit",),
        description="The software does not know the patient; the person or the calling system assigns the note.",
    ),
    "outage": Hazard(
        "The system is not available, or answers late",
        "The note is written later from memory.",
        "The server is stopped, overloaded or without memory.",
        (),
        description="If too many requests wait, the server refuses new requests (503). There is no second server.",
    ),
}
