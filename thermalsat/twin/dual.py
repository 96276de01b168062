"""Numbers that carry their derivatives, so that an element law is written once, as its formula.

``Dual(3.0, {4: 2.0})`` is the number 3 whose derivative with respect to unknown 4 is 2. Sums, products and
quotients follow the rules of calculus; a plain float is a number with no derivatives. The laws in `elements`
run unchanged on floats (rates) and on duals (Jacobian).
"""

from __future__ import annotations

from typing import TypeAlias

import numpy as np

__all__ = ["Dual", "Number", "larger", "slopes_of", "smaller", "value_of"]


class Dual:
    """A value and its derivatives, keyed by what they are taken with respect to.

    Examples
    --------
    >>> x = Dual(3.0, {0: 1.0})
    >>> y = x * x + 1.0 / x
    >>> round(y.value, 6), round(y.slopes[0], 6)
    (9.333333, 5.888889)
    """

    __slots__ = ("slopes", "value")
    __array_ufunc__ = None  # numpy floats leave the arithmetic to this class

    def __init__(self, value: float, slopes: dict[int, float]) -> None:
        self.value = value
        self.slopes = slopes

    def __repr__(self) -> str:
        return f"Dual({self.value!r}, {self.slopes!r})"

    def __add__(self, other: Number) -> Dual:
        if isinstance(other, Dual):
            return Dual(self.value + other.value, _sum(self.slopes, 1.0, other.slopes, 1.0))
        return Dual(self.value + other, self.slopes)

    __radd__ = __add__

    def __neg__(self) -> Dual:
        return Dual(-self.value, {key: -slope for key, slope in self.slopes.items()})

    def __sub__(self, other: Number) -> Dual:
        if isinstance(other, Dual):
            return Dual(self.value - other.value, _sum(self.slopes, 1.0, other.slopes, -1.0))
        return Dual(self.value - other, self.slopes)

    def __rsub__(self, other: float) -> Dual:
        return -self + other

    def __mul__(self, other: Number) -> Dual:
        if isinstance(other, Dual):
            return Dual(self.value * other.value, _sum(self.slopes, other.value, other.slopes, self.value))
        return Dual(self.value * other, {key: slope * other for key, slope in self.slopes.items()})

    __rmul__ = __mul__

    def __truediv__(self, other: Number) -> Dual:
        if isinstance(other, Dual):
            ratio = self.value / other.value
            return Dual(ratio, _sum(self.slopes, 1.0 / other.value, other.slopes, -ratio / other.value))
        return Dual(self.value / other, {key: slope / other for key, slope in self.slopes.items()})

    def __rtruediv__(self, other: float) -> Dual:
        ratio = other / self.value
        return Dual(ratio, {key: -ratio / self.value * slope for key, slope in self.slopes.items()})


Number: TypeAlias = float | np.float64 | Dual


def _sum(a: dict[int, float], weight_a: float, b: dict[int, float], weight_b: float) -> dict[int, float]:
    total = {key: weight_a * slope for key, slope in a.items()}
    for key, slope in b.items():
        total[key] = total.get(key, 0.0) + weight_b * slope
    return total


def value_of(x: Number) -> float:
    """Return the plain number."""
    return x.value if isinstance(x, Dual) else float(x)


def slopes_of(x: Number) -> dict[int, float]:
    """Return the derivatives; none for a plain number."""
    return x.slopes if isinstance(x, Dual) else {}


def larger(x: Number, y: Number) -> Number:
    """Return the maximum, y where the two are equal."""
    return x if value_of(x) > value_of(y) else y


def smaller(x: Number, y: Number) -> Number:
    """Return the minimum, x where the two are equal."""
    return y if value_of(y) < value_of(x) else x
