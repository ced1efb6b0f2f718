"""Topics of a synthetic visit about today. Each topic speaks its facts and writes them into the note."""

from pretraining import words
from pretraining.spoken import say_decimal, spell_in_pairs
from pretraining.visit import NO, YES, Visit, capital, joined


def complaint(v: Visit) -> None:
    """Speak and write age, sex, the main symptom and how long it has lasted."""
    age_said, age = v.number(18, 95)
    said, written = v.phrase(words.SYMPTOMS)
    time_said, time = v.duration()
    v.doctor(
        "What brings you in today?", "How can I help you?", "What's going on?", "How old are you, and what's wrong?"
    )
    v.patient(
        f"I'm {age_said} and I've had {said} for {time_said}.",
        f"I've been having {said} for about {time_said} now. I'm {age_said}.",
        f"Well, it's {said}. It started {time_said} ago. Oh, and I'm {age_said} years old.",
    )
    he = f"{age}-year-old {v.sex}"
    v.doctor(f"So you are a {age_said} year old {v.sex}.", f"I see a {age_said} year old {v.sex} here.")
    v.write(
        f"The patient is a {he} who presents with {written} for {time}.",
        f"This is a {he} with a history of {written} for {time}.",
        f"{he} with {written} for {time}.",
    )


def chief_complaint(v: Visit) -> None:
    """Speak and write one or two symptoms, and nothing else."""
    said, written = v.phrases(words.SYMPTOMS, 2)
    v.doctor("What brings you in today?", "Hi, how can I help?", "What seems to be the problem?", "Why are you here?")
    v.patient(
        f"I have {joined(said)}.",
        f"It's {joined(said)}.",
        f"I came because of {joined(said)}.",
        f"{capital(joined(said))}.",
    )
    v.write(f"{capital(joined(written))}.")


def severity(v: Visit) -> None:
    """Speak and write where the pain is, how bad it is, and what changes it."""
    said, written = v.number(1, 10)
    place = v.word(words.PLACES)
    worse, better = v.word(words.TRIGGERS), v.word(words.RELIEFS)
    v.doctor("Where is the pain, and how bad is it?", "How bad is the pain from one to ten?")
    v.patient(f"It's in my {place}, maybe a {said} out of ten.", f"A {said}. It hurts in my {place}.")
    v.doctor("What makes it better or worse?", "Does anything help or make it worse?")
    v.patient(
        f"{capital(worse)} makes it worse and {better} helps.", f"It gets worse with {worse}. {capital(better)} helps."
    )
    v.write(
        f"Pain is in the {place} and rated {written}/10. It is worse with {worse} and better with {better}.",
        f"She rates the {place} pain {written}/10, worse with {worse}, relieved by {better}."
        if v.sex == "female"
        else f"He rates the {place} pain {written}/10, worse with {worse}, relieved by {better}.",
    )


def denials(v: Visit) -> None:
    """Speak and write symptoms that the patient has, and symptoms that the patient does not have."""
    drawn = v.rng.sample(words.SYMPTOMS, v.rng.randint(2, 4))
    split = v.rng.randint(0, len(drawn) - 1)
    has, lacks = drawn[:split], drawn[split:]
    for said, written in drawn:
        v.fact(said, written)
    for said, _ in has:
        v.doctor(f"Do you have {said}?", f"Any {said}?", f"Have you had {said}?")
        v.patient(*YES)
    v.doctor(
        f"Any {joined([said for said, _ in lacks], 'or')}?", f"What about {joined([said for said, _ in lacks], 'or')}?"
    )
    v.patient(*NO)
    if has:
        written = joined([written for _, written in has])
        v.write(f"Positive for {written}.", f"The patient reports {written}.", f"{capital(written)}.")
    lacking = joined([written for _, written in lacks], "or")
    v.write(f"Denies {lacking}.", f"No {lacking}.", f"The patient denies {lacking}.", f"Negative for {lacking}.")


def vital_signs(v: Visit) -> None:
    """Speak and write blood pressure, pulse and temperature."""
    (high_said, high), (low_said, low) = v.number(90, 199, spell_in_pairs), v.number(50, 110)
    pulse_said, pulse = v.number(48, 130)
    tenths = v.rng.randint(965, 1039)
    heat_said, heat = v.fact(say_decimal(tenths), f"{tenths / 10:g}")
    v.doctor(
        f"Your blood pressure is {high_said} over {low_said} and your pulse is {pulse_said}.",
        f"Blood pressure {high_said} over {low_said}, pulse {pulse_said}.",
    )
    v.patient("Is that okay?", "Okay.", "Good.")
    v.doctor(f"And your temperature is {heat_said}.", f"Temperature {heat_said}.")
    v.write(
        f"Blood pressure {high}/{low}, pulse {pulse}, temperature {heat}.", f"BP {high}/{low}, P {pulse}, T {heat}."
    )


def assessed(v: Visit) -> None:
    """Speak and write the doctor's assessment."""
    said, written = v.phrase(words.CONDITIONS)
    v.patient("What do you think it is?", "So what's wrong, doctor?", "What did you find?")
    v.doctor(f"I think this is {said}.", f"It looks like you have {said}.", f"You have {said}.")
    v.write(f"{capital(written)}.", f"Probable {written}.", f"The patient has {written}.")


def treatment(v: Visit) -> None:
    """Speak and write a drug, a study, and when to come back."""
    name, (weeks_said, weeks) = v.drug(), v.number(1, 12)
    study = v.word(words.STUDIES)
    v.doctor(f"I'm going to start you on {name}.", f"I'll prescribe {name}.")
    v.patient("Okay.", "All right.", "Will it help?")
    v.doctor(
        f"We will also get a {study}. Come back in {weeks_said} weeks.",
        f"Then a {study}, and I'll see you in {weeks_said} weeks.",
    )
    v.write(
        f"Start {name}. Obtain {study}. Follow up in {weeks} weeks.",
        f"{capital(name)} was prescribed. {capital(study)} ordered. Return in {weeks} weeks.",
    )


def study_result(v: Visit) -> None:
    """Speak and write the result of a study."""
    study, finding = v.word(words.STUDIES), v.word(words.FINDINGS)
    v.patient("Do you have my results?", "What did the test show?", "How did my test look?")
    v.doctor(f"Your {study} showed {finding}.", f"The {study} shows {finding}.")
    v.write(f"{capital(study)} showed {finding}.", f"{capital(study)}: {finding}.")


def lab_values(v: Visit) -> None:
    """Speak and write laboratory values."""
    for name in v.rng.sample(words.LABS, v.rng.randint(1, 3)):
        v.fact(name, name)
        said, written = v.number(2, 240, spell_in_pairs)
        v.doctor(f"Your {name} is {said}.", f"{capital(name)} came back at {said}.")
        v.patient("Is that good?", "Okay.", "Hm.")
        v.write(f"{capital(name)} {written}.", f"{capital(name)} is {written}.")


def discharged(v: Visit) -> None:
    """Speak and write where the patient goes, and when to come back."""
    place, (days_said, days) = v.word(["home", "rehab", "a nursing home", "the ICU"]), v.number(2, 14)
    v.doctor(
        f"You will go to {place}. See me in {days_said} days.",
        f"We're sending you to {place}, and I'll see you in {days_said} days.",
    )
    v.patient("Okay.", "Thank you.", "Sounds good.")
    v.write(f"Discharged to {place}. Follow up in {days} days.", f"To {place}. Return in {days} days.")


def in_emergency_room(v: Visit) -> None:
    """Speak and write what was given and done in the emergency room."""
    name, study = v.drug(), v.word(words.STUDIES)
    said, written = v.phrase(words.SYMPTOMS)
    v.patient(f"What did they do in the emergency room for {said}?", f"I came in with {said}. What happened then?")
    v.doctor(f"We gave you {name} and did a {study}.", f"You had a {study}, and then we gave you {name}.")
    v.write(
        f"The patient was given {name} for {written}. {capital(study)} was done.",
        f"Received {name} for {written}, and {study}.",
    )
