"""What several summaries of one dialogue are worth, by how well they keep to it: for choosing among beams.

Needs no reference and no encoder.
"""

from collections.abc import Sequence

# Chosen on training records of MTS-Dialog, where ROUGE rose, flags fell and factual F1 held; docs/benchmarks.md.
SUPPORT = 1.0  # all content words said in the dialogue, against none
FLAG = 0.2  # a major flag; a minor one is half


def faithfulness(dialogue: str, summaries: Sequence[str]) -> list[float]:
    """The share of each summary's content words that the dialogue says, less what is wrong with it."""
    import numpy as np  # this and those below: who does not rerank must not wait for them

    from medsum.facts.note import read_note
    from medsum.faithfulness.alignment import best_match, lexical_similarity
    from medsum.faithfulness.error_flags import find_errors
    from medsum.faithfulness.heard import hear
    from medsum.faithfulness.passage import passage

    heard = hear(dialogue)
    worth = []
    for summary in summaries:
        own = passage(summary)
        said = np.max([best_match(lexical_similarity(turn, own)) for turn in heard.turns], axis=0)[own.is_content]
        flags = find_errors(heard, read_note(summary))
        wrong = sum(1.0 if flag.severity == "major" else 0.5 for flag in flags)
        worth.append(SUPPORT * float(said.mean() if len(said) else 0.0) - FLAG * wrong)
    return worth
