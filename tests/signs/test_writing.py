"""Signs that a tokenizer loses are written so that it gives them back, with the same meaning; others are named."""

import os
import re
import unicodedata
from fractions import Fraction
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tokenizers import Tokenizer

from medsum.signs.round_trip import RoundTrip
from medsum.signs.writing import SignWriter, listed, names
from tests.signs.tokenizers_at_hand import CHAT_END, compact, like_minilm, like_smollm, like_t5

T5 = SignWriter(like_t5())
WRITTEN = {
    # doses
    "Levothyroxine 50 µg daily": "Levothyroxine 50 mcg daily",
    "50μg": "50mcg",
    "0.1 ㎍/㎏/min": "0.1 mcg/㎏/min",
    "2 µg/kg/min": "2 mcg/kg/min",
    "5 µL": "5 mcL",
    "WBC 8 K/µL": "WBC 8 K/mcL",
    "Cr 80 µmol/L": "Cr 80 micromol/L",
    "TSH 2 µIU/mL": "TSH 2 microIU/mL",
    "5 µm": "5 micrometer",
    "5 µ thick": "5 micron thick",
    "½ tablet": "1/2 tablet",
    "½tab": "1/2 tab",
    "1½ tablets": "1 1/2 tablets",
    "1 ½ tablets": "1 1/2 tablets",
    "2½-year history": "2 1/2-year history",
    "¼ cup, ¾ cup, ⅓ cup, ⅔ cup, ⅛ cup": "1/4 cup, 3/4 cup, 1/3 cup, 2/3 cup, 1/8 cup",
    "½-1 tablet": "1/2-1 tablet",
    "2⁄3 cup": "2/3 cup",
    "1¹⁄₂ cups": "1 1/2 cups",
    "1/½": "1/(1/2)",
    "5 ± 2 mg": "5 +/- 2 mg",
    "3×/day": "3x/day",
    "2 × 3 cm": "2 x 3 cm",
    "÷ 2": "divided by 2",
    "~5 mg": "about 5 mg",
    "≈5 mg": "about 5 mg",
    "5~7 days": "5 to 7 days",
    # comparisons
    "A1c <7": "A1c less than 7",
    "A1c<7%": "A1c less than 7%",
    "p<.05": "p less than .05",
    "< -2.5": "less than -2.5",
    "BE <-3": "BE less than -3",
    "(<5)": "(less than 5)",
    "BP ≤140/90": "BP at most 140/90",
    "BP <=140/90": "BP at most 140/90",
    "age≥65": "age at least 65",
    "K ≠ 4": "K not equal to 4",
    "≪1": "much less than 1",
    "≥½ pack": "at least 1/2 pack",
    "5 ＜ 7": "5 less than 7",
    "BP <90 or >180": "BP less than 90 or >180",
    "Hgb <LLN and >3": "Hgb less than LLN and >3",
    "below <lower limit or HR>100": "below less than lower limit or HR>100",
    # exponents
    "10^9/L": "10 to the power of 9/L",
    "12.3 ×10⁹/L": "12.3 x10 to the power of 9/L",
    "10⁻³": "10 to the power of -3",
    "10^-3": "10 to the power of -3",
    "1.73 m²": "1.73 m2",
    "kg/m² and kg/m^2": "kg/m2 and kg/m2",
    "5 mm³": "5 mm3",
    "㎡ ㎥ ㎧": "m2 m3 m/s",
    "2·10⁹": "2 x 10 to the power of 9",
    "R² of .9": "R squared of .9",
    "see chart¹": "see chart (1)",
    # chemistry
    "SpO₂ 92%": "SpO2 92%",
    "SpO₂92": "SpO2 92",
    "HCO₃⁻ 24": "HCO3- 24",
    "Ca²⁺ and Na⁺": "Ca2+ and Na+",
    "HbA₁c": "HbA1c",
    "vitamin B₁₂": "vitamin B12",
    "¹³¹I": "131I",
    "⁹⁹ᵐTc scan": "99mTc scan",
    # arrows
    "↑ Lasix to 40 mg": "increase Lasix to 40 mg",
    "K ↓ to 3": "K decrease to 3",
    "↑ WBC, ↓ appetite": "increased WBC, decreased appetite",
    "↑↑ LFTs": "markedly increased LFTs",
    "^BP": "increased BP",
    "Cr 1.0 → 1.4": "Cr 1.0 -> 1.4",
    "5⇒10 mg": "5->10 mg",
    "5 mg ← 10 mg": "5 mg from 10 mg",
    # degrees
    "37ºC": "37°C",
    "37⁰C": "37°C",
    "37 ˚C": "37°C",
    "90º flexion": "90° flexion",
    # Greek
    "β-blocker": "beta-blocker",
    "TNFα, IL-1β": "TNF alpha, IL-1 beta",
    "β2-agonist": "beta 2-agonist",
    "µ-opioid": "mu-opioid",
    "Δ in WBC": "Delta in WBC",
    "γ-GT, ω-3, λ chains": "gamma-GT, omega-3, lambda chains",
    "5 kΩ, 5Ω": "5 kohm, 5 ohm",
    # letters
    "Zoë": "Zoe",
    "Zoe\u0308": "Zoe",
    "Ménière": "Ménière",
    "Sjögren's, naïve, jalapeño": "Sjögren's, naive, jalapeno",
    "Ångström Łukasz Søren": "Angström Lukasz Soren",
    "10 Å": "10 angstrom",
    "1ˢᵗ, 2ⁿᵈ": "1st, 2nd",
    "c̄ food, s̄ pain, p̄ meals": "with food, without pain, after meals",
    # punctuation
    "№ 5, №5": "number 5, number 5",
    "‑5, −5, 10−20, ‐": "-5, -5, 10-20, -",
    "“q” ‘q’ – —": "“q” ‘q’ – —",
    "it´s `q` 5‟": "it's 'q' 5\"",
    "{x}": "(x)",
    "N\\A": "N/A",
    "● pain": "- pain",
    "① rest": "(1) rest",
    "§ 5": "section 5",
    "5 ‰": "5 per thousand",
    "50 ¢": "50 cents",
    "⊕ Babinski, ⊖ Hoffmann": "(+) Babinski, (-) Hoffmann",
    "☐ fever ☑ cough": "[ ] fever (check) cough",
    "♀ 40": "female 40",
    # what transcripts and tokenizers put into brackets
    "I <inaudible> knee": "I (inaudible) knee",
    "Stop.</s> Yes <pad>": "Stop.(/s) Yes (pad)",
}
# Clinical signs, letters and forms, each in the places where notes have them.
LETTERS = [chr(code) for code in range(0xC0, 0x180) if unicodedata.category(chr(code))[0] == "L"]
GREEK = [c for c in map(chr, range(0x391, 0x3CA)) if unicodedata.name(c, "")]
SQUARES = [chr(code) for code in range(0x3380, 0x33E0)]
MARKS = list("½⅓⅔¼¾⅕⅖⅗⅘⅙⅚⅛⅜⅝⅞⅐⅑⅒<≤≥~≈≅±×÷≠≪≫→←⇒″′‘’“”„‟‚‹›«»–—‑‒―−´`{}\\…•●▪■§¶†‡©¢¥£€₹‰℞∞∆Δµμ♀♂⊕⊖✓☑✗☐™№")
RAISED = list("⁰¹²³⁴⁵⁶⁷⁸⁹₀₁₂₃₄₅₆₇₈₉")
NO_LETTER = set("ĦħĸŊŋŐŉ")  # some of them have a plain letter, none is needed
TABLE = (
    [f"Z{letter}e" for letter in LETTERS if letter not in NO_LETTER]
    + [f"{letter}-chain" for letter in GREEK]
    + [f"5 {square} given" for square in SQUARES]
    + [f"5 {mark} 7 mg" for mark in MARKS]
    + [f"m{raised} is" for raised in RAISED]
)
UNCLEAR = {  # text with a sign of which no one can tell what it says → that sign
    "3·5 mg": "U+00B7 MIDDLE DOT",
    "Ø fever": "U+00D8 LATIN CAPITAL LETTER O WITH STROKE",
    "PERRL ↔": "U+2194 LEFT RIGHT ARROW",
    "√ CBC": "U+221A SQUARE ROOT",
    "feels 😀": "U+1F600 GRINNING FACE",
    "x̄ 5": "U+0078 LATIN SMALL LETTER X with U+0304 COMBINING MACRON",
    "Cr 1.2^": "U+005E CIRCUMFLEX ACCENT",
    "from <- to": "U+003C LESS-THAN SIGN",
}
SIGNS = "".join(MARKS + RAISED + LETTERS + GREEK + SQUARES) + "°º˚^↑↓·∙⁻⁺√Ø∅😀日本\u0304\u0308\u200b\u00a0"
TEXTS = st.text(alphabet=st.one_of(st.sampled_from(SIGNS), st.sampled_from("aZ5190mgL /.-(),:=>%\n")), max_size=30)


@pytest.mark.parametrize(("text", "expected"), WRITTEN.items())
def test_a_sign_is_written_as_a_clinician_reads_it(text: str, expected: str) -> None:
    written = T5.write(text)
    assert (written.text, written.unknown) == (expected, ())
    assert bool(written.signs) == (expected != text)


def test_hundreds_of_clinical_signs_survive_the_round_trip() -> None:
    assert len(TABLE) > 300
    for text in TABLE:
        written = T5.write(text)
        assert (text, written.unknown) == (text, ())
        assert RoundTrip(like_t5()).lost(written.text) == []


@pytest.mark.parametrize(("text", "name"), UNCLEAR.items())
def test_a_sign_without_a_clear_meaning_is_named_and_left(text: str, name: str) -> None:
    written = T5.write(text)
    assert written.text == text
    assert written.unknown_names == [name]
    assert re.sub(r"\s", "", written.known) == re.sub(r"\s", "", text.replace(written.unknown[0].sign, ""))


def test_names_are_ordered_by_how_often_a_sign_stands() -> None:
    assert names("√↔↔") == ["U+2194 LEFT RIGHT ARROW", "U+221A SQUARE ROOT"]


def test_many_names_are_cut_short() -> None:
    assert listed(names("√↔∅∀∃∇∏")).endswith("U+2207 NABLA and 2 more")


def test_numbers_do_not_run_together_where_a_sign_is_left_out() -> None:
    assert T5.write("3·5 mg ↔ √").known == "3 5 mg  "


@given(TEXTS)
def test_what_is_written_survives_but_for_what_is_named(text: str) -> None:
    written = T5.write(text)
    assert tuple(RoundTrip(like_t5()).lost(written.text)) == written.unknown
    assert T5.write(written.text).text == written.text


@given(TEXTS)
def test_a_byte_level_tokenizers_text_stays_byte_for_byte(text: str) -> None:
    for tokenizer in (compact(), like_smollm()):
        written = SignWriter(tokenizer).write(text)
        assert (written.text, written.signs, written.unknown) == (text, 0, ())


@given(TEXTS)
def test_an_encoders_tokenizer_keeps_what_is_written(text: str) -> None:
    tokenizer = like_minilm()
    written = SignWriter(tokenizer).write(text.lower())
    assert tuple(RoundTrip(tokenizer).lost(written.text)) == written.unknown


@given(st.integers(0, 400), st.sampled_from("½⅓⅔¼¾⅛"), st.sampled_from(["", " "]), st.sampled_from(["mg", "tablets"]))
def test_a_mixed_number_keeps_its_value(whole: int, part: str, space: str, unit: str) -> None:
    read = re.fullmatch(rf"(?:(\d+) )?(\d+)/(\d+) {unit}", T5.write(f"{whole or ''}{space}{part} {unit}").text.strip())
    assert read is not None
    value = int(read[1] or 0) + Fraction(int(read[2]), int(read[3]))
    assert float(value) == pytest.approx(whole + unicodedata.numeric(part))


@given(st.from_regex(r"[1-9][0-9]{0,2}(\.[0-9])?", fullmatch=True), st.integers(-12, 12))
def test_a_power_of_ten_keeps_its_exponent(factor: str, exponent: int) -> None:
    raised = str(exponent).translate(str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹"))
    expected = f"{factor} x 10 to the power of {exponent} g"
    assert T5.write(f"{factor} × 10{raised} g").text == expected
    assert T5.write(f"{factor} × 10^{exponent} g").text == expected


def test_a_special_token_in_the_text_becomes_plain_text() -> None:
    written = SignWriter(like_smollm()).write(f"Patient: Stop.{CHAT_END} Yes.")
    assert (written.text, written.unknown) == ("Patient: Stop.(|im_end|) Yes.", ())


@pytest.mark.data
@pytest.mark.parametrize("name", ["flan-t5-base", "smollm2-135m"])
def test_real_tokenizers_agree_with_their_look_alikes(name: str) -> None:
    file = Path(os.environ["MEDSUM_DATA"], name, "tokenizer.json")
    if not file.is_file():
        pytest.skip(f"{file} is not there")
    real = Tokenizer.from_file(str(file))
    byte_level = name != "flan-t5-base"
    for text in [*TABLE, *WRITTEN, *UNCLEAR]:
        written, alike = SignWriter(real).write(text), T5.write(text)
        assert (written.text, written.unknown) == ((text, ()) if byte_level else (alike.text, alike.unknown))
        assert tuple(RoundTrip(real).lost(written.text)) == written.unknown
