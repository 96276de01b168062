"""The same bits on every machine and in any number of threads (DESIGN section 6, "Deterministic").

The kernels are compiled for several vector widths, one of which is chosen when the module is loaded. A build
without the wider ones stands for the machine that has none.
"""

import os
import platform
import shutil
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from fingerprint import fingerprint

ROOT = Path(__file__).parents[2]
TESTS = ROOT / "tests"


def test_threads_get_the_bits_of_one_thread():
    seeds = list(range(6)) * 2
    alone = [fingerprint(seed) for seed in seeds]
    with ThreadPoolExecutor(4) as pool:
        assert list(pool.map(fingerprint, seeds)) == alone
    assert len(set(alone)) == 6


@pytest.mark.slow
@pytest.mark.skipif(
    not (ROOT / "setup.py").exists()
    or shutil.which("gcc") is None
    or (platform.system(), platform.machine()) != ("Linux", "x86_64"),
    reason="needs the sources, gcc and a machine on which kernels are cloned",
)
def test_wide_vectors_give_the_bits_of_narrow_ones(tmp_path):
    pytest.importorskip("Cython")
    for name in ("ext", "setup.py", "pyproject.toml", "README.md", "LICENSE"):
        copy = shutil.copytree if (ROOT / name).is_dir() else shutil.copy
        copy(ROOT / name, tmp_path / name)
    wide, size = built(tmp_path, "wide", "")
    narrow, smaller = built(tmp_path, "narrow", "-DTHERMALSAT_NO_CLONES")
    assert smaller < 0.97 * size  # the clones are gone
    assert len(set(wide)) == len(wide) == 12
    assert wide == narrow


def built(sources, name, flags):
    """Fingerprints by a build of its own, and the size of its module in bytes."""
    package = sources / name / "thermalsat"
    shutil.copytree(ROOT / "thermalsat", package, ignore=shutil.ignore_patterns("_core.*.so", "__pycache__"))
    (sources / "thermalsat").symlink_to(package)  # where setuptools looks for the package
    command = [sys.executable, "setup.py", "-q", "build_ext", "--force", "--build-lib", str(package.parent)]
    env = os.environ | {"CFLAGS": flags, "CC": "gcc"}
    made = subprocess.run(command, cwd=sources, env=env, capture_output=True, text=True, check=False)
    assert made.returncode == 0, made.stderr[-2000:]
    (sources / "thermalsat").unlink()
    env["PYTHONPATH"] = os.pathsep.join([str(package.parent), str(TESTS)])
    told = subprocess.run(
        [sys.executable, str(TESTS / "fingerprint.py")], env=env, capture_output=True, text=True, check=True
    )
    (module,) = package.glob("_core.*.so")
    loaded, *hashes = told.stdout.split()
    assert Path(loaded) == module
    return hashes, module.stat().st_size
