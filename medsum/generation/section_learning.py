"""Fit the weights that guess a section header.

The method is complement naive Bayes (Rennie et al., ICML 2003) from scikit-learn.
"""

from collections.abc import Sequence

import numpy as np
from sklearn.naive_bayes import ComplementNB
from sklearn.preprocessing import MultiLabelBinarizer

from medsum.generation.section_guess import SectionGuess, words

LEAST_RECORDS = 2  # a word must be in at least 2 records, because rarer words are often names
DECIMALS = 3


def learn(dialogues: Sequence[str], sections: Sequence[str | None]) -> SectionGuess:
    """Fit the weights on the dialogues that have a section header. If no dialogue has a header, every guess is None.

    scikit-learn scales the weights of a section to a sum of 1. This function scales the weights to an average of 1,
    because such weights need few decimals in the file.
    """
    known = [(words(dialogue), section) for dialogue, section in zip(dialogues, sections, strict=True) if section]
    binarizer = MultiLabelBinarizer(sparse_output=True)
    # A matrix with a row for each record and a column for each word. The value 1 means that the record has the word.
    presence = binarizer.fit_transform([found for found, _ in known])
    frequent = np.flatnonzero(presence.sum(axis=0) >= LEAST_RECORDS)
    if len(frequent) < 2:  # one word cannot distinguish sections
        return SectionGuess(sorted({section for _, section in known}), {})
    model = ComplementNB(norm=True).fit(presence[:, frequent], [section for _, section in known])
    weights = (model.feature_log_prob_.T * len(frequent)).round(DECIMALS)
    return SectionGuess(
        model.classes_.tolist(), dict(zip(binarizer.classes_[frequent].tolist(), weights.tolist(), strict=True))
    )
