"""The almanac Sun against ERFA, and epochs as people write them."""

from datetime import UTC, date, datetime, timedelta, timezone

import numpy as np
import pytest

from thermalsat.errors import InputError
from thermalsat.physics.sun import (
    days_since_j2000,
    epoch_text,
    mean_longitude_rad,
    sun_direction,
    sun_distance_au,
)

erfa = pytest.importorskip("erfa")


def test_direction_and_distance_follow_the_erfa_ephemeris_from_1950_to_2050():
    """SOFA/ERFA epv00 (Earth heliocentric) turned by pnm06a to the equator of date."""
    days = np.linspace(-18262.0, 18262.0, 1501)
    heliocentric, _ = erfa.epv00(2451545.0, days)
    sun = -heliocentric["p"]
    distance = np.linalg.norm(sun, axis=-1)
    of_date = np.einsum("nij,nj->ni", erfa.pnm06a(2451545.0, days), sun / distance[:, None])
    ours = sun_direction(days)
    sine, cosine = np.linalg.norm(np.cross(ours, of_date), axis=-1), np.sum(ours * of_date, axis=-1)
    angle = np.degrees(np.arctan2(sine, cosine))
    assert angle.max() < 0.017
    assert np.abs(sun_distance_au(days) - distance).max() < 1e-4


def test_mean_sun_follows_the_simon_1994_mean_longitude():
    """Simon et al. (1994) mean longitude of the Earth, of date, through ERFA fundamental arguments."""
    days = np.array([-9000.0, 0.0, 9700.0])
    t = days / 36525.0
    precession = erfa.fapa03(t)
    expected = erfa.fae03(t) + np.pi + precession
    difference = np.degrees(np.angle(np.exp(1j * (mean_longitude_rad(days) - expected))))
    assert np.abs(difference).max() < 0.012  # 0.0057 of it is aberration


@pytest.mark.parametrize(
    ("epoch", "days"),
    [
        ("2000-01-01T12:00:00", 0.0),
        ("2000-01-01", -0.5),
        (" 2000-01-02T12:00 ", 1.0),
        ("2000-01-01T13:00:00+01:00", 0.0),
        ("2000-01-01T12:00:00Z", 0.0),
        (date(2000, 1, 2), 0.5),
        (datetime(2000, 1, 1, 18), 0.25),
        (datetime(2000, 1, 1, 12, tzinfo=UTC), 0.0),
        (datetime(2000, 1, 1, 7, tzinfo=timezone(timedelta(hours=-5))), 0.0),
    ],
)
def test_epochs_are_read_as_universal_time(epoch, days):
    assert days_since_j2000(epoch) == days


@pytest.mark.parametrize("epoch", ["21 June 2026", "2026-13-01", "", 9668.5, None, ["2026-01-01"]])
def test_an_epoch_that_is_no_date_is_refused(epoch):
    with pytest.raises(InputError, match=r"`epoch` must be an ISO date such as '2026-06-21'"):
        days_since_j2000(epoch)


def test_text_of_an_epoch_reads_back():
    assert epoch_text(days_since_j2000("2026-06-21T12:34:56")) == "2026-06-21T12:34:56"
    assert epoch_text(days_since_j2000("2026-06-21T12:34:56.789")) == "2026-06-21T12:34:56.789"
