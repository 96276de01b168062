"""Coatings, their presets and where the numbers come from."""

import pytest

from thermalsat.components.coating import Coating
from thermalsat.components.provenance import (
    KINDS,
    Sourced,
    load_table,
    preset_names,
    provenance_table,
    sourced_entry,
)
from thermalsat.errors import InputError

# spacecraft handbooks: absorptance new, at the end of life, emittance
PUBLISHED = {
    "Z-93": (0.17, 0.17, 0.92),
    "AZ-93": (0.15, 0.15, 0.91),
    "S13G-LO": (0.20, 0.20, 0.85),
    "white silicate paint": (0.12, 0.14, 0.90),
    "silver-FEP": (0.08, 0.08, 0.78),
    "OSR": (0.07, 0.07, 0.80),
    "black anodize": (0.86, 0.86, 0.86),
    "GaAs cell": (0.88, 0.88, 0.80),
    "silicon cell": (0.75, 0.75, 0.82),
}


@pytest.mark.parametrize("name", PUBLISHED)
def test_presets_hold_the_published_numbers(name):
    coating = Coating.preset(name)
    got = (
        coating.solar_absorptance_at("bol"),
        coating.solar_absorptance_at("eol"),
        coating.emittance_at("eol"),
    )
    assert got == PUBLISHED[name]
    assert all(record.kind == "source" and record.date for record in coating.records)


def test_design_values_of_z93_are_kept_apart_from_the_catalogue():
    design = Coating.preset("z-93 design")
    assert (design.emittance, design.solar_absorptance_at("eol")) == (0.88, 0.25)
    kinds = {record.name.removeprefix("Z-93 design "): record.kind for record in design.records}
    assert kinds == {
        "solar absorptance": "source",
        "solar absorptance eol": "assumed",
        "emittance": "assumed",
    }


def test_a_changed_number_loses_the_presets_source():
    changed = Coating.preset("Z-93").replace(emittance=0.88, source="measured here")
    absorptance, emittance = changed.records
    assert absorptance.kind == "source"
    assert (emittance.kind, emittance.citation, emittance.value) == ("assumed", "measured here", "0.88")


def test_unknown_coating_suggests_the_nearest():
    with pytest.raises(InputError, match="did you mean `AZ-93`"):
        Coating.preset("AZ93")


def test_fractions_are_checked():
    with pytest.raises(InputError, match="`emittance` must be between 0 and 1, got 1.3"):
        Coating(solar_absorptance=0.2, emittance=1.3)
    with pytest.raises(InputError, match='`ageing` must be "bol" or "eol"'):
        Coating.preset("OSR").emittance_at("new")


@pytest.mark.parametrize("table", ["coatings", "materials", "cells"])
def test_every_number_shipped_has_kind_citation_and_date(table):
    data = load_table(table)
    used = set()
    for name in preset_names(table):
        _, values, records = sourced_entry(table, name, table)
        assert len(values) == len(records) > 0
        for record in records:
            assert record.kind in KINDS
            assert record.citation
            assert record.date
        used |= {row[3] for row in data[name].values()}
    assert used == set(data["citations"])


def test_cells_hold_published_efficiencies_with_their_flux():
    # 29.5 % at 1367 W/m^2 and 29.8 % at 1353 W/m^2 are nearly the same cell
    _, azur, _ = sourced_entry("cells", "3G30C", "solar cell")
    _, xtj, _ = sourced_entry("cells", "XTJ", "solar cell")
    power = [
        float(cell["cell_efficiency"].split()[0]) * float(cell["reference_flux"].split()[0])
        for cell in (azur, xtj)
    ]
    assert power[0] == pytest.approx(power[1], rel=1e-3)


def test_sourced_values_print_and_are_checked():
    items = [Sourced(name="area", value="110 m^2", kind="announced", citation="maker", date="2026-06")]
    header, line = provenance_table(items).splitlines()
    assert header.split() == ["name", "value", "kind", "date", "source"]
    assert line.split() == ["area", "110", "m^2", "announced", "2026-06", "maker"]
    with pytest.raises(InputError, match="`kind` must be one of source, announced, derived, assumed"):
        Sourced(name="area", value="1 m^2", kind="guess", citation="me")
    with pytest.raises(InputError, match="`citation` must say where 'area' comes from"):
        Sourced(name="area", value="1 m^2", kind="assumed", citation="")
