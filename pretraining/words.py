"""Words of the synthetic dialogues, and invented names that a model cannot memorise."""

from random import Random


def items(listed: str) -> list[str]:
    """Return the parts of a text that is separated by commas."""
    return [item.strip() for item in listed.split(",")]


def said_and_written(phrases: str) -> list[tuple[str, str]]:
    """Split a list of 'spoken|written' phrases."""
    pairs = (phrase.strip().partition("|") for phrase in phrases.split(";"))
    return [(said, written or said) for said, _, written in pairs]


# As the patient says it | as the note writes it (the same where there is no bar).
SYMPTOMS = said_and_written("""
chest pain|chest pain; trouble breathing|shortness of breath; headaches; nausea; throwing up|vomiting;
fever; chills; a cough|cough; belly pain|abdominal pain; back pain; neck pain; dizziness;
feeling tired|fatigue; a sore throat|sore throat; a runny nose|rhinorrhea; diarrhea; constipation;
heartburn; joint pain; knee pain; hip pain; shoulder pain; swelling in my legs|leg swelling; a rash|rash;
itching|pruritus; night sweats; weight loss; weight gain; trouble sleeping|insomnia; palpitations;
blurry vision|blurred vision; ringing in my ears|tinnitus; ear pain; burning when I pee|dysuria;
blood in my urine|hematuria; numbness; tingling; weakness; wheezing; a stuffy nose|nasal congestion;
trouble swallowing|dysphagia; hair loss; muscle aches|myalgia; passing out|syncope;
bruising easily|easy bruising; hand pain; ankle pain; foot pain; blood in my stool|blood in stool;
anxiety; feeling depressed|depression; memory problems; bloating; cramps; hot flashes;
an itchy eye|itchy eye; a lump in my neck|neck mass; tremors|tremor; snoring; leg cramps
""")

CONDITIONS = said_and_written("""
high blood pressure|hypertension; high cholesterol|hyperlipidemia; diabetes;
type two diabetes|type 2 diabetes; asthma; COPD; arthritis; osteoporosis; gout; migraines; depression;
anxiety; thyroid problems|thyroid disease; a low thyroid|hypothyroidism; acid reflux|GERD;
a heart attack|myocardial infarction; a stroke|stroke; an irregular heartbeat|atrial fibrillation;
heart failure|congestive heart failure; kidney stones; kidney disease; anemia; breast cancer; lung cancer;
colon cancer; prostate cancer; skin cancer; sleep apnea; seizures|seizure disorder; glaucoma; cataracts;
psoriasis; eczema; hepatitis C; pneumonia; ulcers|peptic ulcer disease; diverticulitis; lupus;
fibromyalgia; blood clots|deep vein thrombosis; an enlarged prostate|benign prostatic hyperplasia;
Crohn's disease; multiple sclerosis; Parkinson's disease; Alzheimer's|Alzheimer's disease;
bipolar disorder; endometriosis; rheumatoid arthritis; coronary artery disease;
a heart murmur|heart murmur; hearing loss; hay fever|allergic rhinitis
""")

SURGERIES = said_and_written("""
my gallbladder out|cholecystectomy; my appendix out|appendectomy; my tonsils out|tonsillectomy;
a hysterectomy|hysterectomy; a C section|cesarean section; a knee replacement|knee replacement;
a hip replacement|hip replacement; a hernia repair|hernia repair;
heart bypass surgery|coronary artery bypass; back surgery; cataract surgery;
carpal tunnel surgery|carpal tunnel release; a pacemaker put in|pacemaker placement;
a colonoscopy|colonoscopy; my tubes tied|tubal ligation; a thyroid operation|thyroidectomy;
a lumpectomy|lumpectomy; a heart stent|coronary stent placement; rotator cuff surgery|rotator cuff repair;
sinus surgery; ear tubes|ear tube placement; a prostate operation|prostatectomy;
wisdom teeth removed|wisdom tooth extraction; a vasectomy|vasectomy; bunion surgery|bunionectomy
""")

DRUGS = items("""
lisinopril, metformin, atorvastatin, amlodipine, metoprolol, omeprazole, losartan, albuterol, gabapentin,
hydrochlorothiazide, sertraline, simvastatin, montelukast, escitalopram, rosuvastatin, bupropion,
furosemide, trazodone, pantoprazole, prednisone, fluoxetine, tamsulosin, citalopram, warfarin, meloxicam,
clopidogrel, propranolol, aspirin, allopurinol, naproxen, ibuprofen, acetaminophen, carvedilol,
levothyroxine, cetirizine, loratadine, amoxicillin, azithromycin, ciprofloxacin, doxycycline, cephalexin,
Lasix, Coumadin, Lipitor, Zoloft, Prozac, Nexium, Plavix, Tylenol, Advil, Synthroid, Singulair, Flonase,
Norvasc, Zocor, Prilosec, Celexa, Lexapro, Ambien, Xanax, insulin, glipizide, digoxin, spironolactone,
topiramate, lamotrigine, quetiapine, folic acid, vitamin D, methotrexate
""")

ALLERGENS = items("""
penicillin, sulfa, codeine, morphine, latex, peanuts, shellfish, aspirin, iodine, bee stings, eggs, dust,
pollen, cats, ibuprofen, erythromycin, tetracycline, strawberries, contrast dye, Keflex, Demerol
""")

REACTIONS = said_and_written("""
hives; a rash|rash; swelling; itching; trouble breathing|difficulty breathing; nausea
""")
RELATIVES = items("mother, father, brother, sister, grandmother, grandfather, son, daughter, aunt, uncle")
JOBS = items("""
teacher, nurse, truck driver, farmer, carpenter, lawyer, cook, waitress, engineer, plumber, secretary,
mechanic, librarian, pilot, electrician, salesman, accountant, bus driver, hairdresser, painter, student,
cashier, firefighter
""")
PLACES = items("""
left arm, right arm, left leg, right leg, left shoulder, right shoulder, lower back, left hip, right hip,
neck
""")
TRIGGERS = items("""
walking, standing, sitting, bending, lifting, eating, climbing stairs, lying down, running, coughing,
stress
""")
RELIEFS = items("rest, ice, heat, sitting down, stretching, ibuprofen, sleep, massage, lying down, Tylenol")
STUDIES = items("""
chest X-ray, CT scan of the head, MRI of the spine, abdominal ultrasound, EKG, echocardiogram, mammogram,
bone scan, stress test, colonoscopy, blood count, sleep study, MRI of the knee, CT scan of the abdomen,
urinalysis
""")
FINDINGS = items("""
no fracture, a small fracture, no acute disease, mild arthritis, a herniated disc, fluid in the lungs,
a small nodule, no masses, a kidney stone, mild swelling, a torn ligament, normal results,
an enlarged heart, degenerative changes
""")
VACCINES = items("flu, tetanus, pneumonia, shingles, hepatitis B, measles, chickenpox, COVID, polio")
LABS = items("""
hemoglobin, glucose, creatinine, potassium, sodium, cholesterol, A1c, TSH, white count, platelets
""")

ONSETS = items("b, br, c, ch, d, dr, f, fl, g, gr, h, j, k, l, m, n, p, pr, r, s, sh, st, t, tr, v, w, z")
VOWELS = items("a, e, i, o, u, ai, ea, ou")
CODAS = ["", "", "n", "r", "l", "s", "m", "x", "nd", "rt", "ck"]
DRUG_ENDINGS = items("""
ol, in, ine, ide, one, ate, pril, statin, cillin, mab, zole, pam, tidine, sartan, mycin
""")


def invented_name(rng: Random, syllables: int = 2) -> str:
    """Return an invented family name such as 'Brondea'. A model can only copy it."""
    parts = (rng.choice(ONSETS) + rng.choice(VOWELS) + rng.choice(CODAS) for _ in range(syllables))
    return "".join(parts).capitalize()


def drug(rng: Random) -> str:
    """Return a real drug or, equally often, an invented one."""
    if rng.random() < 0.5:
        return rng.choice(DRUGS)
    name = invented_name(rng, rng.choice((1, 2, 2))) + rng.choice(DRUG_ENDINGS)
    return name if rng.random() < 0.4 else name.lower()
