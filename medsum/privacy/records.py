"""Apply `privacy.action` to records with identifiers: report, mask or drop them, or fail."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field, replace

from medsum.core.errors import UserError
from medsum.dialogue.record import Record
from medsum.dialogue.section_headers import SECTION_HEADERS
from medsum.dialogue.shown import shown_id
from medsum.params.privacy import Chosen
from medsum.privacy.kinds import KINDS, Kind, listed
from medsum.privacy.masking import Masks
from medsum.privacy.screening import find

LISTED_IDS = 100  # metrics/data.json has at most 100 ids, because Git tracks this file
NAMED_IDS = 3  # a message has at most 3 ids
# An id with one of these kinds is not shown. The other kinds are kinds of codes. They are ignored, because every id
# looks like a code.
OF_AN_ID: frozenset[Kind] = frozenset(("NAME", "DATE", "PHONE", "EMAIL", "SSN"))
REMEDY = "set privacy.action to mask, drop or report in params.yaml (docs/privacy.md)"


@dataclass
class Screened:
    """The records after the action. `found` has the number of identifiers in each record that has at least one."""

    records: list[Record] = field(default_factory=list)
    found: dict[str, dict[Kind, int]] = field(default_factory=dict)  # the key is the id before masking

    @property
    def totals(self) -> dict[Kind, int]:
        """Return the counts of all records by kind."""
        total: Counter[Kind] = Counter()
        for counts in self.found.values():
            total.update(counts)
        return in_order(total)


def is_shown(record_id: str) -> bool:
    """Return whether a message or a metric may show an id. It must look like an id and not like a name."""
    return shown_id(record_id) == f"'{record_id}'"


def in_order(counts: Counter[Kind]) -> dict[Kind, int]:
    """Return the counts that are not 0. They have the order of KINDS."""
    return {kind: counts[kind] for kind in KINDS if counts[kind]}


def screen(records: Iterable[Record], action: Chosen) -> Screened:
    """Apply the action to the records. Raise UserError if the action is `fail` and a record has an identifier."""
    screened = Screened()
    ids: set[str] = set()
    for number, record in enumerate(records, start=1):
        masked, counts = _masked(record, number)
        if counts:
            screened.found[record.id] = counts
        if action == "drop" and counts:
            continue
        kept = masked if action == "mask" else record
        if kept.id in ids:
            raise UserError(f"the masked id of record {number} already exists; rename the ids that begin with masked-")
        ids.add(kept.id)
        screened.records.append(kept)
    if action == "fail" and screened.found:
        raise UserError(f"{told(screened, 'may identify a person')}; {REMEDY}")
    if action == "drop" and not screened.records:
        raise UserError(
            "every record holds text that may identify a person, so all records are dropped; set privacy.action to mask"
        )
    return screened


def _masked(record: Record, number: int) -> tuple[Record, dict[Kind, int]]:
    """Return the record with masks in all its texts, and the number of identifiers of each kind."""
    section = record.section if record.section not in SECTION_HEADERS else None
    texts = (record.dialogue, record.summary, section or "", record.draft or "")
    in_id = [span.kind for span in find(record.id) if span.kind in OF_AN_ID]
    counts: Counter[Kind] = Counter([*in_id, *(span.kind for text in texts for span in find(text))])
    if not counts:
        return record, {}
    masks = Masks(*texts)
    return replace(
        record,
        id=f"masked-{number}" if in_id else record.id,
        dialogue=masks.mask(record.dialogue),
        summary=masks.mask(record.summary),
        section=masks.mask(section) if section else record.section,
        draft=masks.mask(record.draft) if record.draft else record.draft,
    ), in_order(counts)


def told(screened: Screened, what: str) -> str:
    """Return a sentence about the records with identifiers: their number, the kinds and the first ids, but no text."""
    first = ", ".join(shown_id(record_id) for record_id in list(screened.found)[:NAMED_IDS])
    records = len(screened.found)
    return (
        f"{records} record{'s' if records > 1 else ''} hold{'s' if records == 1 else ''} text that {what}:"
        f" {listed(screened.totals)} (first: id {first})"
    )


def metrics(screened: Screened, action: Chosen) -> dict[str, object]:
    """Return the values of metrics/data.json: the action, the counts by kind, and the ids that may be shown."""
    ids = [record_id for record_id in screened.found if is_shown(record_id)]
    left = screened.totals if action == "report" else {}
    return {
        "action": action,
        "records": len(screened.found),
        "left": sum(left.values()),
        "found": {kind.lower(): count for kind, count in screened.totals.items()},
        "ids": ids[:LISTED_IDS],
    }


def report(screened: Screened) -> dict[str, dict[str, int]]:
    """Return the values of reports/data.json: counts by record and kind.

    All ids that may be names have one common entry.
    """
    rows: dict[str, Counter[str]] = {}
    for record_id, counts in screened.found.items():
        name = record_id if is_shown(record_id) else "ids not shown"
        rows.setdefault(name, Counter()).update({kind.lower(): count for kind, count in counts.items()})
    return {name: dict(counts) for name, counts in rows.items()}
