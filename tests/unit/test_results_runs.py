"""What is refused before a run, interrupted runs, and the forms that inputs may take."""

from __future__ import annotations

import sys

import numpy as np
import pytest

import thermalsat as ts
from thermalsat import solver
from thermalsat.errors import ConvergenceError, InputError
from thermalsat.laws import Law


def node_with(load, capacity="1e4 J/K") -> ts.ThermalNetwork:
    net = ts.ThermalNetwork()
    node = net.node("node", heat_capacity=capacity, temperature="300 K")
    net.couple(node, net.boundary("sink", temperature="280 K"), conductance="2 W/K")
    net.heat(node, load, name="load")
    return net


STEP = ts.Table(["0 s", "40 s"], ["100 W", "20 W"], kind="step", period="100 s")


def test_steady_with_forcing_needs_a_time_or_the_mean():
    net = node_with(STEP)
    with pytest.raises(InputError, match="`time` or `mean=True` must be given.*load"):
        net.steady()
    assert net.steady(time="10 s")["node"].m_as("K") == pytest.approx(280.0 + 50.0)
    assert net.steady(time="50 s")["node"].m_as("K") == pytest.approx(280.0 + 10.0)
    result = net.steady(mean=True)
    assert result["node"].m_as("K") == pytest.approx(280.0 + 0.5 * (0.4 * 100.0 + 0.6 * 20.0))
    assert result.power("load").m_as("W") == pytest.approx(52.0)
    with pytest.raises(InputError, match="`time` and `mean` must not both be given"):
        solver.steady(net, time_s=1.0, mean=True)


def test_the_mean_needs_periods_that_fit():
    once = ts.Table(["0 s", "100 s"], ["10 W", "20 W"])
    with pytest.raises(InputError, match="`mean` must have periodic forcings, 'load' has no `period`"):
        node_with(once).steady(mean=True)
    net = node_with(STEP)
    net.heat(next(iter(net.parts)), ts.Table(["0 s", "1 s"], ["1 W", "2 W"], kind="step", period="70 s"))
    with pytest.raises(
        InputError, match="`mean` must have periods that fit into each other, got 100 s and 70 s"
    ):
        net.steady(mean=True)


def test_tables_must_cover_the_run():
    net = node_with(ts.Table(["0 s", "100 s"], ["10 W", "20 W"]))
    with pytest.raises(
        InputError, match="`load` must be known from 0 s to 200 s, its table covers 0 s to 100 s"
    ):
        net.transient(duration="200 s")
    with pytest.raises(InputError, match="from 0 s to 150 s"):
        solver.periodic(net, period_s=150.0)
    assert net.transient(duration="100 s").complete


def test_the_period_must_fit_the_forcing():
    with pytest.raises(
        InputError, match="`period` must be a multiple of the period of 'load', 100 s; got 150 s"
    ):
        solver.periodic(node_with(STEP), period_s=150.0)
    result = solver.periodic(node_with(STEP), period_s=200.0)
    assert result.time.m_as("s")[-1] == 200.0


@pytest.mark.parametrize("tolerance_K", [1e-8, float("nan")])
def test_tolerances_out_of_reach_are_refused(tolerance_K):
    with pytest.raises(InputError, match="`tolerance` must be at least 1e-07 K"):
        solver.transient(node_with(STEP), duration_s=10.0, tolerance_K=tolerance_K)
    with pytest.raises(InputError, match="`closure` must be at least 1e-07 K"):
        solver.periodic(node_with(STEP), period_s=100.0, closure_K=tolerance_K)


def test_lengths_and_times_are_checked():
    net = node_with(STEP)
    with pytest.raises(InputError, match="`duration` must be finite and above zero, got -1 s"):
        solver.transient(net, duration_s=-1.0)
    with pytest.raises(InputError, match="`period` must be finite and above zero, got inf s"):
        solver.periodic(net, period_s=float("inf"))
    for times in ([20.0, 10.0], [0.0, 101.0], [np.nan], []):
        with pytest.raises(InputError, match="`times` must increase from 0 s to 100 s at most"):
            solver.transient(net, duration_s=100.0, times_s=np.array(times))


def test_an_initial_state_that_is_not_finite_names_the_unknown():
    with pytest.raises(InputError, match=r"`y` must be finite, got nan at node \(index 0\)"):
        solver.transient(node_with(STEP), duration_s=10.0, initial=np.array([np.nan]))


def test_islands_are_named():
    net = node_with("10 W")
    a, b = net.node("a", heat_capacity="10 J/K"), net.node("b", heat_capacity="10 J/K")
    net.couple(a, b, conductance="1 W/K")
    with pytest.raises(InputError, match=r"a, b exchange\(s\) heat with no boundary"):
        net.steady()
    with pytest.raises(InputError, match=r"a, b exchange\(s\) heat with no boundary"):
        solver.periodic(net, period_s=100.0)


def test_bad_numbers_in_the_bundle_are_named():
    net = node_with("10 W")
    net.parts[0].heat_capacity_J_K = -5.0
    with pytest.raises(InputError, match="`heat_capacity` of node must be finite and not negative, got -5"):
        solver.transient(net, duration_s=10.0)
    net = node_with("10 W")
    object.__setattr__(net.elements[0], "g_W_K", np.nan)
    with pytest.raises(InputError, match="`gl_g` must be finite, got nan at its entry 0"):
        solver.transient(net, duration_s=10.0)


@pytest.mark.parametrize("form", ["quantity", "mapping", "array", "result"])
def test_initial_states_come_in_several_forms(form):
    net = node_with("10 W")
    initial = {
        "quantity": "350 K",
        "mapping": {"node": 350.0},
        "array": np.array([350.0]),
        "result": net.transient(duration="1 s", initial="350 K", times=ts.Q([0.0], "s")),
    }[form]
    result = net.transient(duration="10 s", initial=initial, times=ts.Q([0.0], "s"))
    assert result["node"].m_as("K")[0] == pytest.approx(350.0, abs=0.02)


def long_run() -> ts.ThermalNetwork:
    """A plate in a load that steps 200 times in 1e5 s: enough work to be looked at now and then."""
    net = ts.ThermalNetwork()
    plate = net.plate(
        "plate", size=("1 m", "1 m"), cells=(30, 30), thickness="1 mm", conductivity="200 W/m/K",
        density="2700 kg/m^3", specific_heat="900 J/kg/K", temperature="350 K",
    )  # fmt: skip
    net.radiate(plate.face("front"), net.boundary("sky", temperature="4 K"), emissivity=0.9)
    sun = ts.Table(["0 s", "500 s"], ["1361 W/m^2", "0 W/m^2"], kind="step", period="1000 s")
    net.heat(plate.face("front"), sun)
    return net


def test_an_interrupted_run_keeps_what_was_done():
    def stop(t: float, end: float) -> None:
        if t > 0.1 * end:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt) as caught:
        solver.transient(long_run(), duration_s=1e5, progress=stop)
    partial = caught.value.partial
    assert not partial.complete
    assert "the run was interrupted before its end" in partial.certificate.problems()
    assert 0 < len(partial.time) < 121 + 199
    assert partial.time.m_as("s")[-1] < 1e5
    assert abs(partial.ledger.residual_relative) < 1e-12
    assert "INTERRUPTED" in repr(partial)


def test_progress_is_told_the_time_and_the_end():
    seen = []
    solver.transient(long_run(), duration_s=1e5, progress=lambda t, end: seen.append((t, end)))
    assert len(seen) >= 1
    assert all(0.0 <= t <= end == 1e5 for t, end in seen)


def test_a_periodic_state_that_does_not_exist_is_an_error():
    """A load that is above what is carried off at any temperature."""
    net = ts.ThermalNetwork()
    node = net.node("node", heat_capacity="1e4 J/K", temperature="300 K")
    net.couple(node, net.boundary("sink", temperature="290 K"), conductance="1 W/K")
    net.heat(node, "100 W", law=Law.fit(lambda T: 1.0 + 0.01 * (T - 290.0) ** 2, 200.0, 1000.0, 8))
    with pytest.raises(ConvergenceError, match="node"):
        solver.periodic(net, period_s=1000.0)


def test_batteries_are_anchored_by_name():
    net = node_with("10 W")
    bus = net.bus("bus")
    net.battery("pack", bus, capacity="10 Wh", charge_power="100 W", state_of_energy=0.5)
    net.supply(bus, ts.Table(["0 s", "60 s"], ["50 W", "0 W"], kind="step", period="100 s"), name="array")
    net.supply(bus, "20 W", sign=-1, name="bus load")
    result = solver.periodic(net, period_s=100.0)
    state = result.state_of_energy.m_as("")
    assert state[0] == 0.5
    # 60 s at +30 W, 40 s at -20 W, of 36 kJ
    assert state[-1] - state[0] == pytest.approx((60.0 * 30.0 - 40.0 * 20.0) / 36e3, rel=1e-6)
    assert result.certificate.periodic_imbalance > 1e-5
    with pytest.raises(InputError, match="`anchored` must hold names of batteries: pack; got 'pac'"):
        solver.periodic(net, period_s=100.0, anchored=["pac"])


def test_steps_are_tightened_until_the_estimate_is_within_the_tolerance(monkeypatch):
    net = node_with(STEP, capacity="20 J/K")
    usual = net.transient(duration="400 s", times=ts.Q([400.0], "s"), tolerance="1 mK")
    # not `import ... as`: the package holds functions by the names of its modules
    module = sys.modules["thermalsat.solver.transient"]
    monkeypatch.setattr(module, "LOCAL_PER_TOLERANCE", 1e3)
    again = net.transient(duration="400 s", times=ts.Q([400.0], "s"), tolerance="1 mK")
    assert again.stats["steps"] > 5
    assert again.certificate.time_error_K <= 1e-3
    assert again["node"].m_as("K")[0] == pytest.approx(usual["node"].m_as("K")[0], abs=2e-3)
    monkeypatch.setattr(module, "TIGHTENINGS", 0)
    with pytest.raises(ConvergenceError, match="the estimated time error is .* K at node after 0 repeats"):
        net.transient(duration="400 s", tolerance="1 mK")


def test_imbalance_is_judged_by_the_closure():
    """At 3 K a closure of 1 mK is 3e-4 of the heat stored: sound, where 3e-4 at 300 K is not."""
    net = ts.ThermalNetwork()
    node = net.node("node", heat_capacity="400 J/K", temperature="5 K")
    net.couple(node, net.boundary("sink", temperature="3 K"), conductance="1 W/K")
    net.heat(node, ts.Table(["0 s", "20 s"], ["1 W", "0.2 W"], kind="step", period="60 s"))
    certificate = net.periodic(period="60 s").certificate
    assert certificate.problems() == []
    assert 1e-5 < certificate.imbalance_limit < 1e-3


def test_events_of_batteries_and_valves_are_located():
    """2 Wh at 50 W: from half to .999 in 71.856 s; a valve from half open is at 1e-3 after 5 s ln(500)."""
    net = node_with("10 W")
    bus = net.bus("bus")
    net.battery(
        "pack", bus, capacity="2 Wh", charge_power="50 W", state_of_energy=0.5, taper=Law.constant(1.0)
    )
    net.supply(bus, ts.Table(["0 s", "72 s"], ["50 W", "0 W"], kind="step"), name="array")
    net.valve("valve", net.parts[0], Law.constant(0.0), "5 s")
    start = net.pack({"valve": 0.5, "node": 300.0, "pack": 0.5})
    result = net.transient(duration="72 s", initial=start)
    closed, full = result.events
    assert (closed.name, closed.kind) == ("valve", "closed")
    assert closed.time_s == pytest.approx(5.0 * np.log(500.0), abs=0.2)
    assert (full.name, full.kind) == ("pack", "full")
    assert full.time.m_as("s") == pytest.approx(0.499 * 7200.0 / 50.0, rel=1e-6)
    assert repr(full) == "<Event: pack full at 71.856 s>"


def test_nodes_that_nothing_sets_are_refused_before_any_step():
    net = node_with("10 W")
    pair = [net.node(name) for name in ("left", "right")]
    net.couple(*pair, conductance="1 W/K")
    with pytest.raises(InputError, match="`heat_capacity` of left, right is zero, and nothing with"):
        net.transient(duration="10 s")
    net.couple(pair[0], net.parts[0], conductance="0 W/K")
    with pytest.raises(InputError, match="of left, right is zero"):
        net.transient(duration="10 s")
    net.couple(pair[0], net.parts[0], conductance="1 W/K")
    assert net.transient(duration="10 s")["right"][-1] == net.transient(duration="10 s")["node"][-1]


def test_cells_that_conduct_nothing_are_islands():
    net = node_with("10 W")
    plate = net.plate(
        "plate", size=("1 m", "1 m"), cells=(2, 2), thickness="1 mm", conductivity=("1 W/m/K", "0 W/m/K")
    )
    net.couple(plate.cells[0, 0], net.boundaries[0], conductance="1 W/K")
    with pytest.raises(InputError, match=r"plate\[0, 1\], plate\[1, 1\] exchange\(s\) heat with no boundary"):
        net.steady()


def test_a_stream_without_flow_is_named():
    net = node_with("10 W")
    still = net.mixer("still")
    net.flow(net.boundaries[0], still, capacity_rate="0 W/K")
    net.flow(still, net.parts[0], capacity_rate="1 W/K")
    with pytest.raises(ConvergenceError, match="the temperature of still cannot be found"):
        net.steady()


def test_a_network_of_nothing_is_refused():
    for solve in ("steady", "transient", "periodic"):
        options = {"steady": {}, "transient": {"duration": "1 s"}, "periodic": {"period": "1 s"}}[solve]
        with pytest.raises(InputError, match="`network` must have a part to solve for"):
            getattr(ts.ThermalNetwork(), solve)(**options)


@pytest.mark.parametrize("times", [ts.Q([], "s"), ts.Q([[1.0, 2.0]], "s")])
def test_times_are_a_row(times):
    with pytest.raises(InputError, match="`times` must be a row of at least one time"):
        node_with("10 W").transient(duration="10 s", times=times)


@pytest.mark.parametrize("value", ["27 degC", ts.Q(27.0, "degC"), ts.Q(300.15, "K"), 300.15])
def test_a_mapping_of_initial_values_keeps_their_units(value):
    run = node_with("10 W").transient(duration="1 s", initial={"node": value}, times=ts.Q([0.0], "s"))
    assert run["node"].m_as("K")[0] == pytest.approx(300.15, abs=1e-9)


def test_fields_and_states_of_energy_start_a_run():
    net = node_with("10 W")
    net.plate("plate", size=("1 m", "1 m"), cells=(2, 3), thickness="1 mm", conductivity="1 W/m/K",
              density="1 kg/m^3", specific_heat="1 J/kg/K")  # fmt: skip
    net.battery("battery", net.bus("bus"), capacity="1 kWh", charge_power="1 W")
    field = net.transient(duration="1 s", initial="310 K")["plate"]
    y = net.pack({"plate": field.values[0], "battery": "40 %"})
    assert net.unpack(y)["battery"] == pytest.approx(0.4)
    np.testing.assert_allclose(net.unpack(y)["plate"], 310.0, rtol=1e-12)
    with pytest.raises(ts.units.UnitsError, match="`battery` must be"):
        net.pack({"battery": "40 kWh"})


def test_a_bare_number_is_no_initial_temperature():
    with pytest.raises(ts.units.UnitsError, match="`initial` must be an absolute temperature with a unit"):
        node_with("10 W").transient(duration="1 s", initial=300.0)
