"""Write sentences with the measured figures of each hazard. Every figure comes from artefacts.py."""

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

from medsum.faithfulness.flags import Category
from medsum.metrics.length_buckets import BUCKETS
from medsum.metrics.names import NOT_CHECKED
from medsum.publish.artefacts import Artefacts
from medsum.publish.subgroups import Group, Mean, Share

NOT_MEASURED = "Not measured by this project."
ELSEWHERE = "Notes by other authors have far more false alarms (docs/error_taxonomy.md)."
TAXONOMY = Path("docs/error_taxonomy.md")  # only this page has the figures of the notes that people labelled


def percent(value: float) -> str:
    """Return a share in percent, such as `83 %`."""
    return f"{100 * value:.0f} %"


def of_share(found: Share) -> str:
    """Return `20 of 30 (67 % [49, 81])`."""
    return f"{found.part} of {found.whole} ({percent(found.part / found.whole)} {ends(found.low, found.high)})"


def ends(low: float, high: float) -> str:
    """Return an interval of shares, such as `[49 %, 81 %]`."""
    return f"[{percent(low)}, {percent(high)}]"


def change(found: dict[str, float]) -> str:
    """Return a difference of two shares, in percentage points with its interval, such as `+20 [+3, +37] points`."""
    return f"{100 * found['difference']:+.0f} [{100 * found['low']:+.0f}, {100 * found['high']:+.0f}] points"


def of_mean(found: Mean) -> str:
    """Return a mean with its interval, such as `0.655 [0.598, 0.710]`."""
    interval = f" [{found.ends[0]:.3f}, {found.ends[1]:.3f}]" if found.ends else ""
    return f"{found.value:.3f}{interval}"


def rate(found: Artefacts, category: Category) -> str:
    """Return sentences that say in how many test summaries the error analysis found an error of a category."""
    if not found.is_checked:
        return NOT_CHECKED
    errors = found.reports["errors"]
    records, models = errors["records"], errors["categories"][category]["models"]
    tuned, base = (models[name] for name in ("finetuned", "baseline"))
    said = f"{of_share(Share(tuned['summaries'], records, tuned['low'], tuned['high']))} test summaries"
    if tuned["summaries"]:
        difference = change(errors["categories"][category]["difference"])
        said += f"; major errors: {tuned['major']}, minor errors: {tuned['errors'] - tuned['major']}."
        said += f" Base model: {base['summaries']} of {records}; difference {difference}."
    else:
        said += f". The records are too few to exclude a rate of {percent(tuned['high'])}."
    if category == "section":
        guess = found.reports["export"]["section_guess"]
        said += f" The guess of the section is right for {percent(guess['right'])} of {guess['records']} records."
    return said


def checker(found: Artefacts, category: Category) -> str:
    """Return sentences that say how well the checker finds planted errors of a category."""
    planted = found.planted[category]
    if planted["found_alone"] is None:
        return "The checker cannot see this error without a reference note. **So no user is warned of this error.**"
    return (
        f"The checker compares the note with the dialogue and flags such errors. Of {planted['planted']} planted errors"
        f" it found {percent(planted['found_alone'])} without a reference, as in use. It flagged"
        f" {percent(planted['false_alarms'])} of correct notes. Real errors are harder to find, and notes by other"
        " authors have more false alarms (docs/error_taxonomy.md). State: always, for English. Verified by"
        " `tests/faithfulness`."
    )


def of_use(found: Artefacts) -> dict[str, str]:
    """Return the measured figures of the hazards of use, by name."""
    sentences: dict[str, Callable[[Artefacts], str]] = {
        "unflagged": _unflagged,
        "false_alarms": _false_alarms,
        "conversion": conversion,
        "groups": _groups,
        "long": _long,
        "identifiers": _identifiers,
    }
    return {name: sentence(found) for name, sentence in sentences.items()} | dict.fromkeys(
        ("transcript", "mix_up", "outage"), NOT_MEASURED
    )


def _unflagged(found: Artefacts) -> str:
    if not found.is_checked:
        return NOT_CHECKED
    wrong = found.groups[0].wrong
    curve = [row for row in found.reports["errors"]["risk_coverage"] if row["model"] == "finetuned"]
    alone = {name: one["found_alone"] for name, one in found.planted.items() if one["found_alone"] is not None}
    least = min(alone, key=lambda name: alone[name])
    held = next(row for row in curve if row["held_back"] == "20 %")
    return (
        f"{of_share(wrong) if wrong else NOT_MEASURED} test summaries state something wrong (a major error other than"
        f" an omission). If the riskiest 20 % are held back, {percent(held['wrong'])} {ends(held['low'], held['high'])}"
        f" of the other {held['summaries']} still do. Without a reference, the checker finds the smallest share of"
        f" planted errors in the category {least}: {percent(alone[least])}."
    )


def _false_alarms(found: Artefacts) -> str:
    alarms = {name: one["false_alarms"] for name, one in found.planted.items()}
    most = max(alarms, key=lambda name: alarms[name])
    said = (
        f"The most frequent false alarm on the project's own correct notes: {most}, {percent(alarms[most])} of notes."
    )
    quoted = on_other_notes()
    return (
        f"{said} On notes by other authors: “{quoted}” (docs/error_taxonomy.md)." if quoted else f"{said} {ELSEWHERE}"
    )


def on_other_notes() -> str | None:
    """Return the bold text in docs/error_taxonomy.md about correct notes of other authors, or None if there is none."""
    text = TAXONOMY.read_text(encoding="utf-8") if TAXONOMY.exists() else ""
    found = re.search(r"\*\*([^*]*correct [^*]*?notes have a flag[^*]*)\*\*", text)
    return " ".join(found[1].split()) if found else None


def conversion(found: Artefacts) -> str:
    """Return sentences that say how the conversion for serving changes the notes of the model."""
    report = found.reports["export"]
    search = report.get("beam") or report.get("greedy")
    if not search:
        return "The served model is not converted: torch serves the merged weights."
    rouge = search["rouge1"]
    return (
        f"On {report['records']} validation records, {percent(search['identical'])} of the served model's notes"
        f" ({report['precision']}) equal those of the unconverted model; ROUGE-1 changes by {rouge['difference']:+.4f}"
        f" [{rouge['low']:+.4f}, {rouge['high']:+.4f}]. The error rates of the served model were not measured."
    )


def _groups(found: Artefacts) -> str:
    groups = [group for group in found.groups if group.kind != "all"]
    small = sum(group.small for group in groups)
    return (
        f"{small} of the {len(groups)} groups in [subgroups.md](subgroups.md) have too few test records to judge."
        " For these groups, a difference can neither be shown nor excluded."
    )


def _long(found: Artefacts) -> str:
    longest = [group for group in found.groups if group.name == BUCKETS[-1]]
    words = found.reports["data"]["dialogue_words"]
    trained = found.reports["train"]
    said = f"The dialogues have a median of {words['median']} words, the longest has {words['max']}. In training,"
    said += f" {trained['dialogues_cut']} of {trained['train_records']} dialogues were cut."
    return f"{said} {_wrong_in(longest[0])}" if longest else f"{said} No test dialogue has {BUCKETS[-1]} words."


def _wrong_in(group: Group) -> str:
    if group.wrong is None:
        return NOT_CHECKED
    return f"Of the test dialogues with {group.name} words, {of_share(group.wrong)} summaries state something wrong."


def _identifiers(found: Artefacts) -> str:
    kinds: dict[str, Any] = found.reports["data"]["identifiers"]
    return (
        f"Screening found identifiers in {len(kinds)} of {found.reports['data']['kept']} records of the source."
        " Nobody has measured whether the model repeats any of these identifiers."
    )
