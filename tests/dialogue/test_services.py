"""The text that transcription services, speech recognisers and telephone systems write around turns is no speech."""

import pytest

from medsum.core.errors import UserError
from medsum.corpus.visits import dialogue_of

PLAIN = "Doctor: Any cough?\nPatient: A little."
TEAMS = (
    "Asthma clinic - Dr. P. Marlow-20250611_141502-Meeting Recording\nJune 11, 2025, 2:15PM\n14m 3s\n\n"
    "Marlow, Peter (Dr) started transcription\n\n"
    "Marlow, Peter (Dr)   0:03\nHow often do you use the blue inhaler?\nIs it every day?\n\n"
    "Aisha Benn   0:09\nThree times a day.\n\nMarlow, Peter (Dr)   0:15\nAnd the brown one?\n\n"
    "Aisha Benn   0:19\nI lost it in May.\n\nBenn, Aisha (Guest) left the meeting\n\n"
    "Marlow, Peter (Dr) stopped transcription\n"
)
RECOGNISER = (
    "INFO:root:Loading model large-v3 on cuda\nDetected language 'en' with probability 0.99\n"
    "[0.00s -> 3.20s] SPEAKER_00: Where does it hurt?\n[3.40s -> 6.10s] SPEAKER_01: Under the ribs.\n"
    "[6.30s -> 8.00s] SPEAKER_01: Mostly after meals.\n[8.20s -> 9.90s] SPEAKER_00: Any fever?\n"
    "[10.00s -> 11.00s] SPEAKER_01: None.\nWrote visit.json\nDone.\n"
)
CALL = (
    "SESSION START 2025-02-01T08:00:00Z  agent=114  channel=voice\n"
    "2025-02-01T08:00:04Z | IVR | Call queued\n"
    "2025-02-01T08:00:12Z | NURSE ADVISOR | What has happened?\n"
    "2025-02-01T08:00:18Z | CALLER | My son swallowed a coin.\n"
    "2025-02-01T08:00:25Z | SYSTEM | Call transferred to 4021\n"
    "2025-02-01T08:01:02Z | NURSE ADVISOR | Is he breathing?\n"
    "2025-02-01T08:01:09Z | CALLER | Yes, he is.\n"
    "SESSION END 2025-02-01T08:02:00Z  disposition=urgent  duration=120s\n"
)
JOB = (
    "TRANSCRIPTION JOB: 9981-B\nCUSTOMER: ASHFORD COMMUNITY CLINIC\nTYPIST: KL\nAUDIO QUALITY: GOOD\n\n"
    "MIDWIFE\n\nHow many weeks are you now?\n\nMRS. HALLOWAY\n\nThirty one. I counted\nit twice.\n\n"
    "And the heartburn is back.\n\nMIDWIFE\n\nEvery night?\n\nMRS. HALLOWAY\n\nMost nights.\n\n*** END OF FILE ***\n"
)
READ = {
    "Teams in Word": (
        TEAMS,
        "Doctor: How often do you use the blue inhaler? Is it every day?\nAisha Benn: Three times a day.\n"
        "Doctor: And the brown one?\nAisha Benn: I lost it in May.",
    ),
    "segments with a log": (
        RECOGNISER,
        "SPEAKER_00: Where does it hurt?\nSPEAKER_01: Under the ribs. Mostly after meals.\nSPEAKER_00: Any fever?\n"
        "SPEAKER_01: None.",
    ),
    "log above": (
        "Loading pipeline...\nTranscribing audio file visit3.wav\n"
        "[00:00:01.000 --> 00:00:04.000]  Doctor: Take the\n[00:00:04.000 --> 00:00:06.000]  Doctor: 10 mg tablet.\n"
        "[00:00:06.500 --> 00:00:08.000]  Patient: All right.\nSaved transcript to visit3.txt\n",
        "Doctor: Take the 10 mg tablet.\nPatient: All right.",
    ),
    "telephone system": (
        CALL,
        "Nurse Advisor: What has happened?\nCaller: My son swallowed a coin.\nNurse Advisor: Is he breathing?\n"
        "Caller: Yes, he is.",
    ),
    "a relative in a log": (
        "08:00:12 | NURSE | Who fell?\n08:00:18 | GUEST_FAMILY | My father did.\n08:00:25 | NURSE | Is he awake?\n",
        "Nurse: Who fell?\nGuest_family: My father did.\nNurse: Is he awake?",
    ),
    "events in a call": (
        "[08:00:12] Agent: What has happened?\n[08:00:18] Caller: My chest is tight.\n[08:00:22] *** ON HOLD ***\n"
        "[08:00:52] *** HOLD END ***\n[08:00:55] Agent: Any sweating?\n[08:01:00] Caller: Yes.\n"
        "[08:01:05] *** CALL TRANSFERRED TO AMBULANCE CONTROL ***\n",
        "Agent: What has happened?\nCaller: My chest is tight.\nAgent: Any sweating?\nCaller: Yes.",
    ),
    "events without a tag": (
        "[00:01] Nurse: Hi, who is it?\n[00:03] -- Caller placed on hold --\n[00:05] Caller: Me.\n"
        "[00:09] Call transferred to Pharmacy\n[00:12] Pharmacist: Which pills?\n[00:14] Caller: The red ones.\n"
        "[00:20] Caller disconnected\n",
        "Nurse: Hi, who is it?\nCaller: Me.\nPharmacist: Which pills?\nCaller: The red ones.",
    ),
    "warnings in a log": (
        "2024-11-02 21:14:19 INFO agent: What has happened?\n2024-11-02 21:14:24 INFO caller: My chest.\n"
        "2024-11-02 21:14:24 WARN network jitter 40ms\n2024-11-02 21:14:29 INFO agent: Any sweating?\n"
        "2024-11-02 21:14:31 INFO caller: Yes.\n",
        "Agent: What has happened?\nCaller: My chest.\nAgent: Any sweating?\nCaller: Yes.",
    ),
    "speakers on their own lines": (
        JOB,
        "Midwife: How many weeks are you now?\n"
        "Mrs. Halloway: Thirty one. I counted it twice. And the heartburn is back.\n"
        "Midwife: Every night?\nMrs. Halloway: Most nights.",
    ),
    "long speeches below names": (
        "Moss, Elaine (Nurse)   0:05\nIt came out at 61.\nIt was 54 in May.\nWe want less.\n\n"
        "Henrik Lind   0:12\nIs that better?\nI skip it at work.\nIt upsets me.\n\n"
        "Moss, Elaine (Nurse)   0:16\nIt is worse.\n\nIda Lind   0:31\nHe never takes it.\nI tell him so.\n",
        "Moss, Elaine: It came out at 61. It was 54 in May. We want less.\n"
        "Henrik Lind: Is that better? I skip it at work. It upsets me.\nMoss, Elaine: It is worse.\n"
        "Ida Lind: He never takes it. I tell him so.",
    ),
    "a name as an answer": (
        "DOCTOR\n\nYour full name?\n\nPATIENT\n\nJoan Low\n\nDOCTOR\n\nAny pain?\n\nPATIENT\n\nNone.",
        "Doctor: Your full name?\nPatient: Joan Low\nDoctor: Any pain?\nPatient: None.",
    ),
    "times at the ends of lines": (
        "Memory clinic. Present: psychiatrist, patient and her daughter.\n\n"
        "Psychiatrist \u2014 What day is it?  (14:02)\n\n[Patient looks at her daughter.]\n\n"
        "Patient \u2014 Tuesday \u2014 no, Wednesday.  (14:02)\n\nDaughter \u2014 It is Thursday, Mum.  (14:03)\n",
        "Psychiatrist: What day is it?\nPatient: Tuesday - no, Wednesday.\nDaughter: It is Thursday, Mum.",
    ),
}
CLOSINGS = (
    "This transcript was generated by Wordwell AI on 3 May 2025.", "Powered by Wordwell", "All rights reserved.",
    "This editable transcript was computer generated and might contain errors.", "_Reviewed and filed._",
    "\u00a9 2025 Claritype Transcription Ltd.", "Checked and signed by T. Osei on 4 March 2025", "*Typed by R. Lund*",
    "---\n_Checked and archived by R. Lund_", "END OF DICTATION\nDictated: 03/04/2025", "Audio quality: fair",
    "-- end of session, 7 segments, 1 below 80% --", "CALL END 21:17:02  duration=175s", "Word count: 812",
)  # fmt: skip
SPEECH = (
    "Reviewed and signed it, they said.", "Recorded by Holter it was fine.", "words: apple, table, penny.",
    "(c) ring me in the morning.", "Feeling dizzy and tired...", "Hold on.", "Done.",
    "HOLD ON", "WARNING SIGNS ARE RED SKIN", "The call was transferred to him.", "1/2",
)  # fmt: skip


@pytest.mark.parametrize("name", READ)
def test_only_what_people_say_is_read(name: str) -> None:
    text, turns = READ[name]
    assert dialogue_of(text).text == turns


@pytest.mark.parametrize("closing", CLOSINGS)
def test_the_closing_of_a_service_is_no_speech(closing: str) -> None:
    assert dialogue_of(f"{PLAIN}\n\n{closing}\n").text == PLAIN


@pytest.mark.parametrize("line", SPEECH)
def test_speech_that_looks_like_a_closing_stays(line: str) -> None:
    assert dialogue_of(f"{PLAIN}\n{line}\n").text == f"{PLAIN} {line}"


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (f"{PLAIN}\nCall ended 09:06\nThe recording is kept for 90 days.", "line 4 seems to begin a note"),
        (f"{PLAIN}\n\n---\n\nThe patient seemed well.", "line 6 seems to begin a note"),
        (f"{CALL}Call summary: advised to attend", "line 9 seems to begin a note"),
        (f"{PLAIN}\nCALL END 21:17:02\nCALL START 22:04:10\n{PLAIN}", "line 5 seems to begin another visit"),
        (f"{TEAMS}\n{TEAMS}", "line .* seems to begin another visit"),
        (f"{JOB}\n{JOB}", "line .* seems to begin another visit"),
        (TEAMS.replace("Benn, Aisha (Guest) left the meeting", "Ida   0:24\nShe lost it."), "line 20 may be the only"),
        (JOB.replace("And the heartburn", "MR. HALLOWAY\n\nAnd the heartburn"), "line 15 may be the only turn"),
    ],
)
def test_what_may_be_no_speech_or_another_visit_is_refused(text: str, message: str) -> None:
    with pytest.raises(UserError, match=f"^{message}"):
        dialogue_of(text)
