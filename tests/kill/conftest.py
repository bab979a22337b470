"""The bundle made by hand that the runner's tests use."""

from tests.runner.conftest import make_bundle

__all__ = ["make_bundle"]
