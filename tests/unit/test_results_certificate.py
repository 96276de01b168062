"""Certificates and ledgers on their own."""

from __future__ import annotations

import pickle
from dataclasses import FrozenInstanceError, replace

import numpy as np
import pytest

import thermalsat as ts
from thermalsat.results import Certificate, Ledger

SOUND = Certificate(
    energy_residual=3e-15,
    periodic_imbalance=1e-9,
    time_error_K=0.004,
    distance_K=5e-4,
    tolerance_K=0.01,
    closure_K=1e-3,
    margins={"junction": ts.Q(3.0, "K")},
)


def test_a_sound_certificate_has_no_problems():
    assert SOUND.problems() == []
    assert SOUND.time_error.m_as("mK") == pytest.approx(4.0)
    assert SOUND.distance.m_as("mK") == pytest.approx(0.5)
    assert SOUND.mesh_error is None
    assert "sound" in repr(SOUND)
    with pytest.raises(FrozenInstanceError):
        SOUND.energy_residual = 0.0


@pytest.mark.parametrize(
    ("change", "text"),
    [
        ({"energy_residual": -2e-9}, "the energy residual is -2e-09 of the throughput, more than 1e-12"),
        (
            {"periodic_imbalance": 3e-4},
            "the stored energy changes by 0.0003 of the throughput in a period, more than 1e-05",
        ),
        ({"time_error_K": 0.02}, "the time error is an estimated 0.02 K, more than the 0.01 K asked for"),
        (
            {"distance_K": 0.1},
            "the distance to the state is an estimated 0.1 K, more than the 0.001 K asked for",
        ),
        (
            {"margins": {"junction": ts.Q(-1.5, "K"), "depth": 0.1}},
            "the limit 'junction' is exceeded, its margin is -1.5 K",
        ),
        ({"margins": {"depth": -0.25}}, "the limit 'depth' is exceeded, its margin is -0.25"),
        ({"complete": False}, "the run was interrupted before its end"),
    ],
)
def test_each_problem_is_one_sentence(change, text):
    bad = replace(SOUND, **change)
    assert bad.problems() == [text]
    assert "1 problem" in repr(bad)
    assert text in repr(bad)


def test_not_a_number_is_a_problem():
    bad = replace(SOUND, energy_residual=float("nan"), time_error_K=float("nan"))
    assert len(bad.problems()) == 2


def ledger(**changes) -> Ledger:
    return Ledger(
        **(
            {
                "names": ("sun", "sky", "wall"),
                "carried": np.array([10.0, 6.0, 3.0]),
                "external": np.array([1, -1, 0]),
                "stored_change": 3.5,
                "throughput": 100.0,
            }
            | changes
        )
    )


def test_ledger_balance():
    found = ledger()
    assert found.residual.m_as("J") == 0.5
    assert found.residual_relative == 0.005
    assert found.change_of_stored.m_as("J") == 3.5
    assert found.periodic_imbalance == 0.035
    assert dict(found)["sky"] == ts.Q(6.0, "J")
    assert list(found) == ["sun", "sky", "wall"]
    assert len(found) == 3
    with pytest.raises(KeyError, match="no flow is named 'moon'; there are: sun, sky, wall"):
        found["moon"]


def test_ledger_reads_as_a_table():
    lines = repr(ledger()).splitlines()
    assert lines[0] == "<Ledger: 3 flows"
    assert lines[1].split() == ["sun", "10", "J", "in"]
    assert lines[2].split() == ["sky", "6", "J", "out"]
    assert lines[3].split() == ["wall", "3", "J", "inside"]
    assert lines[-1].split() == ["residual", "0.5", "J", "0.005", "relative>"]


def test_they_pickle():
    assert pickle.loads(pickle.dumps(ledger())).residual_relative == 0.005
    assert pickle.loads(pickle.dumps(SOUND)) == SOUND
