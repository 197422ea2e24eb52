"""How sure a share is."""

from math import sqrt

#: 95 % of a normal distribution lie within so many standard deviations.
_Z = 1.959963984540054


def lower(k: int, n: int) -> float:
    """The lower end of the 95 % interval of k of n (Wilson 1927): what is claimed of a few is little."""
    if k <= 0:
        return 0.0
    share, z2 = k / n, _Z * _Z
    spread = _Z * sqrt(share * (1 - share) / n + z2 / (4 * n * n))
    return max(0.0, (share + z2 / (2 * n) - spread) / (1 + z2 / n))
