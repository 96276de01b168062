"""A slab with an insulated back under a periodic flux (Carslaw & Jaeger, Conduction of Heat in Solids, 3.6).

Front temperature over flux: coth(q L) / (k q), q = sqrt(i omega / alpha).
"""

from __future__ import annotations

import numpy as np
import pytest

import thermalsat as ts

PERIOD_S = 5801.0
OMEGA_1_S = 2.0 * np.pi / PERIOD_S


def amplitude_and_lag(result: ts.Result) -> tuple[float, float]:
    """Amplitude [K] and lag [deg] of the front against the sine of the flux, by least squares."""
    t = result.time.m_as("s")
    front = result.temperature("slab.west").m_as("K")[:, 0]
    basis = np.stack([np.ones_like(t), np.sin(OMEGA_1_S * t), np.cos(OMEGA_1_S * t)], axis=1)
    (_, sine, cosine), *_ = np.linalg.lstsq(basis, front, rcond=None)
    return float(np.hypot(sine, cosine)), float(np.degrees(np.arctan2(-cosine, sine)))


def slab():
    net = ts.ThermalNetwork()
    plate = net.plate(
        "slab",
        size=("20 mm", "1 m"),
        cells=(40, 1),
        thickness="1 m",
        conductivity="167 W/m/K",
        density="2700 kg/m^3",
        specific_heat="896 J/kg/K",
    )
    flux = ts.Function(lambda t: 500.0 * np.sin(OMEGA_1_S * t), period=ts.Q(PERIOD_S, "s"), unit="W/m^2")
    net.heat(plate.edge("west"), flux)
    return net, plate


def exact(film_W_m2_K: float) -> complex:
    """Front temperature over the sine of the flux [K], with a film to a constant temperature at the back."""
    q = np.sqrt(1j * OMEGA_1_S * 2700.0 * 896.0 / 167.0)
    s, c, ratio = np.sinh(q * 0.02), np.cosh(q * 0.02), film_W_m2_K / (167.0 * q)
    return complex(500.0 / (167.0 * q) * (c + ratio * s) / (s + ratio * c))


def test_periodic_slab_in_time():
    """Aluminium (167, 2700, 896), 20 mm, +-500 W/m2 over 5801 s: front 9.540971 K, lag 89.8801 deg.

    Its slowest mode lasts 0.6 s, so the second period is the periodic state.
    """
    assert abs(exact(0.0)) == pytest.approx(9.540971, abs=1e-6)
    assert np.degrees(np.angle(exact(0.0))) == pytest.approx(-89.8801, abs=1e-4)
    net, _ = slab()
    times = ts.Q(PERIOD_S + np.linspace(0.0, PERIOD_S, 200), "s")
    result = net.transient(duration=ts.Q(2.0 * PERIOD_S, "s"), times=times, tolerance="0.05 mK")
    amplitude, lag = amplitude_and_lag(result)
    assert amplitude == pytest.approx(9.540971, rel=1e-5)
    assert lag == pytest.approx(89.8801, rel=1e-5)


def test_periodic_slab_solved_for():
    """The same slab by `periodic`, its back held at 300 K through 1 W/m2/K."""
    net, plate = slab()
    net.convect(plate.edge("east"), net.boundary("room", temperature="300 K"), coefficient="1 W/m^2/K")
    times = ts.Q(np.linspace(0.0, PERIOD_S, 200), "s")
    result = net.periodic(period=ts.Q(PERIOD_S, "s"), times=times, tolerance="0.05 mK", closure="0.05 mK")
    amplitude, lag = amplitude_and_lag(result)
    assert amplitude == pytest.approx(abs(exact(1.0)), rel=1e-5)
    assert lag == pytest.approx(-np.degrees(np.angle(exact(1.0))), rel=1e-5)
    assert result["slab"].values_K.mean() == pytest.approx(300.0, abs=0.2)
    assert result.certificate.problems() == []
