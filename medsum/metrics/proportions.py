"""How far a share may be off, given the records that were drawn."""


def wilson_interval(part: int, whole: int) -> tuple[float, float]:
    """Ends of the 95 % Wilson interval of a share (Wilson 1927): of nothing found in 30 it still reaches 11 %.

    `whole` is not 0.
    """
    from scipy.stats import binomtest  # here: a page that shows shares need not load it

    ends = binomtest(part, whole).proportion_ci(0.95, method="wilson")
    return round(float(ends.low), 4), round(float(ends.high), 4)
