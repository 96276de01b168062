"""Many designs of one topology in one call."""

from __future__ import annotations

import numpy as np
import pytest

import thermalsat as ts
from thermalsat.errors import InputError


def panel(area: str = "2 m^2", load: str = "300 W", cells: int = 4) -> ts.ThermalNetwork:
    """A plate with a tube and a payload, in day and night."""
    net = ts.ThermalNetwork()
    plate = net.plate(
        "plate", size=("1 m", "0.2 m"), cells=(cells, 4), thickness="1 mm", conductivity="167 W/m/K",
        density="2700 kg/m^3", specific_heat="896 J/kg/K", temperature="290 K",
    )  # fmt: skip
    space = net.boundary("space", temperature="3 K")
    net.radiate(plate.face("front"), space, emissivity=0.85)
    day = ts.Table(["0 s", "2000 s"], ["200 W/m^2", "0 W/m^2"], kind="step", period="6000 s")
    net.heat(plate.face("front"), day)
    payload = net.node("payload", heat_capacity="20 kJ/K", temperature="300 K")
    net.radiate(payload, space, GR=area)
    tube = net.channel(
        "tube", plate.line(y="0.1 m"), mass_flow="0.01 kg/s", specific_heat="4000 J/kg/K",
        mass_per_length="0.02 kg/m", wall_conductance="100 W/m/K",
    )  # fmt: skip
    net.loop("loop", channels=[tube], node=payload, effectiveness=0.7)
    net.heat(payload, load)
    return net


def test_designs_in_a_batch_get_the_bits_of_designs_alone():
    loads = ["200 W", "300 W", "400 W"]
    batch = ts.periodic_batch([panel(load=load) for load in loads], period="6000 s", threads=2)
    assert batch.ok.all()
    assert len(batch) == 3
    for i, load in enumerate(loads):
        alone = ts.periodic_batch([panel(load=load)], period="6000 s", threads=1)
        assert np.array_equal(
            batch[i].temperature("plate").m_as("K"), alone[0].temperature("plate").m_as("K")
        )
        single = panel(load=load).periodic(period="6000 s", times=alone[0].time)
        assert np.array_equal(
            single.temperature("payload").m_as("K"), batch[i].temperature("payload").m_as("K")
        )
    hottest = batch.extreme("payload").m_as("K")
    assert (np.diff(hottest) > 0.0).all()
    assert abs(batch[1].ledger.residual_relative) < 1e-12


def test_a_design_that_fails_does_not_stop_the_others():
    """A source that grows faster with temperature than emission runs away."""
    good, bad = panel(), panel()
    for net, slope in ((good, 0.0), (bad, 50.0)):
        law = ts_law(slope)
        hot = net.node("hot", heat_capacity="2 kJ/K", temperature="300 K")
        net.radiate(hot, net.boundary("cold", temperature="3 K"), GR="0.1 m^2")
        net.heat(hot, "1 W", law=law, argument=hot, name="feedback")
    batch = ts.periodic_batch([good, bad], period="6000 s", threads=2)
    assert batch.ok.tolist() == [True, False]
    with pytest.raises(type(batch.errors[1])):
        batch[1]
    assert np.isnan(batch.distance.m_as("K")[1])


def ts_law(slope: float):
    from thermalsat.laws import Law

    return Law(x0=200.0, dx=1000.0, coef=[[0.0, slope, 0.0, 0.0]])


def test_networks_of_another_topology_are_refused():
    with pytest.raises(InputError, match=r"`nets\[1\]` must be built as `nets\[0\]` is"):
        ts.periodic_batch([panel(), panel(cells=6)], period="6000 s")


@pytest.mark.parametrize("threads", [0, -1, 1.5])
def test_threads_must_be_a_whole_number(threads):
    with pytest.raises(InputError, match="`threads` must be a whole number"):
        ts.periodic_batch([panel()], period="6000 s", threads=threads)


def test_progress_counts_designs():
    seen = []
    ts.periodic_batch(
        [panel(), panel()], period="6000 s", progress=lambda done, total: seen.append((done, total))
    )
    assert seen[-1] == (2, 2)
