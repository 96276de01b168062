"""A published radiator at 20 degC, with the publication's absorptance in the infrared and with Kirchhoff's.

Starcloud, "Why we should train AI in space", v1.03 (2024): 1 m² of panel, both faces at 20 degC (inlet 35,
outlet 5), emittance 0.92, solar absorptance 0.09, the Sun (1366 W/m²) on one face, that face's view of the
Earth 0.25, albedo 0.30, the Earth at -20 degC: emits 770.48, rejects 633.08 W/m². It absorbs the Earth's
infrared with 0.09; with the emittance (Kirchhoff) 584.76 W/m² are left. Both with sigma = 5.67e-8.
"""

from __future__ import annotations

import pytest

import thermalsat as ts

SIGMA = 5.67e-8
PAINT = ts.Coating(name="white paper", solar_absorptance=0.09, emittance=0.92)
VIEW, ALBEDO, SUN_W_m2, EARTH = 0.25, 0.30, 1366.0, "-20 degC"


def panel(kirchhoff: bool) -> ts.ThermalNetwork:
    """One square metre of panel, both faces in one node, whatever it rejects still to be put in."""
    net = ts.ThermalNetwork(stefan_boltzmann=f"{SIGMA} W/m^2/K^4")
    node = net.node("panel", heat_capacity="1 kJ/K", temperature="20 degC")
    space, earth = net.boundary("space", temperature="0 K"), net.boundary("earth", temperature=EARTH)
    face = {"emissivity": PAINT.emittance, "area": "1 m^2"}
    net.radiate(node, space, **face, name="back -> space")
    sunlight = PAINT.solar_absorptance * SUN_W_m2
    net.heat(node, ts.Q(sunlight, "W"), name="sun")
    net.heat(node, ts.Q(sunlight * ALBEDO * VIEW, "W"), name="albedo")
    if kirchhoff:
        net.radiate(node, earth, **face, view_factor=VIEW, name="front -> earth")
        net.radiate(node, space, **face, view_factor=1.0 - VIEW, name="front -> space")
    else:
        net.radiate(node, space, **face, name="front -> space")
        infrared = PAINT.solar_absorptance * VIEW * SIGMA * 253.15**4
        net.heat(node, ts.Q(infrared, "W"), name="infrared")
    return net


@pytest.mark.parametrize(("kirchhoff", "rejected"), [(False, 633.08), (True, 584.76)])
def test_what_a_panel_at_20_degrees_rejects(kirchhoff, rejected):
    net = panel(kirchhoff)
    balance = net.rhs(0.0, net.pack({"panel": 293.15}))[0] * 1e3
    assert -balance == pytest.approx(rejected, abs=0.006)
    flows = net.flows(0.0, net.pack({"panel": 293.15}))
    if not kirchhoff:
        assert flows["back -> space"] + flows["front -> space"] == pytest.approx(770.48, abs=0.006)


@pytest.mark.parametrize(("kirchhoff", "rejected"), [(False, "633.08 W"), (True, "584.76 W")])
def test_the_panel_that_rejects_it_is_at_20_degrees(kirchhoff, rejected):
    net = panel(kirchhoff)
    net.heat(net.layout.part("panel"), rejected, name="computer")
    assert net.steady()["panel"].m_as("degC") == pytest.approx(20.0, abs=0.001)


def test_the_published_figure_is_eight_percent_high():
    found = [-panel(k).rhs(0.0, panel(k).pack({"panel": 293.15}))[0] for k in (False, True)]
    assert found[0] / found[1] - 1.0 == pytest.approx(0.0826, abs=2e-4)
