"""The standing of a sentence in a note says whether the dialogue supports this sentence.

- `supported`: the dialogue says every fact of the sentence.
- `contradicted`: the dialogue says the opposite of a fact, or gives another value for the fact.
- `not found`: at least one fact does not occur in the dialogue.
- `not checkable`: medsum/facts finds no fact in the sentence, or the dialogue may mean a fact without naming it.
"""

from collections.abc import Sequence
from typing import Literal

from medsum.faithfulness.verdict import Verdict

Standing = Literal["supported", "contradicted", "not found", "not checkable"]


def standing(judged: Sequence[Verdict]) -> Standing:
    """Return the standing of a sentence. `judged` are the verdicts on its facts. The worst verdict decides."""
    statuses = {verdict.status for verdict in judged}
    if "contradicted" in statuses:
        return "contradicted"
    if "unsupported" in statuses:
        return "not found"
    return "supported" if judged and all(verdict.is_sure for verdict in judged) else "not checkable"
