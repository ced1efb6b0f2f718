"""Make the output rows of a batch from its input lines, and list the options that affect the rows."""

import hashlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from medsum.serve.batch_input import Line

RowsMaker = Callable[[Sequence[Line], Callable[[int], None]], list[dict[str, Any]]]


@dataclass(frozen=True)
class Options:
    """The options of a batch. A batch summarises dialogues or, with `check`, checks the notes in the column `note`."""

    model: str | None
    section: str | None = None
    sections: str | None = None
    evidence: bool = False  # whether each row has the evidence and the flags
    check: bool = False


def identity(options: Options) -> dict[str, Any]:
    """Return all settings that affect the rows of a batch. The input of the batch is not one of these settings."""
    from medsum.params import privacy

    if options.check:
        return {"check": True, "privacy": privacy.load().of_batch()}
    from medsum.generation.model_choice import identity as identity_of_model
    from medsum.params import generation, model, note, prompt, runtime
    from medsum.review.promoted import guess_file

    assert options.model is not None
    params = {module.__name__: module.load().model_dump() for module in (generation, model, note, prompt, runtime)}
    guess = guess_file().read_text(encoding="utf-8") if guess_file().is_file() else ""
    return {
        "model": identity_of_model(options.model),
        "params": params,
        "section": [options.section, options.sections, hashlib.sha256(guess.encode()).hexdigest()],
        "json": options.evidence,
        "privacy": privacy.load().of_batch(),
    }


def rows_maker(options: Options) -> RowsMaker:
    """Return a function that makes rows from lines.

    The function first applies `privacy.action` to the lines. Then it summarises the dialogues or checks the notes.
    """
    from medsum.params import privacy
    from medsum.serve.identifiers import screening

    action = privacy.load().of_batch()
    if options.check:
        from medsum.serve.checking import check_notes

        return screening(check_notes, action)
    from medsum.generation.model_choice import open_summarizer
    from medsum.serve.note_sections import instructions
    from medsum.serve.notes import write_notes
    from medsum.serve.section_choice import choice_of
    from medsum.serve.visit import evidence_of

    assert options.model is not None
    choice = choice_of(options.section, options.sections)
    summarizer = open_summarizer(options.model, instructions=instructions())
    check = evidence_of if options.evidence else None
    return screening(lambda lines, report: write_notes(lines, summarizer, choice, check, report), action)
