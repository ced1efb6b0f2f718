"""Estimate the uncertainty of a share (a part divided by the whole) in a sample of records."""


def wilson_interval(part: int, whole: int) -> tuple[float, float]:
    """Return the lower and upper end of the 95 % Wilson interval of a share (Wilson 1927).

    For example, the upper end for 0 of 30 is 11 %. `whole` must not be 0.
    """
    from scipy.stats import binomtest  # imported here, because many programs never call this function

    ends = binomtest(part, whole).proportion_ci(0.95, method="wilson")
    return round(float(ends.low), 4), round(float(ends.high), 4)
