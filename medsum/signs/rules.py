"""Rules that replace clinical signs by words or by plain signs. The new text depends on the context of the sign.

A rule returns None if the meaning is unclear. For example, the middle dot in `3·5` can be a decimal point or a product.
The program then tells the user the name of the sign. The result of a rule may contain a sign that needs another rule.
For example, `㎍` becomes `µg`, and then `µg` becomes `mcg`. `→` becomes `->`. If the tokenizer loses `>`, `->` becomes
`to`.

`≥` becomes `at least`, and `≤` becomes `at most`. The phrase `greater than or equal to` is not used, because a model
may write only the beginning of this phrase. `greater than` is a different comparison.
"""

import re
import unicodedata
from collections.abc import Callable
from typing import NamedTuple

from medsum.signs.letters import full_size, greek, plain_letter, unstyled

Write = Callable[[re.Match[str]], str | None]


class Rule(NamedTuple):
    """A pattern that matches a sign, and a function `write`.

    The function returns the new text for a match, or None if the meaning is unclear.
    """

    pattern: re.Pattern[str]
    write: Write


def _relation(words: str) -> Write:
    """Return a function that writes `words` between two terms, with spaces on both sides."""

    def write(match: re.Match[str]) -> str:
        before, after = _before(match), _after(match)
        left = "" if not before or before.isspace() or before in "([{\"'“‘" else " "
        right = "" if not after or after.isspace() or after in ")]}" else " "
        return f"{left}{words}{right}"

    return write


def _word(words: str) -> Write:
    """Return a function that writes `words` instead of the sign.

    If a letter or digit is next to the sign, the function adds a space between this character and `words`.
    """

    def write(match: re.Match[str]) -> str:
        left = " " if _before(match).isalnum() else ""
        right = " " if _after(match).isalnum() else ""
        return f"{left}{words}{right}"

    return write


def _sign(plain: str) -> Write:
    """Return a function that writes the text `plain` instead of the matched sign."""
    return lambda _: plain


def _before(match: re.Match[str]) -> str:
    return match.string[match.start() - 1] if match.start() else ""


def _after(match: re.Match[str]) -> str:
    return match.string[match.end() : match.end() + 1]


def _apart(match: re.Match[str], number: str) -> str:
    """Return the number. Add a space if a digit follows the match: `SpO₂92` becomes `SpO2 92`."""
    return number + (" " if _after(match).isdigit() else "")


def _fraction(match: re.Match[str]) -> str | None:
    if match["char"]:
        number = unicodedata.normalize("NFKC", match["char"]).replace("\u2044", "/")
    else:
        number = f"{unstyled(match['over'])}/{unstyled(match['under'])}"
    before, after = _before(match), _after(match)
    if not re.fullmatch(r"\d+/\d+", number) or before == ".":
        return None
    if before == "/" or (after == "/" and match.string[match.end() + 1 :][:1].isdigit()):
        return f"({number})"
    left = " " if before.isalnum() else ""
    return left + number + (" " if after.isalnum() else "")


def _isotope(match: re.Match[str]) -> str:
    return unstyled(match[0])


def _of_unit(match: re.Match[str]) -> str:
    return match["unit"] + _apart(match, unstyled(match["power"]))


def _power(match: re.Match[str]) -> str:
    right = " " if _after(match).isalnum() else ""
    return f" to the power of {unstyled(match['power'])}{right}"


def _superscript(match: re.Match[str]) -> str:
    """Return the words of a power after a symbol (`R²` → `R squared`), or a footnote mark (`chart¹` → `chart (1)`)."""
    number = unstyled(match[0])
    symbol = re.search(r"(?<![^\W\d_])[^\W\d_]$", match.string[: match.start()])
    words = {"2": "squared", "3": "cubed"}.get(number)
    right = " " if _after(match).isalnum() else ""
    if symbol and words:
        return f" {words}{right}"
    left = " " if _before(match).isalnum() else ""
    return f"{left}({number}){right}"


def _micro(match: re.Match[str]) -> str:
    """Return `mcg` or `mcL`, which clinicians use.

    For any other unit, return the unit with `micro`, such as `micrometer`.
    """
    unit = match["unit"]
    if unit in ("g", "L", "l"):
        return f"mc{unit}"
    return {"m": "micrometer", "M": "micromolar", "s": "microsecond"}.get(unit, f"micro{unit}")


def _arrow(once: str, changing: str, often: str) -> Write:
    """Return a function that replaces one arrow by the text `once`, and several arrows by the text `often`.

    If words such as `to 50 mg` follow one arrow, the function writes the verb `changing`, a base form such as
    `increase` that is correct in orders and in reports.
    """

    def write(match: re.Match[str]) -> str | None:
        if len(match[0]) > 1:
            return _word(often)(match)
        rest = match.string[match.end() : match.end() + 60]
        return _word(changing if re.match(r"[^.;,\n↑↓]{0,40}?\b(?:to|by)[ ]+\d", rest) else once)(match)

    return write


def _rule(pattern: str, write: Write) -> Rule:
    return Rule(re.compile(pattern), write)


_UP, _DOWN = "[↑⇑⬆]", "[↓⇓⬇]"
_UNITS_OF_POWERS = r"(?<![^\W\d_])(?P<unit>[cdkmnµμ]?m|in|ft)"
_SUPERSCRIPTS = "⁰¹²³⁴⁵⁶⁷⁸⁹"
_MICRO_UNITS = r"(?P<unit>g|L|l|mol|m|M|s|IU|U|V|A|F|W|Ci|Sv|Gy|Eq|eq|kat|Osm|osm|gm|gram|liter|molar)"

RULES: tuple[Rule, ...] = (
    # Marks of transcripts and tokenizers: `<inaudible>`, `</s>`, `[PAD]`. Their `<` and `>` are not comparisons.
    _rule(r"<(?=[A-Za-z/|])([^<>\n]{0,40}[^<>\s])>(?!\s*[\d.=])", lambda match: f"({match[1]})"),
    _rule(r"\[([A-Z]{3,4})\]", lambda match: f"({match[1]})"),
    _rule(r"<-+>(?![-=>])", _relation("to and from")),
    _rule(r"<=(?![>=])|=<(?![-<=])|[≤⩽≦]", _relation("at most")),
    _rule(r">=(?![>=])|[≥⩾≧]", _relation("at least")),
    _rule(r"->", _relation("to")),
    _rule(r"<(?![-<=>/])|<(?=-[\d.])|﹤", _relation("less than")),
    _rule(r"(?<![-<=>])>(?![-<=>])|﹥", _relation("greater than")),
    _rule("≪", _relation("much less than")),
    _rule("≫", _relation("much greater than")),
    _rule("≠", _relation("not equal to")),
    _rule("≡", _relation("identical to")),
    _rule("≮", _relation("not less than")),
    _rule("≯", _relation("not greater than")),
    _rule(r"(?<=\d)[ ]?[~∼～〜][ ]?(?=\d)", _relation("to")),
    _rule("[~∼≈≅≃≒](?![~∼])", _relation("about")),
    _rule("[±]", _sign("+/-")),
    _rule("∓", _sign("-/+")),
    _rule("[×✕✖⨯]", _sign("x")),
    _rule("÷", _relation("divided by")),
    _rule("∝", _relation("proportional to")),
    _rule("∴", _word("therefore")),
    _rule("∵", _word("because")),
    _rule("¬", _word("not")),
    _rule("∞", _word("infinity")),
    _rule(f"{_UP}+", _arrow("increased", "increase", "markedly increased")),
    _rule(f"{_DOWN}+", _arrow("decreased", "decrease", "markedly decreased")),
    _rule("[↗⬈]", _word("rising")),
    _rule("[↘⬊]", _word("falling")),
    _rule("[→⟶➔➜➝➡⇒]", _sign("->")),
    _rule("[←⟵⬅⇐]", _relation("from")),
    # Numbers. Degrees come first, because some people write a superscript 0 or o for the degree sign.
    _rule(r"(?<=\d)[ ]?[º˚ᵒ⁰](?=[ ]?[CF]\b)", _sign("°")),
    _rule(r"(?<=\d)[º˚](?!\w)", _sign("°")),
    _rule(r"(?<=\d)[ ]?°[ ]?(?P<scale>[CF])\b", lambda match: f" degrees {match['scale']}"),
    _rule(r"(?<=\d)[ ]?°", lambda match: " degree" + (" " if _after(match).isalnum() else "")),
    _rule(f"(?P<over>[{_SUPERSCRIPTS}]+)[/\u2044\u2215](?P<under>[₀-₉]+)(?P<char>)", _fraction),
    _rule("(?P<char>[½¼¾⅐-⅞↉])", _fraction),
    _rule("[\u2044\u2215](?!\u2044)", _sign("/")),
    _rule(rf"(?<![\w)])[{_SUPERSCRIPTS}]+ᵐ?(?=[A-Z][a-z]?\b)", _isotope),
    _rule(rf"{_UNITS_OF_POWERS}(?P<power>[²³])", _of_unit),
    _rule(rf"{_UNITS_OF_POWERS}\^(?P<power>[23])(?!\d)", _of_unit),
    _rule(rf"(?<=[\d)])(?P<power>[⁺⁻]?[{_SUPERSCRIPTS}]+|ⁿ(?!ᵈ))", _power),
    _rule(r"(?<=[\w)])[ ]?\^[ ]?(?P<power>[-+−]?\d+)", _power),
    _rule(rf"(?<=[A-Za-z])(?P<power>⁻[{_SUPERSCRIPTS}]+)", _power),
    _rule(r"(?<=[A-Za-z₀-₉\d])[²³]?[⁺⁻]", lambda match: unstyled(match[0])),
    _rule("⁺", _sign("+")),
    _rule(f"[{_SUPERSCRIPTS}]+", _superscript),
    _rule(r"(?<=[^\W\d_])[₀-₉]+|(?<=\))[₀-₉]+", lambda match: _apart(match, unstyled(match[0]))),
    _rule("[₊₋]", lambda match: unstyled(match[0])),
    _rule(r"(?<![\w^])\^+[ ]?(?=[A-Za-z])", lambda _: "increased "),
    _rule(r"(?<=\d)[ ]?[·∙⋅][ ]?(?=10[ ]?[\^⁰-⁹⁻¹²³])", _sign(" x ")),
    _rule("(?<=[A-Za-zµμ])[·∙⋅](?=[A-Za-zµμ])", _sign(".")),
    # Units and names.
    _rule(rf"[µμ]{_MICRO_UNITS}(?![^\W\d_])", _micro),
    _rule(r"(?<=\d)[ ]?[µμ](?![\w-])", lambda _: " micron"),
    _rule(r"(?<![^\W\d_])[kM][ΩΩ](?![^\W_])", lambda match: f"{match[0][0]}ohm"),
    _rule(r"(?<=\d)[ ]?[ΩΩ](?![^\W_])", lambda _: " ohm"),
    _rule(r"(?<=\d)[ ]?[ÅÅ](?![^\W_])", lambda _: " angstrom"),
    _rule("[∆△](?=[^\\W_])|∆", _word("delta")),
    _rule("∑", _word("sum")),
    _rule("⌀", _word("diameter")),
    _rule("№", _word("number")),
    _rule("℞", _word("Rx")),
    _rule("‰", _word("per thousand")),
    _rule("¢", _word("cents")),
    _rule("[¥￥]", _word("JPY")),
    _rule("£", _word("GBP")),
    _rule("€", _word("EUR")),
    _rule("₹", _word("INR")),
    _rule("₩", _word("KRW")),
    _rule("₽", _word("RUB")),
    _rule("§+", _word("section")),
    _rule("¶", _word("paragraph")),
    _rule("†", _word("(dagger)")),
    _rule("‡", _word("(double dagger)")),
    _rule("©", _sign("(c)")),
    _rule("®", _sign("(R)")),
    _rule("♀", _word("female")),
    _rule("♂", _word("male")),
    _rule("⊕", _sign("(+)")),
    _rule("⊖", _sign("(-)")),
    _rule("[✓✔☑✅]", _word("(check)")),
    _rule("[✗✘❌]", _word("(cross)")),
    _rule("☐", _sign("[ ]")),
    # Alone, `c̄` (with) and similar letters are words of a prescription. Within a word, they are letters of a name.
    _rule("(?<![^\\W_])c\u0304(?![^\\W_])", _word("with")),
    _rule("(?<![^\\W_])s\u0304(?![^\\W_])", _word("without")),
    _rule("(?<![^\\W_])p\u0304(?![^\\W_])", _word("after")),
    _rule("(?<![^\\W_])(?:a\u0304|ā)(?![^\\W_])", _word("before")),
    _rule("(?<![^\\W_])q\u0304(?![^\\W_])", _word("every")),
    # Punctuation.
    _rule("[‐‑‒–—―−⁃﹣－]", _sign("-")),
    _rule("[‘’‚‛′‹›`´ʼʹˈ]", _sign("'")),
    _rule("[“”„‟″«»〝〞]", _sign('"')),
    _rule("[•●○▪▫■◦‣➢▶►·∙](?=[ ])", _sign("-")),
    _rule("[{⟨〈]", _sign("(")),
    _rule("[}⟩〉]", _sign(")")),
    _rule(r"\\", _sign("/")),
    _rule("¦", _sign("|")),
    _rule("¿", _sign("?")),
    _rule("¡", _sign("!")),
    _rule("…", _sign("...")),
    # Letters, and signs that consist of letters.
    _rule("(?<![Ͱ-Ͽ])[Ͱ-Ͽµ](?![Ͱ-Ͽ])", lambda match: (name := greek(match[0])) and _word(name)(match)),
    _rule("[①-⑳⓪]", lambda match: _word(f"({unstyled(match[0])})")(match)),
    _rule("[^\x00-\x7f]", lambda match: full_size(match[0])),
    _rule("(?P<letter>[^\x00-\x7f][\u0300-\u036f]*|[A-Za-z][\u0300-\u036f]+)", plain_letter),
)
