"""Lets these tests import `tests.workspace` and one another by their full names."""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[2]))
