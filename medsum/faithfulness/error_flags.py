"""Find the errors of a summary. The file flags.py lists the categories of errors.

If there is no reference, each fact of the summary is compared with the dialogue only. If there is a reference, the
reference decides about the facts that the reference mentions. A fact of the reference that the summary leaves out is an
omission.
"""

from collections.abc import Iterator

from medsum.facts.fact import DRUGS, STATED, Fact
from medsum.facts.note_facts import NoteFacts
from medsum.facts.procedures import SELDOM_NAMED, TESTS
from medsum.faithfulness.against_reference import beside_reference
from medsum.faithfulness.alignment import Similarity, lexical_similarity
from medsum.faithfulness.clashes import UNCLEAR, is_denied_by_the_other
from medsum.faithfulness.dialogue_facts import DialogueFacts
from medsum.faithfulness.fact_flags import fact_flags
from medsum.faithfulness.flags import Flag, Severity
from medsum.faithfulness.form_flags import form_flags
from medsum.faithfulness.kin import of_another_relative
from medsum.faithfulness.lay_denials import is_denied_in_lay_words
from medsum.faithfulness.lay_words import may_be_meant
from medsum.faithfulness.passage import passage
from medsum.faithfulness.patient_sex import other_sex
from medsum.faithfulness.spared_side import of_spared_side
from medsum.faithfulness.statement_verdicts import statement_verdicts
from medsum.faithfulness.verdict import Verdict
from medsum.faithfulness.verdicts import verdicts
from medsum.faithfulness.weak_verdicts import is_advice, is_plain, is_weak
from medsum.faithfulness.word_support import (
    SAME_MEANING,
    SAME_MEANING_BESIDE_REFERENCE,
    WordSupport,
    may_mean,
)


def find_errors(
    dialogue: DialogueFacts,
    note: NoteFacts,
    reference: NoteFacts | None = None,
    section: str | None = None,
    similarity: Similarity = lexical_similarity,
) -> list[Flag]:
    """Return the flags of the note in text order, and then the omissions. The spans of omissions are in the reference.

    `similarity` compares words. The default compares the letters of words. The method `meaning` of a WordEncoder
    compares their meanings. The default reports more false errors, because a finding that the dialogue expresses in
    other words may then count as invented.
    """
    if reference is None:
        judged = weighed(note, dialogue, similarity)
    else:
        judged = weighed(note, dialogue, similarity, SAME_MEANING_BESIDE_REFERENCE)
        borne_out = beside_reference(note, reference)
        judged = [_decisive(said, noted) for said, noted in zip(judged, borne_out, strict=True)]
    flags = [
        *form_flags(note.text, reference.text if reference else None, section),
        *fact_flags([*judged, *statement_verdicts(note, dialogue)], note.text),
        *_contradictions(note),
        *(other_sex(note.text, reference.text) if reference else ()),
    ]
    flags.sort(key=lambda flag: (flag.start, flag.end, flag.category))
    return flags + (list(_omissions(note, reference)) if reference else [])


def _decisive(said: Verdict, noted: Verdict) -> Verdict:
    """Return the verdict of the reference, or the dialogue's verdict if the reference does not mention the fact.

    If both verdicts are equal, return the dialogue's verdict, because it names a turn.
    """
    same = (said.status, said.conflict) == (noted.status, noted.conflict)
    other_kin = said.conflict == "person" and "family" in said.fact.context and noted.status == "supported"
    return said if same or other_kin or noted.status == "unsupported" else noted


def weighed(
    note: NoteFacts, dialogue: DialogueFacts, similarity: Similarity, same_meaning: float = SAME_MEANING
) -> list[Verdict]:
    """Return the dialogue's verdict on each fact of a note. If a verdict is too weak, its fact counts as supported."""
    support = WordSupport(passage(note.text), dialogue.turns, similarity)
    result = []
    for verdict in verdicts(note.facts, dialogue.facts, "\n".join(turn.text for turn in dialogue.turns)):
        if verdict.status == "supported" and is_advice(verdict, dialogue.text):
            result.append(Verdict(verdict.fact, "unsupported"))
            continue
        other_kin = of_another_relative(verdict, note.text, dialogue.text, dialogue.facts)
        if verdict.status == "supported" and other_kin:
            result.append(other_kin)
            continue
        if spared := of_spared_side(verdict, note, dialogue):
            result.append(spared)
            continue
        doubtful = verdict.status != "supported" and is_weak(verdict, note.text, dialogue)
        if verdict.status == "unsupported" and verdict.fact.kind in DRUGS:
            doubtful = doubtful or may_be_meant(verdict.fact.value, dialogue.text)
        if verdict.status == "unsupported" and verdict.fact.kind in ("finding", "procedure"):
            value = verdict.fact.value
            is_test = verdict.fact.unit in TESTS  # all tests share lay words such as `sample`, so a denial is unclear
            if not (verdict.fact.context or is_test) and is_denied_in_lay_words(value, dialogue.text):
                result.append(Verdict(verdict.fact, "contradicted", None, "negation"))
                continue
            doubtful = (
                verdict.fact.unit == SELDOM_NAMED
                or may_be_meant(value, dialogue.text)
                or may_mean(verdict.fact, support, same_meaning)
            )
        result.append(Verdict(verdict.fact, "supported", verdict.other, is_sure=False) if doubtful else verdict)
    return result


def _contradictions(note: NoteFacts) -> Iterator[Flag]:
    """Yield a flag for each fact that the note both affirms and denies. The flag marks the second mention.

    If earlier mentions are equal, only the first of them is compared. The time then grows linearly with the number of
    facts.
    """
    first_mentions: dict[tuple[str, str], dict[tuple[bool, str], Fact]] = {}
    for fact in note.facts:
        if fact.kind not in STATED or fact.context & UNCLEAR or not is_plain(fact, note.text):
            continue
        earlier = first_mentions.setdefault((fact.kind, fact.value), {})
        contradicted = any(is_denied_by_the_other(other, fact, note.text) for other in earlier.values())
        earlier.setdefault(("negated" in fact.context, fact.laterality), fact)
        if contradicted:
            said = note.text[fact.start : fact.end]
            yield Flag("contradiction", "major", fact.start, fact.end, f"“{said}” is both affirmed and denied")


def _omissions(note: NoteFacts, reference: NoteFacts) -> Iterator[Flag]:
    """Yield a flag for each fact of the reference that the note does not mention. Its span is in the reference.

    A fact that the note states wrongly is not an omission, because another flag marks this error.
    """
    for verdict in verdicts(reference.facts, note.facts, passage(note.text).text):
        fact = verdict.fact
        if verdict.status == "unsupported":
            said = reference.text[fact.start : fact.end]
            yield Flag("omission", _weight(fact), fact.start, fact.end, f"“{said}” is missing", of="reference")


def _weight(fact: Fact) -> Severity:
    """Return major for drugs, doses, and findings and procedures that are not denied. Return minor for other facts."""
    if fact.kind in ("medication", "drug_class", "dose"):
        return "major"
    return "major" if fact.kind in ("finding", "procedure") and "negated" not in fact.context else "minor"
