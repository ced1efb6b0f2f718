"""Find context words. A context word is a word that shows the kind of a number near it, such as `fax`.

The nearest context word before a number decides about its kind. If there is none, the nearest context word after the
number decides. Context words of the kinds PHONE and OTHER_ID count only if no context word of another kind is near.
"""

import re

from medsum.privacy.kinds import Kind

_WORDS: tuple[tuple[Kind, str], ...] = (
    ("FAX", r"(?:tele)?fax(?:ed|ing)?|facsimile"),
    (
        "SSN",
        r"ssns?|social|soc sec|national insurance|ni (?:no|number|num)|nino|sin|itin|tax(?:payer)? id|pps|pps number"
        r"|last (?:four|4)",
    ),
    (
        "LICENCE",
        r"licen[sc]e(?! plate)|driver'?s licen[sc]e|dl|dea|npi|certificate|certification|cert|gmc|nmc|hcpc|gphc"
        r"|lic|permit|pin number"
        r"|licen[sc]ure|prescriber|diploma|bar number|registration number",
    ),
    (
        "VEHICLE",
        r"vin|(?:licen[sc]e |number)? ?plates?|numberplates?|reg|rego|registration|vehicle|car|truck|van|lorry"
        r"|motorcycle|motorbike"
        r"|moped|scooter|bike|bus|coach|minibus|aircraft|plane|helicopter|glider|yacht|kayak|jet ski|narrowboat"
        r"|quad|motorhome|camper(?:van)?|pickup|sedan|hatchback|estate car|licence disc|v5c?|mot|number ?plate|wheels"
        r"|skoda|renault|peugeot|citro[eë]n|fiat|mazda|suzuki|mitsubishi|lexus|dodge|chrysler|buick|cadillac"
        r"|chevrolet|hilux|transit|passat|polo|clio|astra|micra|yaris|focus|camry|prius|accord|silverado|f-?150"
        r"|ranger|harley|vespa|yamaha"
        r"|ducati|land ?rover|range rover|mercedes|porsche|volkswagen|vw|mini cooper|qashqai|dacia|taxi|cab"
        r"|ambulance|boat|hull|trailer|caravan|tractor|driving|passenger of"
        r"|tags?|chassis|hgv|suv|minivan"
        r"|toyota|honda|ford|chevy|corolla|civic|fiesta|golf|tesla|nissan|subaru|bmw|audi|volvo|jeep|kia"
        r"|hyundai|vauxhall|corsa"
        r"|drives?|drove|parked|parking|rear-ended|hit by|knocked",
    ),
    (
        "DEVICE",
        r"serial|s/?n|ser|udi|device|implants?|pacemaker|lot|pump|icd|defibrillator|stimulator|prosthesis"
        r"|hearing aids?|cpap|bipap"
        r"|monitor|sensor|transmitter|glucometer|valve|stent|generator|lead|imei|mac|asset|machine|wheelchair"
        r"|batch|cochlear|vns|reader"
        r"|oximeter|ventilator|concentrator|nebuli[sz]er|loop recorder|explanted|knee|hip|screw|plate size|port"
        r"|shunt|mesh|meter|unit sn"
        r"|receiver|dbs|libre|dexcom|omnipod|insulin pump|infusion|catalog(?:ue)?|gtin",
    ),
    (
        "BIOMETRIC",
        r"biometrics?|(?:finger|thumb|palm|voice|face|foot|hand|ear)[ -]?prints?|prints?|iris|retina(?:l)?"
        r"|facial recognition|face[ -]?id"
        r"|face (?:scan|template|map|geometry)|hand geometry|dna|genetic profile|gait|vein|voice (?:id|sample"
        r"|pattern|model)|signature"
        r"|passport face scan|template|scanned my|eye scan|palm scan|vox|voice(?: recording| clip| file| biometric)?"
        r"|speech sample|speaker model|keystrokes?|typing (?:pattern|profile|rhythm)|ear shape|tongue print|lip print"
        r"|bite ?marks?|dental (?:chart|record)|odonto\w*|facial|face (?:match|image|vector|print)|geometry|palm"
        r"|hand scan"
        r"|retinas?|fundus|sclera|heartbeat (?:id|pattern)|walking pattern|blood ?spot|genome|genomic|str profile"
        r"|fingerprints? were|thumb|knuckle|scars? map|tattoo (?:scan|image)|scan(?:ned)? (?:his|her|their"
        r"|my) (?:face|eyes?)",
    ),
    (
        "PHOTO",
        r"photo(?:graph)?s?|photography|picture|pics?|selfies?|headshot|mugshot|mug shot|images?|portrait"
        r"|snap(?:shot)?s?"
        r"|videos?|footage|cctv|clip|camera|medical illustration|frame|album|negative no|film",
    ),
    (
        "HEALTH_PLAN",
        r"member(?:ship)?|subscriber|policy|plan|group|insurance|insurer|beneficiary|medicare|medicaid|medi-cal"
        r"|medigap|payer|claim"
        r"|authori[sz]ation|prior auth|auth|hicn?|mbi|coverage|aetna|cigna|humana|kaiser|anthem|tricare"
        r"|blue cross|bcbs|blue shield"
        r"|united ?health(?:care)?|bupa|rx ?bin|rx ?grp|bin|pcn|health ?card|ohip|ehic|ghic|insured|dependents?"
        r"|hmo|ppo|secondary|primary",
    ),
    (
        "ACCOUNT",
        r"acct|accounts?|a/c|bank|billing|invoice|routing|iban|sort code|credit card|debit card|visa|mastercard"
        r"|amex|statement|guarantor"
        r"|bill|receipt|direct debit|payment|paid|hsa|fsa|paypal|venmo|collections|balance|charge|deposit|loan"
        r"|owes?|copay|wire|card",
    ),
    (
        "RECORD_NUMBER",
        r"mrns?|med(?:ical)?\.? ?rec(?:ord)?s?|patient (?:id|number|no|identifier)|pt (?:id|no)|hospital (?:no"
        r"|number|id)|hosp(?:ital)?"
        r"|unit (?:no|number)|charts?|records?|emr|ehr|case ?notes|nhs|chi|mr|hn|urn|csn|fin|pid|medical number"
        r"|duplicate|encounter"
        r"|wristband",
    ),
    (
        "PHONE",
        r"phone|telephone|tel|cell|mobile|pager|page|beep|bleep|call|ring|rang|text|dial|ext|extension|landline"
        r"|number|reach|voicemail"
        r"|contact|sms|whatsapp|helpline|answerphone|home|work",
    ),
    (
        "OTHER_ID",
        r"passport|employee|badge|student|staff|study|participant|subject|trial|enrol?lment|case|ticket|docket"
        r"|reference|ref|booking"
        r"|confirmation|tracking|inmate|prisoner|service|military|dod|veteran|va|alien|green card|bar ?code"
        r"|accession|specimen"
        r"|sample|order|prescription|rx|requisition|incident|report|court|donor|kit|locker|library|loyalty"
        r"|user(?:name)?|login|personnel"
        r"|payroll|union|tribal|census|research|randomi[sz]ed|randomi[sz]ation|biobank|token|id|identifier|code"
        r"|uuid|blood unit|tattoo(?:ed)?"
        r"|label(?:led)?|twin|parcel|account name|registry|cohort|visa number|crime|police|card no",
    ),
)
_ANY = re.compile(
    rf"(?<![\w-])(?:{'|'.join(f'(?P<K{number}>{words})' for number, (_, words) in enumerate(_WORDS))})(?!\w)",
    re.IGNORECASE,
)
_KINDS: dict[str, Kind] = {f"K{number}": kind for number, (kind, _) in enumerate(_WORDS)}


class Contexts:
    """The context words of a text."""

    def __init__(self, text: str) -> None:
        self.found: list[tuple[int, int, Kind]] = [
            (match.start(), match.end(), _KINDS[str(match.lastgroup)]) for match in _ANY.finditer(text)
        ]
        self._starts = {start for start, _, _ in self.found}

    def begins(self, place: int) -> bool:
        """Return whether a context word begins at `place`."""
        return place in self._starts

    def kind(self, start: int, end: int, before: int, after: int = 0) -> Kind | None:
        """Return the kind that the context words near a number show, or None.

        A context word is near if it is at most `before` characters before the number or `after` characters after it.
        """
        import bisect

        place = bisect.bisect_right(self.found, start, key=lambda found: found[1])
        if place and self.found[place - 1][1] >= start - before:
            near = [kind for _, stop, kind in self.found[max(0, place - 3) : place] if stop >= start - before]
            special = [kind for kind in near if kind not in ("OTHER_ID", "PHONE")]
            return (special or [kind for kind in near if kind != "PHONE"] or near)[-1]
        if place < len(self.found) and self.found[place][0] <= end + after:
            return self.found[place][2]
        return None
