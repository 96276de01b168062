"""Thermal networks: plates, nodes, coolant channels and loops, stated in units, built into flat arrays."""

from __future__ import annotations

from thermalsat.network.network import ThermalNetwork

__all__ = ["ThermalNetwork"]
