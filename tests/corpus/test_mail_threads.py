"""Threads of messages with a block of headers above each message, printed from a portal."""

import pytest

from medsum.core.errors import UserError
from medsum.corpus.visits import dialogue_of

FIRST = "From: Ann Lee\nSent: Monday, June 3, 2024 8:12 AM\nTo: Dr. Holm\n\nCan I stop the tablets?\n"
SECOND = "From: Dr. Holm\nSent: Monday, June 3, 2024 1:40 PM\nTo: Ann Lee\n\nPlease don't stop them suddenly.\n"


def test_each_message_of_a_thread_is_a_turn_of_its_sender() -> None:
    found = dialogue_of(f"{FIRST}\n____\n{SECOND}\nDo not use portal messages for urgent problems.")
    assert found.text == "Ann Lee: Can I stop the tablets?\nDoctor: Please don't stop them suddenly."


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (f"{SECOND}\n{FIRST}", "not surely in order"),
        (f"{FIRST}\n{SECOND.replace('Monday, June 3, 2024 1:40 PM', 'this afternoon')}", "not surely in order"),
        (f"{FIRST}\n{SECOND.replace('June 3', 'June 9')}", "more than a day apart"),
    ],
)
def test_a_thread_whose_order_is_unsure_is_refused(text: str, message: str) -> None:
    with pytest.raises(UserError, match=message):
        dialogue_of(text)
