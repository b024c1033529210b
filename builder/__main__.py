"""Lets ``python -m builder`` be the command line."""

import sys

from builder.cli import main

sys.exit(main())
