"""Write the 64x32 reference solutions the tests compare with, from CVODE at rtol 1e-10.

    python benchmarks/fixture.py            # tests/verification/data/reference_64x32.npz

Arrays (temperatures in K; x index first on the plate, as the package returns it):

| name | shape | meaning |
| --- | --- | --- |
| time_s | (77,) | sample times |
| payload_K | (77,) | one orbit from 300 K |
| outlet_K | (77, 16) | the last volume of each tube |
| plate_K | (77, 8, 8) | the plate at cells x_index by y_index |
| x_index, y_index | (8,) | those cells |
| final_plate_K | (64, 32) | the plate at 5700 s |
| final_coolant_K | (16, 64) | the tubes at 5700 s |
| periodic_payload_K | (3, 77) | the periodic orbit for payloads of 2e5, 2e6 and 2e7 J/K |
| periodic_plate_K | (3, 77, 8, 8) | the plate of that orbit at the same cells |
| payload_J_K | (3,) | those payloads |
"""

from __future__ import annotations

from pathlib import Path

import numpy as np
from reference_problem import SAMPLES_S, Panel
from references import PAYLOADS_J_K, reference_samples

TARGET = Path(__file__).parents[1] / "tests" / "verification" / "data" / "reference_64x32.npz"
X_INDEX = np.array([0, 1, 8, 20, 33, 45, 62, 63])
Y_INDEX = np.array([0, 1, 2, 7, 8, 16, 23, 31])


def main() -> None:
    """Collect and write the arrays."""
    panel = Panel(nx=64, ny=32)
    plate, coolant, payload = panel.split(np.asarray(reference_samples(panel, "orbit")))
    chosen = np.ix_(np.arange(SAMPLES_S.size), X_INDEX, Y_INDEX)
    cycles = [
        panel.split(np.asarray(reference_samples(Panel(payload_J_K=heat_capacity), "periodic")))
        for heat_capacity in PAYLOADS_J_K
    ]
    TARGET.parent.mkdir(parents=True, exist_ok=True)
    np.savez_compressed(
        TARGET,
        time_s=SAMPLES_S,
        payload_K=payload,
        outlet_K=coolant[:, :, -1],
        plate_K=plate[chosen],
        x_index=X_INDEX,
        y_index=Y_INDEX,
        final_plate_K=plate[-1],
        final_coolant_K=coolant[-1],
        periodic_payload_K=np.array([cycle[2] for cycle in cycles]),
        periodic_plate_K=np.array([cycle[0][chosen] for cycle in cycles]),
        payload_J_K=np.array(PAYLOADS_J_K),
    )
    print(f"{TARGET}: {TARGET.stat().st_size / 1e3:.0f} kB, payload ends at {payload[-1]:.6f} K")


if __name__ == "__main__":
    main()
