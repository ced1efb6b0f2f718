"""Use the answer to a question to set the context flags of the facts in the question.

In `Any fever?` `No.`, the answer negates fever. If nobody answers, fever is hypothetical.
"""

import re
from dataclasses import replace

from medsum.facts.answers import (
    Polarity,
    answers_in_turn,
    asks_about_family,
    denies_remainder,
    is_about_known,
    is_conditional,
    is_contrary,
    is_over,
    is_plain_yes,
    is_presumed,
    is_question,
    is_yes_to_all,
    names_relative,
    polarity,
)
from medsum.facts.fact import DRUGS, ContextFlag, Fact
from medsum.facts.reading import Reading, stated

_HABITS = {"smoking", "alcohol use", "drug use"}
_ME = re.compile(r"^\W*(?:who,? )?(?:me|him|her|us)\?\s*", re.IGNORECASE)
_AMOUNT = re.compile(r"\W*(?:no|nope|actually)\W+(?:it['’]s |just |only |I take )?\d[\d.,]*\W*", re.IGNORECASE)
Named = dict[tuple[str, str], Fact]  # the facts of an answer; the key is a fact's kind and value


def settle(question: Reading, answer: Reading | None) -> None:
    """Set the context flags of the facts that a turn asks about. Without an answer, the facts are hypothetical."""
    asked = [
        (sentence, fact)
        for sentence in question.sentences
        if is_question(sentence.text, question.speaker)
        for fact in sentence.facts
        if stated(fact)
        and (is_conditional(sentence.text) or not is_about_known(sentence.text, sentence.before.get(fact, "")))
    ]
    if not asked:
        return
    named: Named = (
        {(fact.kind, fact.value): fact for sentence in answer.sentences for fact in sentence.facts} if answer else {}
    )
    verdict = _verdict([fact for _, fact in asked], question, answer, named)
    in_turn = answers_in_turn(_said(answer)) if answer else []
    over: set[ContextFlag] = {"historical"} if verdict == "no" and answer and is_over(_said(answer)) else set()
    unsaid: set[ContextFlag] = {"hypothetical"}  # the `if` in `Tell me if you have any fever?` is no condition
    if answer is not None and answer.sentences and is_contrary(answer.sentences[0].text):
        unsaid.add("negated")
    for place, (sentence, fact) in enumerate(asked):
        same = named.get((fact.kind, fact.value))
        presumed = is_presumed(sentence.text, sentence.before.get(fact, ""))
        plain = replace(fact, context=fact.context - unsaid)
        own = in_turn[place] if len(in_turn) == len(asked) else verdict
        if is_conditional(sentence.text):
            settled = with_flags(plain, "hypothetical")
        elif same:
            settled = replace(plain, context=plain.context | same.context)
        else:
            settled = _settled(plain, own, presumed)
            settled = with_flags(settled, *over) if fact.kind == "finding" else settled
        sentence.facts[sentence.facts.index(fact)] = settled


def _verdict(asked: list[Fact], question: Reading, answer: Reading | None, named: Named) -> Polarity:
    """Return how an answer judges those facts of the question that the answer does not name."""
    if answer is None or not answer.sentences:
        return "open"
    said = _said(answer)
    first = next((one for one in answer.sentences if not _ME.fullmatch(one.text)), answer.sentences[0])
    if _AMOUNT.fullmatch(first.text) and any(fact.kind in DRUGS for fact in asked):
        return "yes"  # after `You're taking forty of Lasix?`, `No, twenty.` corrects only the dose
    habit = all(fact.value in _HABITS or fact.kind != "finding" for fact in asked)
    verdict = polarity(said, said if habit else first.text)
    some_named = any((fact.kind, fact.value) in named for fact in asked)
    if verdict in {"open", "yes"} and some_named and denies_remainder(said):
        return "no"
    if verdict == "open" and any(asks_about_family(sentence.text) for sentence in question.sentences):
        return "yes" if names_relative(said) else "open"
    if (
        verdict == "open"
        and any(kind == "medication" for kind, _ in named)
        and all(f.value == "allergy" for f in asked)
    ):
        return "yes"  # `Penicillin.` affirms `Any drug allergies?`
    if verdict == "yes" and is_yes_to_all(said):
        return "yes"
    elsewhere = any(stated(fact) for fact in first.facts) and not is_plain_yes(said)
    if verdict in {"yes", "past"} and ((some_named and len(asked) > 1) or (elsewhere and not some_named)):
        return "open"
    return verdict


def _settled(fact: Fact, verdict: Polarity, presumed: bool) -> Fact:
    """Return a question's fact with flags from the answer.

    A question such as `…, right?` presumes its fact. A presumed fact is true unless the answer denies it.
    """
    if verdict == "no":
        return with_flags(fact, "negated")
    if "negated" in fact.context:  # `Correct.` affirms the denial in `No fever?`
        return fact
    if verdict == "unsure":
        return fact if presumed else with_flags(fact, "uncertain")
    if verdict == "past":
        return fact if presumed else with_flags(fact, "historical")
    return fact if verdict == "yes" or presumed else with_flags(fact, "hypothetical")


def _said(answer: Reading) -> str:
    """Return the words of an answer, without a question such as `Me?` at its beginning."""
    return _ME.sub("", " ".join(sentence.text.strip() for sentence in answer.sentences))


def with_flags(fact: Fact, *flags: ContextFlag) -> Fact:
    """Return the fact with these flags in addition to its own flags."""
    return replace(fact, context=fact.context | set(flags))
