from setuptools import setup, Extension
from Cython.Build import cythonize
import glob
ext=Extension("thermalsat._core",["ext/core.pyx"]+sorted(glob.glob("ext/*.c")),include_dirs=["ext"],extra_compile_args=["-O3","-g0","-ffp-contract=off"])
setup(name="x",script_args=["build_ext","--inplace"],packages=[],ext_modules=cythonize([ext],include_path=["ext"],build_dir="build/cython",compiler_directives=dict(language_level=3,boundscheck=False,wraparound=False,initializedcheck=False,cdivision=True,embedsignature=True)))
