"""``python -m thermalsat`` is the command line."""

import sys

from thermalsat.cli import main

if __name__ == "__main__":
    sys.exit(main())
