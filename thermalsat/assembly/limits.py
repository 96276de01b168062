"""How far each limit of a design is from being reached along a run."""

from __future__ import annotations

from dataclasses import dataclass

__all__ = ["LOWER_LIMITS", "LimitMargin"]

LOWER_LIMITS = frozenset({"coolant minimum", "array minimum", "battery minimum"})
"""Limits that more compute power moves away from; they bound the feasible powers from below."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LimitMargin:
    """One limit, how near a run comes to it, and when and where.

    Attributes
    ----------
    name : str
        ``"junction"``, ``"coolant maximum"``, ``"coolant minimum"``, ``"array maximum"``,
        ``"array minimum"``, ``"battery maximum"``, ``"battery minimum"``, ``"depth of discharge"``,
        ``"charge rate"``, ``"discharge rate"``, ``"bus power"`` or ``"recharge"``.
    margin : float
        Distance to the limit in `unit`; zero or positive where it is held. Continuous in the power.
        Coolant maximum: the cold plate against boiling. Charge rate: the power that refills by the time
        of surplus what the run takes; the charger itself never exceeds its limit.
    unit : str
        SI unit of `margin`, `value` and `limit`: ``"K"``, ``"W"``, ``"J"`` or ``"1"``. Temperatures are
        absolute.
    value, limit : float
        What comes nearest to the limit, and the limit.
    time_s, phase : float
        When, and the part of an orbit since the last sunlit instant [0, 1).
    place : str
        Where: the name of a part, with its cell.
    """

    name: str
    margin: float
    unit: str
    value: float
    limit: float
    time_s: float
    phase: float
    place: str

    @property
    def held(self) -> bool:
        """Whether the limit is not exceeded."""
        return self.margin >= 0.0

    @property
    def lower(self) -> bool:
        """Whether it is one of the `LOWER_LIMITS`."""
        return self.name in LOWER_LIMITS
