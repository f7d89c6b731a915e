"""Run as ``python -m biobreath``."""

import sys

from biobreath.cli import main

if __name__ == "__main__":
    sys.exit(main())
