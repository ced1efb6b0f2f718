"""Rate summaries of one dialogue by their faithfulness to the dialogue.

A beam search returns several summaries (beams), and these ratings help to choose one of them. The ratings need no
reference and no encoder.
"""

from collections.abc import Sequence

# These weights were chosen on training records of MTS-Dialog. The choice of beams with these weights raised ROUGE and
# lowered the number of flags. It did not change factual F1; see docs/benchmarks.md.
SUPPORT = 1.0  # the weight of the share of content words that the dialogue contains
FLAG = 0.2  # the weight of a major flag; a minor flag has half of this weight


def faithfulness(dialogue: str, summaries: Sequence[str]) -> list[float]:
    """Return a rating for each summary: the share of its content words in the dialogue, minus a penalty for flags."""
    import numpy as np  # imported here, because a run without this rating must not wait for the import

    from medsum.facts.note_facts import read_note_facts
    from medsum.faithfulness.alignment import best_match, lexical_similarity
    from medsum.faithfulness.dialogue_facts import read_dialogue_facts
    from medsum.faithfulness.error_flags import find_errors
    from medsum.faithfulness.passage import passage

    dialogue_facts = read_dialogue_facts(dialogue)
    worth = []
    for summary in summaries:
        own = passage(summary)
        matches = [best_match(lexical_similarity(turn, own)) for turn in dialogue_facts.turns]
        said = np.max(matches, axis=0)[own.is_content]
        flags = find_errors(dialogue_facts, read_note_facts(summary))
        wrong = sum(1.0 if flag.severity == "major" else 0.5 for flag in flags)
        worth.append(SUPPORT * float(said.mean() if len(said) else 0.0) - FLAG * wrong)
    return worth
