"""The workspace on disk: the only room that reads an author's files and writes the bundle.

reading.py takes files in, bundle.py puts build/ out (whole or not at all), lock.py keeps two writers
apart, creating.py lays down new files for `init`, `new` and `schema --write`.
"""

from campcompile.workspace.bundle import Written, settle, write_bundle
from campcompile.workspace.creating import create
from campcompile.workspace.reading import READ_AT_MOST, WorkspaceFiles, find_root, read

__all__ = ["READ_AT_MOST", "WorkspaceFiles", "Written", "create", "find_root", "read", "settle", "write_bundle"]
