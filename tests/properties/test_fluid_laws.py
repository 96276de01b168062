"""Laws of tube flow and coolants that hold for every input."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from thermalsat.components.coolant import Coolant
from thermalsat.physics import correlations as c

reynolds = st.floats(0.0, 5e6)
transition = st.floats(2200.0, 4100.0)
prandtl = st.floats(0.5, 2000.0)
slender = st.floats(0.0, 0.5)


@given(st.one_of(reynolds, transition), prandtl, slender, st.floats(1e-6, 0.5))
def test_nusselt_rises_with_flow_and_prandtl(re, pr, d_over_l, by):
    here = c.nusselt_number(re, pr, d_over_l)
    assert here >= 3.66
    assert c.nusselt_number(re * (1.0 + by), pr, d_over_l) >= here * (1.0 - 1e-13)
    assert c.nusselt_number(re, pr * (1.0 + by), d_over_l) >= here * (1.0 - 1e-13)


@given(st.one_of(reynolds, transition), st.floats(1e-9, 0.5))
def test_pressure_drop_rises_with_flow(re, by):
    assert c.friction_group(re * (1.0 + by)) >= c.friction_group(re) * (1.0 - 1e-14)


@given(st.floats(0.0, 1.0), st.floats(1e-3, 0.1), st.floats(100.0, 2000.0), st.floats(5e-5, 0.5))
def test_pressure_drop_is_odd_in_the_flow(flow, diameter, density, viscosity):
    forward = c.pressure_drop_Pa(flow, diameter, 1.0, density, viscosity)
    assert forward >= 0.0
    assert np.array_equal(c.pressure_drop_Pa(-flow, diameter, 1.0, density, viscosity), -forward)


COOLANTS = [Coolant.preset(name) for name in ("ammonia", "PG25", "water", "HFE-7100")]
anywhere = st.floats(0.0, 1.0)


@given(st.sampled_from(COOLANTS), anywhere, anywhere)
def test_enthalpy_rises_and_its_inverse_undoes_it(coolant, one, two):
    laws = coolant.laws
    low, high = sorted(laws.lowest_K + x * (laws.highest_K - laws.lowest_K) for x in (one, two))
    assert laws.enthalpy(high) >= laws.enthalpy(low)
    for kelvin in (low, high):
        assert abs(laws.temperature(laws.enthalpy_temperature(kelvin)) - kelvin) < 1e-6


@given(st.floats(5.0, 95.0), anywhere)
def test_ammonia_at_any_pressure_is_denser_and_boils_later_under_more(bar, where):
    low, high = Coolant.preset("ammonia", f"{bar} bar"), Coolant.preset("ammonia", f"{bar + 5.0} bar")
    assert high.boiling_K > low.boiling_K
    kelvin = low.lowest_K + where * (low.highest_K - low.lowest_K)
    assert high.laws.density(kelvin) > low.laws.density(kelvin)
    assert high.laws.viscosity(kelvin) > low.laws.viscosity(kelvin)


@given(st.sampled_from(COOLANTS), anywhere, st.floats(0.0, 0.2), st.floats(1e-3, 0.05))
def test_wall_conductance_is_never_below_stagnant(coolant, where, flow, diameter):
    laws = coolant.laws
    kelvin = laws.lowest_K + where * (laws.highest_K - laws.lowest_K)
    at_rest = c.wall_conductance_per_m(0.0, diameter, kelvin, laws)
    assert at_rest > 0.0
    assert c.wall_conductance_per_m(flow, diameter, kelvin, laws) >= at_rest * (1.0 - 1e-14)
