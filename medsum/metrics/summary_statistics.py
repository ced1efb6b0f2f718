"""Compute the form metrics of a summary: length, novelty, repetition and others. No form metric judges the content.

See, Liu and Manning (ACL 2017, section 7.2) define novelty. Grusky, Naaman and Artzi (NAACL 2018) define compression as
words of the text / words of the summary. This module computes the inverse, which also exists for an empty summary.
"""

import re
from collections.abc import Sequence

from medsum.metrics.words import count_words, english_words, words_of_any_script

FORM_METRICS = (
    "length_ratio", "compression", "novel_unigrams", "novel_bigrams", "novel_trigrams", "repetition", "empty",
    "unfinished",
)  # fmt: skip
DEFINITIONS = {
    "length_ratio": "words of summary / words of reference",
    "compression": "words of summary / words of dialogue",
    "novel_unigrams": "share of the summary's words, pairs or triples of words that the dialogue does not have",
    "repetition": "share of the summary's triples of words that occur earlier in the summary",
    "empty": "share of summaries without a word",
    "unfinished": "share of summaries that do not end with a closing mark, for example because the text was cut",
}
_CLOSED = re.compile(r"""[.!?:)\]"'%]\s*$""")
_CLOSED_OF_ANY = re.compile(
    r"""[.!?:)\]"'%\u2026\u3002\uff0e\uff01\uff1f\uff1a\uff09\u300d\u300f\u3011\u061f\u06d4\u0964\u0965\u104b\u17d4\u0589\u1362\u00bb\u201d]\s*$"""
)


def statistics(summary: str, dialogue: str, reference: str, any_language: bool = False) -> dict[str, float]:
    """Return every value of FORM_METRICS. `dialogue` is the spoken text without speaker tags.

    Novelty and repetition are 0 if the summary has too few words to compute them. Each occurrence of a word is counted.
    Case and punctuation are ignored.
    """
    written = count_words(summary, any_language)
    split, closed = (words_of_any_script, _CLOSED_OF_ANY) if any_language else (english_words, _CLOSED)
    words, said = split(summary), split(dialogue)
    triples = _ngrams(words, 3)
    return {
        "length_ratio": written / max(1, count_words(reference, any_language)),
        "compression": written / max(1, count_words(dialogue, any_language)),
        "novel_unigrams": _novel(words, said, 1),
        "novel_bigrams": _novel(words, said, 2),
        "novel_trigrams": _novel(words, said, 3),
        "repetition": 1 - len(set(triples)) / len(triples) if triples else 0.0,
        "empty": float(not words),
        "unfinished": float(bool(words) and not closed.search(summary)),
    }


def _ngrams(words: Sequence[str], size: int) -> list[tuple[str, ...]]:
    return [tuple(words[start : start + size]) for start in range(len(words) - size + 1)]


def _novel(words: Sequence[str], spoken: Sequence[str], size: int) -> float:
    written, known = _ngrams(words, size), set(_ngrams(spoken, size))
    return sum(ngram not in known for ngram in written) / len(written) if written else 0.0
