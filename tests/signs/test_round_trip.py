"""What a round trip loses is named with its place; white space and equal glyphs are forgiven."""

import pytest
from tokenizers import Regex, Tokenizer, decoders, models, pre_tokenizers

from medsum.signs.round_trip import Lost, RoundTrip
from tests.signs.tokenizers_at_hand import CHAT_END, compact, like_minilm, like_smollm, like_t5


@pytest.mark.parametrize(
    ("text", "signs"),
    [
        ("Levothyroxine 50 µg daily", ["µ"]),
        ("½ tablet", ["½"]),
        ("1½ tablets", ["½"]),
        ("A1c <7", ["<"]),
        ("10^9/L or 10⁹/L", ["^", "⁹"]),
        ("Zoë", ["ë"]),
        ("Zoe\u0308", ["e\u0308"]),
        ("BP ↑, K ≥5, ~3", ["↑", "≥", "~"]),
        ("№ 5", ["№"]),
        ("Stop.</s>", ["<", "/", "s", ">"]),
    ],
)
def test_lost_signs_are_named_with_their_place(text: str, signs: list[str]) -> None:
    lost = RoundTrip(like_t5()).lost(text)
    assert [sign for sign, _, _ in lost] == signs
    assert [text[start:end] for _, start, end in lost] == signs


@pytest.mark.parametrize(
    "text",
    [
        "Doctor: Any pain?\nPatient: No.",
        "  two  spaces\tand a tab ",
        "a non-breaking\u00a0space, a zero\u200bwidth one, a soft\u00adhyphen",
        "5 ㎎ and ﬁne and ％ and ℃ and …",
        "e\u0301 is é",
        "“Fine” – she said",
    ],
)
def test_white_space_and_other_glyphs_of_the_same_text_are_forgiven(text: str) -> None:
    assert RoundTrip(like_t5()).lost(text) == []


def test_a_space_that_parts_two_numbers_must_come_back() -> None:
    joining = Tokenizer(models.WordLevel({"1": 0, "1/2": 1, "tablet": 2, "?": 3}, unk_token="?"))
    joining.pre_tokenizer = pre_tokenizers.Split(Regex(r"\s+"), "removed")
    joining.decoder = decoders.Fuse()
    assert RoundTrip(joining).lost("1 1/2") == [Lost(" ", 1, 2)]
    assert RoundTrip(joining).lost("1/2") == []


@pytest.mark.parametrize("tokenizer", [like_smollm(), compact()])
def test_a_byte_level_tokenizer_loses_nothing(tokenizer: Tokenizer) -> None:
    assert RoundTrip(tokenizer).lost("½ µg ≤ 10⁹/L ~ Zoë ↑ 日本 😀\nA1c <7 {x}") == []


def test_a_special_token_in_the_text_is_lost_by_a_byte_level_tokenizer() -> None:
    [first, *rest] = RoundTrip(like_smollm()).lost(f"Patient: Stop.{CHAT_END} Yes.")
    assert first == Lost("<", 14, 15)
    assert len(rest) == len(CHAT_END) - 1


def test_an_encoders_tokenizer_loses_case_and_unknown_signs() -> None:
    lost = RoundTrip(like_minilm()).lost("Give 50 µg at 2.5 mg/dl")
    assert next((sign, start) for sign, start, _ in lost) == ("G", 0)
    assert "µ" in [sign for sign, _, _ in lost]
    assert RoundTrip(like_minilm()).lost("give 50 mcg at 2.5 mg/dl, don't stop") == []
