"""What the kill tests share with the runner's: a bundle made by hand, and a PostgreSQL server."""

from tests.runner.conftest import make_bundle, server_folder

__all__ = ["make_bundle", "server_folder"]
