"""Build of the one extension, `thermalsat._core`, from `ext/`; everything else stands in pyproject.toml.

Environment:

THERMALSAT_DEBUG=1     bounds checks, no optimisation, annotated C in build/cython-debug
THERMALSAT_SANITIZE=1  the same with the address and undefined-behaviour sanitizers (gcc or clang)
"""

import os
import sys
from glob import glob

from Cython.Build import cythonize
from setuptools import Extension, setup

sanitize = os.environ.get("THERMALSAT_SANITIZE") == "1"
debug = sanitize or os.environ.get("THERMALSAT_DEBUG") == "1"

link_flags = []
if sys.platform == "win32":
    flags = ["/Od", "/Zi", "/fp:precise"] if debug else ["/O2", "/fp:precise"]
else:
    # The same bits on every machine: no fused multiply-add, no reordering, no -march.
    flags = [*(["-O0", "-g"] if debug else ["-O3", "-g0"]), "-ffp-contract=off"]
    if sanitize:
        flags += ["-O1", "-fno-omit-frame-pointer", "-fsanitize=address,undefined"]
        link_flags += ["-fsanitize=address,undefined"]

core = Extension(
    "thermalsat._core",
    sources=["ext/core.pyx", *sorted(glob("ext/*.c"))],
    depends=sorted(glob("ext/*.px[di]") + glob("ext/*.h")),
    include_dirs=["ext"],
    extra_compile_args=flags,
    extra_link_args=link_flags,
)

setup(
    ext_modules=cythonize(
        [core],
        include_path=["ext"],
        annotate=debug,
        build_dir="build/cython-debug" if debug else "build/cython",
        compiler_directives={
            "language_level": 3,
            "boundscheck": debug,
            "initializedcheck": debug,
            "wraparound": False,
            "cdivision": True,
            "embedsignature": True,
        },
    )
)
