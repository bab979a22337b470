"""The workspace on disk: the only room that reads an author's files and writes the bundle.

reading.py takes files in, revisions.py as they were in git; bundle.py puts build/ out (whole or not at all), lock.py
keeps two writers apart, exporting.py writes what a target gets, creating.py lays down new files for `init`, `new` and
`schema --write`, replacing.py changes a file in one step.
"""

from campcompile.workspace.bundle import Written, settle, write_bundle
from campcompile.workspace.creating import create
from campcompile.workspace.exporting import export_folder, write_export
from campcompile.workspace.reading import READ_AT_MOST, WorkspaceFiles, find_root, read
from campcompile.workspace.replacing import replace_files, write_private, write_report

__all__ = [
    "READ_AT_MOST",
    "WorkspaceFiles",
    "Written",
    "create",
    "export_folder",
    "find_root",
    "read",
    "replace_files",
    "settle",
    "write_bundle",
    "write_export",
    "write_private",
    "write_report",
]
