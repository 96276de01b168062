"""Materials and their presets."""

import pytest

from thermalsat.components.material import Material
from thermalsat.errors import InputError


def test_aluminium_6061_has_the_typical_values():
    # The Aluminum Association, 6061-T6
    sheet = Material.preset("aluminium 6061")
    assert (sheet.density_kg_m3, sheet.specific_heat_J_kg_K, sheet.conductivity_W_m_K) == (
        2700.0,
        896.0,
        167.0,
    )
    assert sheet.diffusivity_m2_s == pytest.approx(167.0 / (2700.0 * 896.0))
    assert [record.kind for record in sheet.records] == ["source"] * 3


def test_unknown_material_suggests_the_nearest():
    with pytest.raises(InputError, match="did you mean `aluminium 6061`"):
        Material.preset("aluminum 6061")


def test_own_material_needs_units():
    own = Material(density="1 g/cm^3", specific_heat="1 kJ/kg/K", conductivity="2 W/m/K")
    assert own.volumetric_heat_capacity_J_m3_K == pytest.approx(1e6)
    assert own.records[0].kind == "assumed"
    with pytest.raises(InputError, match="`density` must be a density with a unit"):
        Material(density=2700.0, specific_heat="1 kJ/kg/K", conductivity="2 W/m/K")
