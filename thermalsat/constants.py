"""Physical constants: bare floats in SI units, with the source on the line."""

from typing import Final

STEFAN_BOLTZMANN_W_M2_K4: Final = 5.670374419e-8  # CODATA 2018 (exact from h, k, c), Tiesinga et al. (2021)
ZERO_CELSIUS_K: Final = 273.15  # BIPM, The International System of Units, 9th ed. (2019)
STANDARD_GRAVITY_M_S2: Final = 9.80665  # 3rd CGPM (1901), conventional

ASTRONOMICAL_UNIT_M: Final = 149597870700.0  # IAU 2012 Resolution B2, exact
SUN_RADIUS_M: Final = 6.957e8  # IAU 2015 Resolution B3, nominal solar radius
SOLAR_CONSTANT_W_M2: Final = 1361.0  # IAU 2015 Resolution B3, nominal total irradiance at 1 au

EARTH_MU_M3_S2: Final = 398600.4418e9  # WGS 84 / EGM96, Earth with atmosphere
EARTH_RADIUS_M: Final = 6378137.0  # WGS 84 equatorial radius
EARTH_POLAR_RADIUS_M: Final = 6356752.314245  # WGS 84, from a and 1/f = 298.257223563
EARTH_J2: Final = 1.08262668e-3  # EGM96, from the normalised C20 = -484.165371736e-6
EARTH_ROTATION_RAD_S: Final = 7.292115e-5  # WGS 84, in inertial space
TROPICAL_YEAR_S: Final = 365.242190402 * 86400.0  # IERS, useful constants, at J2000
DAY_S: Final = 86400.0  # SI day
J2000_JD: Final = 2451545.0  # IAU: 2000 January 1, 12:00 TT
