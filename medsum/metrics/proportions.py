"""The uncertainty of a share over a sample of records."""


def wilson_interval(part: int, whole: int) -> tuple[float, float]:
    """Return the ends of the 95 % Wilson interval of a share (Wilson 1927); for 0 of 30 it still reaches 11 %.

    `whole` must not be 0.
    """
    from scipy.stats import binomtest  # here: a page that only shows shares need not load it

    ends = binomtest(part, whole).proportion_ci(0.95, method="wilson")
    return round(float(ends.low), 4), round(float(ends.high), 4)
