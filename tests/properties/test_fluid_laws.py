"""Laws of tube flow and coolants that hold for every input."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

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
