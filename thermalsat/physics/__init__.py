"""Physics in floats and arrays, SI units: no quantities here."""
