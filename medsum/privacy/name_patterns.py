"""Define patterns for the text around names, and for the text around words that only look like names."""

import re

LONGEST = 5  # a name has at most 5 words
PARTICLES_WORDS = """
de la le van der den ter ten te het von zu zur zum bin bint binti ibn abu abd al el di da das do dos del della dello
du des y af av st e ap ferch
"""
PARTICLES = frozenset(PARTICLES_WORDS.split())
OLD_PARTICLES = PARTICLES - {"la", "e", "y", "do", "st", "des", "te", "av", "het", "le"}  # these do not begin a name
CALENDAR_WORDS = """
april may june august summer autumn winter dawn eve noel dean major sunny star royal peace love honey baby
"""
CALENDAR = frozenset(CALENDAR_WORDS.split())
DAYS_WORDS = """
monday tuesday wednesday thursday friday saturday sunday january february march april may june july august september
october november december today tomorrow yesterday christmas easter
"""
DAYS = frozenset(DAYS_WORDS.split())
OF_A_PERSON = re.compile(
    r"(?:'s|’s)? (?:said|says|told|tells|called|calls|lives?|lived|drove|drives|works?|worked|came|comes|asked"
    r"|asks|thinks|wants|wanted"
    r"|mentioned|noticed|rang|phoned|texted|brought|helps?|helped|gave|gives|took|takes|had|has|was|went|knows"
    r"|needs|and I|will|can"
    r"|states|stated|reports|reported|denies|denied|looks|looked|seems|feels|felt|is|started|stopped|died"
    r"|passed|turned|tolerated"
    r"|mum|mom|dad|mother|father|wife|husband|son|daughter|teacher|appointment|labs|chart|blood|results?|wound"
    r"|insulin|here)\b"
)
ONLY_OF_A_PERSON = re.compile(
    r" (?:has (?:been|had|got|a|an|two|her|his|no)|and I|hasn't|isn't|didn't|can't|won't|said|says|told|tells"
    r"|called|lived"
    r"|lives|works|worked|rang|phoned|texted|drove|drives|asked|asks"
    r"|thinks|wants|wanted|mentioned|states|reports"
    r"|reported|denies|denied|brought|takes|took|noticed|tolerated|declined|attended|attends|prefers|knows"
    r"|visited|thought|felt|came|got|was (?:seen|tearful|born|admitted|referred|told|very|discharged|started"
    r"|given|pleasant|accompanied|unable"
    r"|here|in|at|with|upset|anxious|well|alert|asked|able|last)|is (?:sleeping|eating|drinking|walking|feeling"
    r"|taking|still|worried|due|back|better|\d|here|doing|my|our|the patient|an? \d))\b"
)
SURELY_OF_A_PERSON = re.compile(
    r" (?:rang|phoned|texted|emailed|said|says|told|asked|thinks|wants|wanted|reports|reported|denies|denied|states"
    r"|stated"
    r"|declined|declines|attended|attends|lives|drove|drives|visited|agreed|agrees|consented|refused|complains"
    r"|understands"
    r"|prefers|walked|slept|cried|cries|smokes|drinks|works|worked|believes|remembers|brought|mentioned"
    r"|apologi[sz]ed|laughed"
    r"|was (?:seen|born|tearful|told|upset|anxious|accompanied|delivered|referred by|pleasant|reluctant|keen)"
    r"|(?:drew|wrote|filled|signed|cooks|cooked|cleans|shops|snores|noticed|fainted|collapsed|fell|tripped"
    r"|ran) (?:up|out|in|off|for|the|it|him|her|me|his|my|on|over|at)|is (?:\w{3,14}ly )?(?:worried|tearful|keen"
    r"|happy|anxious|upset|asleep|crying|alarmed|frightened|delighted|relieved|pleased"
    r"|reluctant|concerned|frustrated|aware|agreeable|adamant|housebound|bedbound|our|my|her|his|a (?:retired"
    r"|pleasant|keen|fit))|and (?:her|his|I)|hasn't|didn't|can't|won't)\b"
    r"|(?:'s|’s) (?:mum|mom|mother|father|dad|wife|husband|son|daughter|brother|sister|partner|carer|parents?"
    r"|family|pump|bloods?"
    r"|wound|chest|temperature|appointment|labs|chart|insulin|leg|arm|knee|hip|tummy|breathing|mood|behaviou?r"
    r"|school|teacher"
    r"|cough|rash|drain|cast|scan|results?|notes?|discharge|medications?|bed|room|line|dose|eyes?|ears?|hair|speech"
    r"|birth)\b"
)
MEDICAL = re.compile(
    r"(?:['’]s?)?[ -](?:and [A-Z][a-z]+ )?(?:disease|sequence|wort|apple|spotted|legs|syndrome|signs?|test"
    r"|tests|catheter|scale|score|index"
    r"|criteria|classification|lymphoma|palsy"
    r"|disorder|phenomenon|reflex|fracture|procedure|maneuver|manoeuvre|operation|repair|position|palsy"
    r"|thyroiditis|tumou?r|chorea"
    r"|esophagus|oesophagus|contracture|nodes?|nodules?|cells?|bodies|body|stain|smear|virus|fever|ulcer|hernia"
    r"|angle|method|line"
    r"|monitor|dementia|oint|tube|drain|clamp|forceps|retractor|speculum|wires?|stitch|needle|splint|cast"
    r"|cysts?|glands?"
    r"|murmur|point|triad|law|effect|block|degeneration|paralysis|ataxia|anemia|anaemia|malformation|deformity"
    r"|lesion|exercises?"
    r"|chart|stage|grade|type|staging|system|formula|equation|agents?|solution|patch|implant|graft|shunt|stent"
    r"|valve|flap|incision"
    r"|approach|ligament|tendon|cyst|duct|canal|plexus|node|sarcoma|carcinoma|cancer|purpura|vasculitis"
    r"|arteritis|encephalopathy"
    r"|psychosis|aphasia|breathing|respirations?|coma|nephropathy|hearing|score|scores|inventory|questionnaire"
    r"|scan|clinic|hospital"
    r"|medical|health|center|centre|university|school|college|pharmacy|foundation|institute|infirmary|surgery"
    r"|house|church|street"
    r"|road|avenue|lane|drive|county|boulevard|court|park|square|lake|beach|tablets?|pills?|cream|inhaler|mg"
    r"|vaccine|shot|injection"
    r"|ointment|drops|gel|spray|kit|pen|wipes|tissues?|insurance|bank|store|supplements?|diet|tea|juice|ring"
    r"|IUD|pack)\b",
    re.IGNORECASE,
)
SPELLED = re.compile(r"(?<![\w-])(?:[A-Z]-){2,20}[A-Z](?![\w-])|(?<![\w'’.-])(?:[A-Za-z] ){3,20}[A-Za-z](?![\w'’-])")
CONTRACTED = re.compile(r"'(?:m|ll|ve|d|re|t)$")
SPEAKS = re.compile(r" (?:from|speaking|here|calling|again|i've|i'm|i have|is that)\b|[,.?!]|$", re.MULTILINE)
SPEAKS_SURELY = re.compile(r" (?:from (?:the|your|dr|doctor)|speaking|calling)\b")
BEFORE_A_NAME_WORDS = """
Big Little Old Young Nana Papa Granny Grandma Grandpa Baby
"""
BEFORE_A_NAME = frozenset(BEFORE_A_NAME_WORDS.split())
OF_PEOPLE_WORDS = """
told tell asked ask spoke per cousin grandma grandpa nana grandad papa granny meet under baby big old
"""
OF_PEOPLE = frozenset(OF_PEOPLE_WORDS.split())
JOINED = re.compile(r" |-| [\"“‘'(]|[\"”’')]+ |\. ?")
PLACE_BEFORE_WORDS = """
in from near at to around outside visiting through
"""
PLACE_BEFORE = frozenset(PLACE_BEFORE_WORDS.split())
LIST_GAP = re.compile(r", ?")
