"""Where a sentence of a note stands against its dialogue.

`supported`: the dialogue says each of its facts. `contradicted`: it says otherwise of one. `not found`: it has one
nowhere. `not checkable`: the sentence has no fact that the rules know, or one that speech may mean without naming it.
"""

from collections.abc import Sequence
from typing import Literal

from medsum.faithfulness.verdict import Verdict

Standing = Literal["supported", "contradicted", "not found", "not checkable"]


def standing(judged: Sequence[Verdict]) -> Standing:
    """Return where a sentence stands by the verdicts on its facts; the worst of them decides."""
    statuses = {verdict.status for verdict in judged}
    if "contradicted" in statuses:
        return "contradicted"
    if "unsupported" in statuses:
        return "not found"
    return "supported" if judged and all(verdict.is_sure for verdict in judged) else "not checkable"
