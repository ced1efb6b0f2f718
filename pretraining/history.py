"""Topics of a synthetic visit about the past. Each topic speaks its facts and writes them into the note."""

from pretraining import words
from pretraining.spoken import UNITS, spell, spell_in_pairs
from pretraining.visit import NO, Visit, capital, joined

HOW_OFTEN = [
    ("once a day", "daily"),
    ("twice a day", "twice daily"),
    ("three times a day", "three times daily"),
    ("every night", "nightly"),
    ("every morning", "every morning"),
    ("when I need it", "as needed"),
    ("once a week", "weekly"),
]


def takes_drugs(v: Visit) -> None:
    """Speak and write drugs with dose and frequency, or no drugs."""
    if v.rng.random() < 0.15:
        v.doctor("Do you take any medicines?", "Any medications?", "What medications are you on?")
        v.patient(*NO, "I don't take anything.")
        v.write("None.", "No medications.", "The patient takes no medications.")
        return
    v.doctor("Do you take any medicines?", "What medications are you on?", "Which medicines do you take?")
    for _ in range(v.rng.randint(1, 3)):
        name = v.drug()
        dose = v.rng.randint(1, 99) * v.rng.choice((1, 5, 10))
        said, written = v.number(dose, dose, spell_in_pairs if dose > 100 else spell)
        unit = v.pick(*UNITS)
        often, noted = v.fact(*v.rng.choice(HOW_OFTEN))
        v.patient(f"I take {name}, {said} {UNITS[unit]} {often}.", f"{capital(name)}, {said} {UNITS[unit]}, {often}.")
        v.doctor("Anything else?", "Okay, what else?", "Got it.")
        v.write(f"{capital(name)} {written} {unit} {noted}.")
    v.patient("That's all.", "No, that's it.", "Nothing else.")


def has_allergies(v: Visit) -> None:
    """Speak and write what the patient is allergic to, with the reaction, or no allergy."""
    v.doctor("Do you have any allergies?", "Are you allergic to anything?", "Any drug allergies?")
    if v.rng.random() < 0.3:
        v.patient(*NO, "Not that I know of.")
        v.write("No known drug allergies.", "None.", "The patient has no known allergies.")
        return
    name = v.same(words.drug(v.rng)) if v.rng.random() < 0.4 else v.word(words.ALLERGENS)
    said, written = v.phrase(words.REACTIONS)
    v.patient(
        f"Yes, {name}. I get {said}.", f"{capital(name)} gives me {said}.", f"I'm allergic to {name}. It causes {said}."
    )
    v.write(
        f"{capital(name)} causes {written}.",
        f"Allergic to {name}, which causes {written}.",
        f"{capital(name)} ({written}).",
    )


def family(v: Visit) -> None:
    """Speak and write diseases and deaths of relatives."""
    v.doctor("Any diseases in your family?", "Tell me about your family history.", "How is your parents' health?")
    if v.rng.random() < 0.15:
        v.patient("None that I know of.", "No, everyone is healthy.")
        v.write("Family history is negative.", "Noncontributory.", "No significant family history.")
        return
    for _ in range(v.rng.randint(1, 2)):
        relative = v.word(words.RELATIVES)
        said, written = v.phrase(words.CONDITIONS)
        age_said, age = v.number(25, 95)
        if v.rng.random() < 0.5:
            v.patient(
                f"My {relative} died of {said} at {age_said}.", f"I lost my {relative} to {said} at age {age_said}."
            )
            v.write(
                f"{capital(relative)} died of {written} at age {age}.",
                f"{capital(relative)} died at {age} of {written}.",
            )
        else:
            v.patient(f"My {relative} has {said} and is {age_said}.", f"My {relative} is {age_said} and has {said}.")
            v.write(f"{capital(relative)} is {age} with {written}.", f"{capital(relative)}, {age}, has {written}.")


def social(v: Visit) -> None:
    """Speak and write work, tobacco and alcohol."""
    job = v.word(words.JOBS)
    v.doctor("What do you do for work?", "Do you work?")
    v.patient(f"I'm a {job}.", f"I work as a {job}.")
    v.write(f"The patient works as a {job}.", f"Occupation: {job}.")
    v.doctor("Do you smoke?", "Do you smoke cigarettes?", "Any smoking?")
    if v.rng.random() < 0.5:
        v.patient(*NO, "I never smoked.")
        v.write("Does not smoke.", "Nonsmoker.", "Denies tobacco use.")
    else:
        (packs_said, packs), (years_said, years) = v.number(1, 3), v.number(2, 50)
        v.patient(
            f"Yes, {packs_said} packs a day for {years_said} years.",
            f"About {packs_said} packs daily, for {years_said} years.",
        )
        v.write(f"Smokes {packs} packs per day for {years} years.", f"{packs} packs per day for {years} years.")
    v.doctor("Do you drink alcohol?", "Any alcohol?", "Do you drink?")
    if v.rng.random() < 0.5:
        v.patient(*NO)
        v.write("No alcohol use.", "Denies alcohol.", "Does not drink alcohol.")
    else:
        drink, (said, written) = v.word(["beer", "wine", "whiskey", "vodka"]), v.number(1, 12)
        v.patient(f"I drink {drink}, about {said} a week.", f"Maybe {said} glasses of {drink} a week.")
        v.write(f"Drinks {written} glasses of {drink} per week.", f"Alcohol: {drink}, {written} per week.")


def past_conditions(v: Visit) -> None:
    """Speak and write diseases that the patient has had."""
    v.doctor("Any medical problems?", "Do you have any medical conditions?", "What is your medical history?")
    if v.rng.random() < 0.1:
        v.patient(*NO, "No, I'm healthy.")
        v.write("None.", "Noncontributory.", "No significant past medical history.")
        return
    said, written = v.phrases(words.CONDITIONS, 4)
    v.patient(f"I have {joined(said)}.", f"Yes, {joined(said)}.", f"They told me I have {joined(said)}.")
    v.write(f"{capital(joined(written))}.", f"Significant for {joined(written)}.", f"History of {joined(written)}.")


def past_surgeries(v: Visit) -> None:
    """Speak and write operations and their years."""
    v.doctor("Any surgeries?", "Have you ever had surgery?", "What operations have you had?")
    if v.rng.random() < 0.2:
        v.patient(*NO, "Never.")
        v.write("None.", "No prior surgeries.", "The patient has had no surgeries.")
        return
    for _ in range(v.rng.randint(1, 2)):
        said, written = v.phrase(words.SURGERIES)
        year_said, year = v.year()
        v.patient(f"I had {said} in {year_said}.", f"In {year_said} I had {said}.")
        v.write(f"{capital(written)} in {year}.", f"Status post {written} in {year}.", f"{capital(written)}, {year}.")


def vaccinated(v: Visit) -> None:
    """Speak and write vaccines and their years."""
    v.doctor("Are your shots up to date?", "Which vaccines have you had?")
    if v.rng.random() < 0.3:
        v.patient("Yes, all of them.", "Yes, everything is up to date.")
        v.write("Immunizations are up to date.", "Up to date.", "All immunizations are current.")
        return
    vaccine, (said, written) = v.word(words.VACCINES), v.year()
    v.patient(f"I had my {vaccine} shot in {said}.", f"The {vaccine} vaccine, in {said}.")
    v.write(f"{capital(vaccine)} vaccine in {written}.", f"Received {vaccine} vaccine in {written}.")


def pregnancies(v: Visit) -> None:
    """Speak and write pregnancies and the first period."""
    v.sex = "female"
    (times_said, times), (age_said, age) = v.number(2, 8), v.number(9, 16)
    v.doctor("How many times have you been pregnant?", "Any pregnancies?")
    v.patient(f"It's {times_said} times.", f"I've had {times_said} pregnancies.")
    v.doctor("And how old were you at your first period?")
    v.patient(f"I was {age_said}.", f"Around {age_said}.")
    v.write(f"Gravida {times}. Menarche at age {age}.", f"{times} pregnancies. First period at {age}.")


def procedure_done(v: Visit) -> None:
    """Speak and write a procedure and who did it."""
    said, written = v.phrase(words.SURGERIES)
    name = v.same(words.invented_name(v.rng))
    v.doctor("Which procedure did you have?", "What was done?")
    v.patient(f"Doctor {name} did it. I had {said}.", f"I had {said}, with Doctor {name}.")
    v.write(f"{capital(written)} by Dr. {name}.", f"{capital(written)} was performed by Dr. {name}.")


def doctor_named(v: Visit) -> None:
    """Speak and write another doctor, with an invented name."""
    name = v.same(words.invented_name(v.rng))
    v.doctor("Who sent you?", "Who is your regular doctor?", "Have you seen anyone for this?")
    v.patient(f"Doctor {name}.", f"I see Doctor {name}.", f"Yes, Doctor {name} sent me.")
    v.write(f"The patient is followed by Dr. {name}.", f"Referred by Dr. {name}.", f"The patient has seen Dr. {name}.")
