"""The reference problem in plain numpy: a double-sided radiator panel through day and night.

A 10 m by 4 m aluminium plate with 16 coolant tubes, a payload node and a pumped loop, heated by the
Sun, the Earth and a stepped load over one orbit of 5700 s. `README.md` states it in words. Nothing
here imports thermalsat, so the peers solve equations that were written down twice.

State order: plate rows (``ny`` rows of ``nx`` cells along the flow), coolant rows (one of ``nx``
volumes per tube), payload.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
import scipy.sparse as sp

STEFAN_BOLTZMANN_W_M2_K4 = 5.670374419e-8
PERIOD_S = 5700.0
SUNLIT_S = 3600.0
KNOTS_S = np.array([0.0, 375.0, 600.0, 1200.0, 1275.0, 3225.0, 3300.0, 3600.0, 3900.0, 5700.0])
SAMPLES_S = np.arange(77) * 75.0
START_K = 300.0

LENGTH_M = 10.0
THICKNESS_M = 1.0e-3
CONDUCTIVITY_W_M_K = 167.0
PLATE_HEAT_CAPACITY_J_M3_K = 2700.0 * 896.0
EMISSIVITY = 0.85
ABSORPTIVITY = 0.20
EARTH_VIEW_FACTOR = 0.2
EARTH_INFRARED_W_M2 = 237.0
EARTH_K = 254.264
SKY_K = 3.0
SUN_W_M2 = 1361.0
ALBEDO = 0.3

PITCH_M = 0.25
TUBE_FLOW_KG_S = 0.025
WALL_CONDUCTANCE_W_M_K = 400.0
COOLANT_J_KG_K = 4700.0
COOLANT_KG_M = 3.0 / 160.0
EFFECTIVENESS = 0.8

PUBLISHED_PAYLOAD_K = {(64, 32): 278.58626, (128, 64): 274.12077, (256, 128): 272.95723}


@dataclass(frozen=True, kw_only=True)
class Panel:
    """One instance of the reference problem.

    Parameters
    ----------
    nx, ny : int
        Plate cells along and across the tubes; ``ny`` is an even multiple of ``tubes``.
    payload_J_K : float
        Heat capacity of the payload node; 2e5 in the one-orbit problem, 2e6 and 2e7 for heavy loops.
    tubes : int
        Tubes at 0.25 m pitch; the panel's width, the load and the payload given for 16 tubes scale with it.
    shadow, flow_spread : float
        Depth of the shadow on the absorbed Sun and relative spread of the tube flows. Both are zero
        in the panel of equal tubes that one half pitch can stand for.
    coupled : bool
        False parts the plate from its tubes, for codes that solve a plate only.
    """

    nx: int = 64
    ny: int = 32
    payload_J_K: float = 2.0e5
    tubes: int = 16
    shadow: float = 0.5
    flow_spread: float = 0.1
    coupled: bool = True

    def __post_init__(self) -> None:
        if self.ny % (2 * self.tubes):
            raise ValueError(f"`ny` must be an even multiple of {self.tubes} tubes, got {self.ny}")

    @property
    def unknowns(self) -> int:
        return self.nx * (self.ny + self.tubes) + 1

    @property
    def grid(self) -> str:
        return f"{self.nx}x{self.ny}"

    @property
    def width_m(self) -> float:
        return self.tubes * PITCH_M

    @property
    def scale(self) -> float:
        """This panel's share of the 16-tube panel's load and payload."""
        return self.tubes / 16.0

    @property
    def dx_m(self) -> float:
        return LENGTH_M / self.nx

    @property
    def dy_m(self) -> float:
        return self.width_m / self.ny

    @cached_property
    def flow_kg_s(self) -> np.ndarray:
        j = np.arange(self.tubes)
        return TUBE_FLOW_KG_S * (1.0 + self.flow_spread * np.cos(np.pi * (j + 0.5) / self.tubes))

    @cached_property
    def row_below_tube(self) -> np.ndarray:
        per_pitch = self.ny // self.tubes
        return np.arange(self.tubes) * per_pitch + per_pitch // 2 - 1

    @cached_property
    def shadow_pattern(self) -> np.ndarray:
        """s(x, y) on the cell centres, shape (ny, nx)."""
        x = (np.arange(self.nx) + 0.5) * self.dx_m
        y = (np.arange(self.ny) + 0.5) * self.dy_m
        return 1.0 - self.shadow * np.exp(-((x[None, :] - 7.0) ** 2 + (y[:, None] - 1.0) ** 2))

    @property
    def tube_conductance_W_m_K(self) -> float:
        """Tube wall in series with half a cell of plate on either side, per metre of tube."""
        return 1.0 / (1.0 / WALL_CONDUCTANCE_W_M_K + self.dy_m / (4.0 * CONDUCTIVITY_W_M_K * THICKNESS_M))

    @property
    def cell_J_K(self) -> float:
        return PLATE_HEAT_CAPACITY_J_M3_K * THICKNESS_M * self.dx_m * self.dy_m

    @property
    def volume_J_K(self) -> float:
        """Heat capacity of one coolant volume."""
        return COOLANT_KG_M * self.dx_m * COOLANT_J_KG_K

    @cached_property
    def coefficients(self) -> dict[str, float]:
        """The scalars of the equations, each over the heat capacity it drives (SI)."""
        area = self.dx_m * self.dy_m
        per_flux = area / self.cell_J_K
        infrared = EARTH_VIEW_FACTOR * EARTH_INFRARED_W_M2
        sky = (1.0 - EARTH_VIEW_FACTOR) * STEFAN_BOLTZMANN_W_M2_K4 * SKY_K**4
        half_wall = 0.5 * self.tube_conductance_W_m_K * self.dx_m * self.coupled
        conduction = CONDUCTIVITY_W_M_K * THICKNESS_M / self.cell_J_K
        payload = self.payload_J_K * self.scale
        return {
            "along": conduction * self.dy_m / self.dx_m,
            "across": conduction * self.dx_m / self.dy_m,
            "emission": 2.0 * EMISSIVITY * STEFAN_BOLTZMANN_W_M2_K4 * per_flux,
            "infrared": 2.0 * EMISSIVITY * (infrared + sky) * per_flux,
            "sun": ABSORPTIVITY * SUN_W_M2 * per_flux,
            "albedo": 2.0 * ABSORPTIVITY * ALBEDO * SUN_W_M2 * EARTH_VIEW_FACTOR * per_flux,
            "wall_plate": half_wall / self.cell_J_K,
            "wall_coolant": half_wall / self.volume_J_K,
            "payload_exchange": EFFECTIVENESS * self.flow_kg_s.sum() * COOLANT_J_KG_K / payload,
            "effectiveness": EFFECTIVENESS,
        }

    @cached_property
    def advection_1_s(self) -> np.ndarray:
        return self.flow_kg_s / (COOLANT_KG_M * self.dx_m)

    @cached_property
    def share(self) -> np.ndarray:
        return self.flow_kg_s / self.flow_kg_s.sum()

    @cached_property
    def lit(self) -> np.ndarray:
        """1 or 0 in each segment between two knots."""
        return (KNOTS_S[1:] <= SUNLIT_S).astype(float)

    @cached_property
    def load_K_s(self) -> np.ndarray:
        """Payload heat over its heat capacity in each segment."""
        middle = 0.5 * (KNOTS_S[1:] + KNOTS_S[:-1])
        high = ((middle > 600) & (middle < 1200)) | ((middle > 3300) & (middle < 3900))
        return np.where(high, 15.0e3, 12.0e3) / self.payload_J_K

    def rhs(self, t: float, y: np.ndarray, segment: int) -> np.ndarray:
        """Return dy/dt (K/s): the slow and obvious form the C version is tested against."""
        c = self.coefficients
        plate = y[: self.nx * self.ny].reshape(self.ny, self.nx)
        coolant = y[self.nx * self.ny : -1].reshape(self.tubes, self.nx)
        angle = 2.0 * np.pi / PERIOD_S
        sun = self.lit[segment] * c["sun"] * abs(np.cos(angle * (t - 2700.0)))
        albedo = self.lit[segment] * c["albedo"] * max(0.0, np.cos(angle * (t - 1800.0)))
        d_plate = c["infrared"] + albedo + sun * self.shadow_pattern - c["emission"] * plate**4
        along = c["along"] * np.diff(plate, axis=1)
        across = c["across"] * np.diff(plate, axis=0)
        d_plate[:, :-1] += along
        d_plate[:, 1:] -= along
        d_plate[:-1] += across
        d_plate[1:] -= across
        below, above = self.row_below_tube, self.row_below_tube + 1
        outlet = self.share @ coolant[:, -1]
        entry = outlet + EFFECTIVENESS * (y[-1] - outlet)
        upstream = np.column_stack([np.full(self.tubes, entry), coolant[:, :-1]])
        d_coolant = self.advection_1_s[:, None] * (upstream - coolant)
        d_coolant += c["wall_coolant"] * (plate[below] + plate[above] - 2.0 * coolant)
        d_plate[below] += c["wall_plate"] * (coolant - plate[below])
        d_plate[above] += c["wall_plate"] * (coolant - plate[above])
        d_payload = self.load_K_s[segment] - c["payload_exchange"] * (y[-1] - outlet)
        return np.concatenate([d_plate.ravel(), d_coolant.ravel(), [d_payload]])

    @cached_property
    def linear_jacobian(self) -> sp.csc_array:
        """Jacobian without emission, with a stored entry on every diagonal position."""
        c, nx, ny = self.coefficients, self.nx, self.ny
        plate = c["along"] * sp.kron(sp.eye_array(ny), _laplacian(nx))
        plate = plate + c["across"] * sp.kron(_laplacian(ny), sp.eye_array(nx))
        touch = sp.lil_array((self.tubes, ny))
        for j, row in enumerate(self.row_below_tube):
            touch[j, row] = touch[j, row + 1] = 1.0
        touch = sp.kron(touch, sp.eye_array(nx))
        plate = plate - c["wall_plate"] * sp.diags_array(np.asarray(touch.sum(axis=0)).ravel())
        shift = sp.diags_array([np.ones(nx - 1), -np.ones(nx)], offsets=[-1, 0])
        coolant = sp.kron(sp.diags_array(self.advection_1_s), shift)
        coolant = sp.lil_array(coolant - 2.0 * c["wall_coolant"] * sp.eye_array(self.tubes * nx))
        first, last = np.arange(self.tubes) * nx, np.arange(self.tubes) * nx + nx - 1
        for i, rate in zip(first, self.advection_1_s, strict=True):
            for k, share in zip(last, self.share, strict=True):
                coolant[i, k] += rate * (1.0 - EFFECTIVENESS) * share
        supply = sp.lil_array((self.tubes * nx, 1))
        supply[first, 0] = self.advection_1_s * EFFECTIVENESS
        back = sp.lil_array((1, self.tubes * nx))
        back[0, last] = c["payload_exchange"] * self.share
        payload = sp.csr_array([[-c["payload_exchange"]]])
        blocks = [
            [plate, c["wall_plate"] * touch.T, None],
            [c["wall_coolant"] * touch, coolant, supply],
            [None, back, payload],
        ]
        matrix = sp.csc_array(sp.block_array(blocks))
        matrix.eliminate_zeros()
        matrix.sort_indices()
        return matrix

    @cached_property
    def diagonal_positions(self) -> np.ndarray:
        """Where each diagonal entry lies in ``linear_jacobian.data``."""
        matrix = self.linear_jacobian
        column = np.repeat(np.arange(self.unknowns), np.diff(matrix.indptr))
        return np.flatnonzero(matrix.indices == column)

    def split(self, y: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """Return plate (..., nx, ny), coolant (..., tubes, nx) and payload (...) of states ``y``."""
        lead = y.shape[:-1]
        plate = y[..., : self.nx * self.ny].reshape(*lead, self.ny, self.nx)
        coolant = y[..., self.nx * self.ny : -1].reshape(*lead, self.tubes, self.nx)
        return np.swapaxes(plate, -1, -2), coolant, y[..., -1]

    def join(self, plate: np.ndarray, coolant: np.ndarray, payload: np.ndarray) -> np.ndarray:
        """Inverse of `split`."""
        lead = np.shape(payload)
        rows = np.swapaxes(plate, -1, -2).reshape(*lead, -1)
        return np.concatenate([rows, coolant.reshape(*lead, -1), np.asarray(payload)[..., None]], axis=-1)


def _laplacian(n: int) -> sp.dia_array:
    """Second difference of a row of ``n`` cells with insulated ends."""
    diagonal = -2.0 * np.ones(n)
    diagonal[[0, -1]] = -1.0
    return sp.diags_array([np.ones(n - 1), diagonal, np.ones(n - 1)], offsets=[-1, 0, 1])
