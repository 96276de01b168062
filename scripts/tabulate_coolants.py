"""Write the coolant tables that ship with the package, from CoolProp.

Run ``python scripts/tabulate_coolants.py`` from the project's root with CoolProp installed; it writes
``thermalsat/data/coolants/*.json``. Nothing else of the package needs CoolProp.
"""

import datetime
import json
from pathlib import Path

import CoolProp
import numpy as np

from thermalsat.components.coolprop import tabulate

FOLDER = Path(__file__).parents[1] / "thermalsat" / "data" / "coolants"


def water_vapour(temperature_K):
    """Vapour pressure of water [Pa]."""
    props = CoolProp.CoolProp.PropsSI
    return np.array([props("P", "T", max(t, 273.16), "Q", 0, "Water") for t in temperature_K])


def raoult_pg25(temperature_K):
    """Water above an ideal mixture with 25 % of propylene glycol by mass, whose own vapour is neglected."""
    water, glycol = 0.75 / 18.015268, 0.25 / 76.09442
    vapour = water_vapour(temperature_K)
    below = np.asarray(temperature_K) < 273.16
    # Clausius-Clapeyron from the triple point down: supercooled water, only to keep the curve smooth
    slope = 2.501e6 / 461.52
    vapour[below] = 611.657 * np.exp(slope * (1.0 / 273.16 - 1.0 / np.asarray(temperature_K)[below]))
    return vapour * water / (water + glycol)


def novec_7100(temperature_K):
    """Vapour pressure of HFE-7100 [Pa], 3M product information."""
    return np.exp(22.415 - 3641.9 / np.asarray(temperature_K))


FLUIDS = {
    "ammonia": dict(
        title="ammonia (R717), liquid",
        fluid="Ammonia",
        pressure_Pa=36e5,
        source="Gao et al., J. Phys. Chem. Ref. Data 49 (2020) 013102 (equation of state); Fenghour et al., "
        "J. Phys. Chem. Ref. Data 24 (1995) 1649 (viscosity); Tufeu et al., Ber. Bunsenges. Phys. Chem. 88 "
        "(1984) 422 (conductivity)",
        note="default pressure assumed: the reference design's loop",
    ),
    "water": dict(
        title="water, liquid",
        fluid="Water",
        highest_K=473.15,
        pressure_Pa=3e5,
        source="Wagner and Pruss, J. Phys. Chem. Ref. Data 31 (2002) 387, IAPWS-95 (equation of state); "
        "Huber et al., J. Phys. Chem. Ref. Data 38 (2009) 101 (viscosity); Huber et al., J. Phys. Chem. "
        "Ref. Data 41 (2012) 033102 (conductivity)",
        note="default pressure assumed",
    ),
    "PG25": dict(
        title="propylene glycol in water, 25 % by mass",
        fluid="INCOMP::MPG[0.25]",
        saturation=raoult_pg25,
        pressure_Pa=3e5,
        source="Melinder, Properties of Secondary Working Fluids for Indirect Systems (IIR, 2010), as "
        "fitted in CoolProp's MPG",
        note="vapour pressure derived: Raoult's law with the vapour of water; default pressure assumed; "
        "stated for up to 60 degC by its source and continued to 100 degC",
    ),
    "HFE-7100": dict(
        title="HFE-7100, a dielectric hydrofluoroether",
        fluid="INCOMP::HFE2",
        saturation=novec_7100,
        freezing_K=138.15,
        lowest_K=193.15,
        pressure_Pa=3e5,
        source="3M Novec 7100 Engineered Fluid, product information, as fitted in CoolProp's HFE2; "
        "vapour pressure and pour point from the same sheet",
        note="default pressure assumed",
    ),
}


def main():
    """Write every table."""
    for name, spec in FLUIDS.items():
        spec = dict(spec)
        title, source, note = spec.pop("title"), spec.pop("source"), spec.pop("note")
        pressure_Pa, fluid = spec.pop("pressure_Pa"), spec.pop("fluid")
        table = {
            "name": name,
            "title": title,
            "source": source,
            "note": note,
            "kind": "source",
            "made_with": f"CoolProp {CoolProp.__version__}, {fluid}",
            "date": datetime.date.today().isoformat(),
            "default_pressure_Pa": pressure_Pa,
            **tabulate(fluid, **spec),
        }
        lines = [f"{json.dumps(key)}: {json.dumps(value)}" for key, value in table.items()]
        (FOLDER / f"{name}.json").write_text("{\n" + ",\n".join(lines) + "\n}\n", encoding="utf-8")
        print(f"{name}: {table['temperature_K'][0]:.2f} to {table['temperature_K'][-1]:.2f} K")


if __name__ == "__main__":
    main()
