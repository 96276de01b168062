"""One JSON object: plain numbers, no NaN, no Infinity."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from datetime import date
from typing import Any

__all__ = ["clean", "dumps"]


def clean(value: Any) -> Any:
    """Return `value` as what JSON can hold; what is not finite becomes null.

    Parameters
    ----------
    value : object
        Mappings, sequences, arrays, numbers, texts, dates. A quantity is refused: its unit belongs in
        the key.

    Raises
    ------
    TypeError
        For a quantity or anything else that has no plain form.

    Examples
    --------
    >>> clean({"duration_min": float("inf"), "steps": (1, 2)})
    {'duration_min': None, 'steps': [1, 2]}
    """
    if value is None or isinstance(value, (str, bool, int)):
        return value
    if isinstance(value, float):
        return float(value) if math.isfinite(value) else None
    if isinstance(value, Mapping):
        return {str(key): clean(inside) for key, inside in value.items()}
    if isinstance(value, (list, tuple, set, frozenset)):
        return [clean(inside) for inside in value]
    if isinstance(value, date):
        return value.isoformat()
    if hasattr(value, "tolist") and not hasattr(value, "magnitude"):
        return clean(value.tolist())
    raise TypeError(f"{value!r} has no plain form; put its unit into the key and give the number")


def dumps(record: Mapping[str, Any]) -> str:
    """Return a record as the text of one JSON object.

    Examples
    --------
    >>> print(dumps({"power_kW": 120.0}))
    {
      "power_kW": 120.0
    }
    """
    return json.dumps(clean(record), indent=2, allow_nan=False)
