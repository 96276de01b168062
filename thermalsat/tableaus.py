"""Rosenbrock methods: the coefficients of one implicit time step, as facts from the literature.

A Rosenbrock method solves C y' = F(t, y) with one linear system per stage and no iteration. For the step
from t to t + h, with J = dF/dy and F_t = dF/dt at the start of the step, stage i solves::

    (C / (h gamma) - J) u_i = F(t + alpha_i h, y + sum_j a_ij u_j) + C sum_j (c_ij / h) u_j + gamma_i h F_t

and the step ends with ``y1 = y + sum_i m_i u_i`` and the error estimate ``sum_i e_i u_i``. This form, which
needs no product with J, is that of section IV.7 of Hairer & Wanner [1]_.

Where a tableau has dense output, with ``k_r = sum_i dense[r, i] u_i``::

    y(t + theta h) = (1 - theta) y + theta (y1 + (1 - theta) (k_0 + theta (k_1 + theta k_2 ...)))

Which one to use: `RODAS4` is the reference (stiffly accurate, order 4, L-stable); `RODAS3` is its cheaper
companion; `RODAS4P2` and `RODAS5P` keep their order when boundary values change in time; `ROS34PW2` and
`ROS34PW3` are W-methods: order 3 with any approximation of J.

References
----------
.. [1] E. Hairer and G. Wanner, Solving Ordinary Differential Equations II, 2nd ed., Springer (1996),
   sections IV.7 and VI.4 (RODAS4; digits of the authors' program RODAS).
.. [2] A. Sandu et al., Benchmarking stiff ODE solvers for atmospheric chemistry problems II: Rosenbrock
   solvers, Atmospheric Environment 31 (1997) 3459-3472 (RODAS3).
.. [3] G. Steinebach, Improvement of Rosenbrock-Wanner method RODASP, in: Progress in
   Differential-Algebraic Equations II, Springer (2020) 165-184 (RODAS4P2).
.. [4] G. Steinebach, Construction of Rosenbrock-Wanner method Rodas5P and numerical benchmarks within the
   Julia Differential Equations package, BIT 63 (2023) 27, doi:10.1007/s10543-023-00967-x (RODAS5P).
.. [5] J. Rang and L. Angermann, New Rosenbrock W-methods of order 3 for partial differential algebraic
   equations of index 1, BIT 45 (2005) 761-787, doi:10.1007/s10543-005-0035-y (ROS34PW2, ROS34PW3).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

__all__ = ["RODAS3", "RODAS4", "RODAS4P2", "RODAS5P", "ROS34PW2", "ROS34PW3", "TABLEAUS", "Tableau"]

Array = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Tableau:
    """One Rosenbrock method in the form of the module docstring; every number is dimensionless.

    Attributes
    ----------
    name : str
    order, embedded_order : int
        Order of the step and of the solution the error estimate compares it with.
    w_order : int
        Order of the step when J is only an approximation (dF/dt exact).
    gamma : float
        Diagonal coefficient, the same for every stage.
    alpha, gamma_sum : ndarray (s,)
        Where in the step stage i evaluates F, and its weight of dF/dt (gamma_i).
    a, c : ndarray (s, s)
        Strictly lower triangular.
    m, e : ndarray (s,)
        Weights of the step and of its error estimate.
    dense : ndarray (rows, s)
        Dense output; no rows where the method has none.

    Examples
    --------
    >>> from thermalsat.tableaus import RODAS4
    >>> RODAS4.stages, RODAS4.order, RODAS4.stiffly_accurate
    (6, 4, True)
    """

    name: str
    order: int
    embedded_order: int
    w_order: int
    gamma: float
    alpha: Array
    gamma_sum: Array
    a: Array
    c: Array
    m: Array
    e: Array
    dense: Array

    @property
    def stages(self) -> int:
        """Number of stages s."""
        return len(self.m)

    @property
    def stiffly_accurate(self) -> bool:
        """True if the step is the last stage's argument plus u_s, so algebraic unknowns end in balance."""
        last = np.append(self.a[-1, :-1], 1.0)
        return bool(np.allclose(self.m, last, rtol=0.0, atol=1e-13) and abs(self.alpha[-1] - 1.0) < 1e-13)

    def classical(self) -> tuple[Array, Array, Array]:
        """Return the method as (A, Gamma, b): k_i = h f(y + sum_j A_ij k_j) + h J sum_j Gamma_ij k_j."""
        inverse = np.eye(self.stages) / self.gamma - self.c
        gamma: Array = np.asarray(np.linalg.inv(inverse), dtype=np.float64)
        return self.a @ gamma, gamma, self.m @ gamma


def _read_only(rows: Any) -> Array:
    array = np.ascontiguousarray(rows, dtype=np.float64)
    array.setflags(write=False)
    return array


def _lower(*rows: tuple[float, ...]) -> Array:
    """Square matrix from the rows below the diagonal, the first (empty) row left out."""
    size = len(rows) + 1
    matrix = np.zeros((size, size))
    for i, row in enumerate(rows, start=1):
        matrix[i, :i] = row
    return matrix


def _stiffly_accurate(
    name: str,
    order: int,
    w_order: int,
    *,
    gamma: float,
    alpha: Any,
    gamma_sum: Any,
    a: Array,
    c: Array,
    dense: Any,
) -> Tableau:
    """Build a method whose step is its last stage: m is the last row of a and 1, the error u_s alone."""
    stages = len(a)
    m = a[-1].copy()
    m[-1] = 1.0
    e = np.zeros(stages)
    e[-1] = 1.0
    return Tableau(
        name=name,
        order=order,
        embedded_order=order - 1,
        w_order=w_order,
        gamma=gamma,
        alpha=_read_only(alpha),
        gamma_sum=_read_only(gamma_sum),
        a=_read_only(a),
        c=_read_only(c),
        m=_read_only(m),
        e=_read_only(e),
        dense=_read_only(np.asarray(dense, dtype=np.float64).reshape(-1, stages)),
    )


def _from_classical(
    name: str, order: int, *, gamma: float, a: Array, g: Array, b: Any, b_hat: Any
) -> Tableau:
    """Convert a W-method from its published form: a = A Gamma^-1, c = 1/gamma - Gamma^-1, m = b Gamma^-1."""
    full = g + gamma * np.eye(len(a))
    inverse = np.linalg.inv(full)
    strictly_lower = np.tril(np.ones_like(a), -1)
    return Tableau(
        name=name,
        order=order,
        embedded_order=2,
        w_order=3,
        gamma=gamma,
        alpha=_read_only(a.sum(axis=1)),
        gamma_sum=_read_only(full.sum(axis=1)),
        a=_read_only((a @ inverse) * strictly_lower),
        c=_read_only(-inverse * strictly_lower),
        m=_read_only(np.asarray(b) @ inverse),
        e=_read_only((np.asarray(b) - np.asarray(b_hat)) @ inverse),
        dense=_read_only(np.zeros((0, len(a)))),
    )


# fmt: off
_RODAS4_LAST = (1.221224509226641, 6.019134481288629, 12.53708332932087, -0.6878860361058950)
RODAS4 = _stiffly_accurate(  # [1]
    "RODAS4", 4, 1,
    gamma=0.25,
    alpha=(0.0, 0.386, 0.21, 0.63, 1.0, 1.0),
    gamma_sum=(0.25, -0.1043, 0.1035, -0.0362, 0.0, 0.0),
    a=_lower(
        (1.544,),
        (0.9466785280815826, 0.2557011698983284),
        (3.314825187068521, 2.896124015972201, 0.9986419139977817),
        _RODAS4_LAST,
        (*_RODAS4_LAST, 1.0),
    ),
    c=_lower(
        (-5.6688,),
        (-2.430093356833875, -0.2063599157091915),
        (-0.1073529058151375, -9.594562251023355, -20.47028614809616),
        (7.496443313967647, -10.24680431464352, -33.99990352819905, 11.70890893206160),
        (8.083246795921522, -7.981132988064893, -31.52159432874371, 16.31930543123136, -6.058818238834054),
    ),
    dense=(
        (10.12623508344586, -7.487995877610167, -34.80091861555747, -7.992771707568823,
         1.025137723295662, 0.0),
        (-0.6762803392801253, 6.087714651680015, 16.43084320892478, 24.76722511418386,
         -6.594389125716872, 0.0),
    ),
)

RODAS3 = _stiffly_accurate(  # [2]
    "RODAS3", 3, 1,
    gamma=0.5,
    alpha=(0.0, 0.0, 1.0, 1.0),
    gamma_sum=(0.5, 1.5, 0.0, 0.0),
    a=_lower((0.0,), (2.0, 0.0), (2.0, 0.0, 1.0)),
    c=_lower((4.0,), (1.0, -1.0), (1.0, -1.0, -8.0 / 3.0)),
    dense=(),
)

_RODAS4P2_LAST = (7.089566927282776, 4.573591406461604, -8.423496976860259, -0.959280113459775)
RODAS4P2 = _stiffly_accurate(  # [3]
    "RODAS4P2", 4, 2,
    gamma=0.25,
    alpha=(0.0, 0.75, 0.321448134013046, 0.519745732277726, 1.0, 1.0),
    gamma_sum=(0.25, -0.5, -0.189532918363016, 0.085612108792769, 0.0, 0.0),
    a=_lower(
        (3.0,),
        (0.906377755268814, -0.189707390391685),
        (3.758617027739064, 1.161741776019525, -0.849258085312803),
        _RODAS4P2_LAST,
        (*_RODAS4P2_LAST, 1.0),
    ),
    c=_lower(
        (-12.0,),
        (-6.354581592719008, 0.338972550544623),
        (-8.575016317114033, -7.606483992117508, 12.224997650124820),
        (-5.888975457523102, -8.157396617841821, 24.805546872612922, 12.790401512796979),
        (-4.408651676063871, -6.692003137674639, 24.625568527593117, 16.627521966636085, -5.714285714285718),
    ),
    dense=(
        (-5.323528268423303, -10.042123754867493, 17.175254928256965, -5.079931171878093,
         -0.016185991706112, 0.0),
        (6.984505741529879, 6.914061169603662, -0.849178943070653, 18.104410789349338,
         -3.516963011559032, 0.0),
    ),
)

_RODAS5P_LAST: tuple[float, ...] = (-7.502846399306121, 2.561846144803919, -11.627539656261098)
_RODAS5P_LAST += (-0.18268767659942256, 0.030198172008377946)
RODAS5P = _stiffly_accurate(  # [4]
    "RODAS5P", 5, 2,
    gamma=0.21193756319429014,
    alpha=(0.0, 0.6358126895828704, 0.4095798393397535, 0.9769306725060716, 0.4288403609558664,
           1.0, 1.0, 1.0),
    gamma_sum=(0.21193756319429014, -0.42387512638858027, -0.3384627126235924, 1.8046452872882734,
               2.325825639765069, 0.0, 0.0, 0.0),
    a=_lower(
        (3.0,),
        (2.849394379747939, 0.45842242204463923),
        (-6.954028509809101, 2.489845061869568, -10.358996098473584),
        (2.8029986275628964, 0.5072464736228206, -0.3988312541770524, -0.04721187230404641),
        _RODAS5P_LAST,
        (*_RODAS5P_LAST, 1.0),
        (*_RODAS5P_LAST, 1.0, 1.0),
    ),
    c=_lower(
        (-14.155112264123755,),
        (-17.97296035885952, -2.859693295451294),
        (147.12150275711716, -1.41221402718213, 71.68940251302358),
        (165.43517024871676, -0.4592823456491126, 42.90938336958603, -5.961986721573306),
        (24.854864614690072, -3.0009227002832186, 47.4931110020768, 5.5814197821558125, -0.6610691825249471),
        (30.91273214028599, -3.1208243349937974, 77.79954646070892, 34.28646028294783, -19.097331116725623,
        -28.087943162872662),
        (37.80277123390563, -3.2571969029072276, 112.26918849496327, 66.9347231244047, -40.06618937091002,
        -54.66780262877968, -9.48861652309627),
    ),
    dense=(
        (25.948786856663858, -2.5579724845846235, 10.433815404888879, -2.3679251022685204,
        0.524948541321073, 1.1241088310450404, 0.4272876194431874, -0.17202221070155493),
        (-9.91568850695171, -0.9689944594115154, 3.0438037242978453, -24.495224566215796,
        20.176138334709044, 15.98066361424651, -6.789040303419874, -6.710236069923372),
        (11.419903575922262, 2.8879645146136994, 72.92137995996029, 80.12511834622643,
        -52.072871366152654, -59.78993625266729, -0.15582684282751913, 4.883087185713722),
    ),
)

ROS34PW2 = _from_classical(  # [5]
    "ROS34PW2", 3, gamma=0.43586652150845900,
    a=_lower((0.87173304301691801,), (0.84457060015369423, -0.11299064236484185), (0.0, 0.0, 1.0)),
    g=_lower(
        (-0.87173304301691801,),
        (-0.90338057013044082, 0.054180672388095326),
        (0.24212380706095346, -1.2232505839045147, 0.54526025533510214),
    ),
    b=(0.24212380706095346, -1.2232505839045147, 1.5452602553351020, 0.43586652150845900),
    b_hat=(0.37810903145819369, -0.096042292212423178, 0.5, 0.21793326075422950),
)

ROS34PW3 = _from_classical(  # [5]
    "ROS34PW3", 4, gamma=1.0685790213016289,
    a=_lower(
        (2.5155456020628817,),
        (0.50777280103144085, 0.75),
        (0.13959081404277204, -0.33111001065419338, 0.82040559712714178),
    ),
    g=_lower(
        (-2.5155456020628817,),
        (-0.87991339217106512, -0.96014187766190695),
        (-0.41731389379448741, 0.41091047035857703, -1.3558873204765276),
    ),
    b=(0.22047681286931747, 0.0027828278331185935, 0.0071844787635140066, 0.76955588053404989),
    b_hat=(0.31300297285209688, -0.28946895245112692, 0.97646597959903003, 0.0),
)

# fmt: on

TABLEAUS = {method.name: method for method in (RODAS3, RODAS4, RODAS4P2, RODAS5P, ROS34PW2, ROS34PW3)}
