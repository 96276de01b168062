"""The reference problem in the public API of thermalsat, and the solver that `row.py` times."""

from __future__ import annotations

import numpy as np
import reference_problem as stated
from reference_problem import PERIOD_S, SAMPLES_S, SUNLIT_S, Panel

import thermalsat as ts

ANGLE_1_S = 2.0 * np.pi / PERIOD_S
PERIOD = f"{PERIOD_S} s"
CLOSURE_K = 5e-4
ts.Q(1.0, "K")  # the unit registry loads on first use


def _lit(t: np.ndarray) -> np.ndarray:
    return (t % PERIOD_S < SUNLIT_S).astype(float)


def _sun(side: float) -> ts.Function:
    """Sun on the face that looks along +cos (``side`` 1) or -cos (-1)."""
    return ts.Function(
        lambda t: stated.SUN_W_M2 * _lit(t) * np.maximum(0.0, side * np.cos(ANGLE_1_S * (t - 2700.0))),
        breakpoints=ts.Q([0.0, 1275.0, SUNLIT_S], "s"),
        period=PERIOD,
        unit="W/m^2",
    )


def _albedo() -> ts.Function:
    """Sunlight from the Earth on either face."""
    strength = stated.ALBEDO * stated.SUN_W_M2 * stated.EARTH_VIEW_FACTOR
    return ts.Function(
        lambda t: strength * _lit(t) * np.maximum(0.0, np.cos(ANGLE_1_S * (t - 1800.0))),
        breakpoints=ts.Q([0.0, 375.0, 3225.0, SUNLIT_S], "s"),
        period=PERIOD,
        unit="W/m^2",
    )


def _load(scale: float) -> ts.Table:
    power_kW = scale * np.array([12.0, 15.0, 12.0, 15.0, 12.0])
    return ts.Table(
        ts.Q([0.0, 600.0, 1200.0, 3300.0, 3900.0], "s"), ts.Q(power_kW, "kW"), kind="step", period=PERIOD
    )


def build(panel: Panel, half_pitch: bool = False) -> ts.ThermalNetwork:
    """Return ``panel`` as a network: plate, tubes ``tube 0`` ..., node ``payload``, loop ``loop``.

    Parameters
    ----------
    panel : Panel
        The instance to state.
    half_pitch : bool
        Model the half of a one-tube panel beside its tube, with the tube on the edge y = 0. It stands for
        the 32 halves of the 16-tube panel without shadow and with equal flows.

    Returns
    -------
    ThermalNetwork
        At 300 K everywhere.
    """
    start = f"{stated.START_K} K"
    half = 0.5 if half_pitch else 1.0
    halves = 32.0 if half_pitch else 1.0
    scale = 1.0 if half_pitch else panel.scale
    net = ts.ThermalNetwork()
    plate = net.plate(
        "plate",
        size=(f"{stated.LENGTH_M} m", f"{half * panel.width_m} m"),
        cells=(panel.nx, int(half * panel.ny)),
        thickness=f"{stated.THICKNESS_M} m",
        conductivity=f"{stated.CONDUCTIVITY_W_M_K} W/m/K",
        density="2700 kg/m^3",
        specific_heat="896 J/kg/K",
        temperature=start,
        copies=halves,
    )
    # 254.264 K: the black temperature of 237 W/m^2, unrounded so that errors of 0.1 mK mean something
    earth_K = (stated.EARTH_INFRARED_W_M2 / stated.STEFAN_BOLTZMANN_W_M2_K4) ** 0.25
    earth = net.boundary("earth", temperature=ts.Q(earth_K, "K"))
    sky = net.boundary("sky", temperature=f"{stated.SKY_K} K")
    pattern = stated.ABSORPTIVITY * panel.shadow_pattern.T[:, : int(half * panel.ny)]
    albedo = _albedo()
    for name, side in (("front", 1.0), ("back", -1.0)):
        face = plate.face(name)
        net.radiate(face, earth, emissivity=stated.EMISSIVITY, view_factor=stated.EARTH_VIEW_FACTOR)
        net.radiate(face, sky, emissivity=stated.EMISSIVITY, view_factor=1.0 - stated.EARTH_VIEW_FACTOR)
        net.heat(face, _sun(side), pattern=pattern)
        net.heat(face, albedo, pattern=np.full(pattern.shape, stated.ABSORPTIVITY))
    payload = net.node("payload", heat_capacity=ts.Q(panel.payload_J_K * scale, "J/K"), temperature=start)
    net.heat(payload, _load(scale))
    tubes = [
        net.channel(
            f"tube {j}",
            plate.line(y=ts.Q(0.0 if half_pitch else (j + 0.5) * stated.PITCH_M, "m")),
            mass_flow=ts.Q(half * flow, "kg/s"),
            specific_heat=f"{stated.COOLANT_J_KG_K} J/kg/K",
            mass_per_length=ts.Q(half * stated.COOLANT_KG_M, "kg/m"),
            wall_conductance=ts.Q(half * stated.WALL_CONDUCTANCE_W_M_K, "W/m/K"),
            scheme="upwind",
            temperature=start,
        )
        for j, flow in enumerate(panel.flow_kg_s)
    ]
    net.loop("loop", channels=tubes, node=payload, effectiveness=stated.EFFECTIVENESS)
    return net


class Thermalsat:
    """One orbit or the periodic state of one panel; the setting is the tolerance in kelvin.

    Parameters
    ----------
    panel : Panel
        The instance to solve.
    """

    def __init__(self, panel: Panel) -> None:
        self.panel = panel
        self.network = build(panel)
        self.times = ts.Q(SAMPLES_S, "s")

    def orbit(self, start: np.ndarray, setting: float) -> ts.Result:
        """Return the result of one orbit from 300 K with the 77 samples."""
        return self.network.transient(duration=PERIOD, times=self.times, tolerance=ts.Q(setting, "K"))

    def periodic(self, setting: float) -> tuple[ts.Result, int]:
        """Return the periodic orbit and the number of sweeps it took."""
        result = self.network.periodic(
            period=PERIOD, times=self.times, tolerance=ts.Q(setting, "K"), closure=ts.Q(CLOSURE_K, "K")
        )
        return result, result.stats["sweeps"]

    def samples(self, result: ts.Result) -> np.ndarray:
        """Return the sampled states in the order of `reference_problem` (K), shape (77, unknowns)."""
        tubes = [result.temperature(f"tube {j}").m_as("K") for j in range(self.panel.tubes)]
        plate = result.temperature("plate").m_as("K")
        return self.panel.join(plate, np.stack(tubes, axis=1), result.temperature("payload").m_as("K"))
