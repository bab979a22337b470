"""Watching a workspace: tells when somebody begins to save, and when they are done with it."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from watchdog.events import FileSystemEvent, FileSystemEventHandler
from watchdog.observers import Observer
from watchdog.observers.api import BaseObserver

from campcompile.workspace.reading import is_read

_ROOMS = ("assets", "campaigns", "layouts")
_CHANGES = frozenset({"created", "deleted", "modified", "moved"})  # not: opened, closed
_QUIET_S = 0.010  # an editor's save is a burst of events
_AT_MOST_S = 0.050  # somebody who writes on and on is answered in between
_AGAIN_S = 5.0  # a change that nobody told of is found by then: network disks tell of none


class Changes:
    """What was saved since it was last asked for."""

    def __init__(self) -> None:
        self._condition = threading.Condition()
        self._pending = False
        self._first = self._last = 0.0  # of the changes since `wait` was asked
        self._closed = False

    def note(self) -> None:
        with self._condition:
            self._last = time.monotonic()
            self._pending = True
            self._condition.notify_all()

    def close(self) -> None:
        with self._condition:
            self._closed = True
            self._condition.notify_all()

    @property
    def is_pending(self) -> bool:
        return self._pending or self._closed

    def wait(self) -> bool:
        """Wait for a change; False where the watch is over. Who is told may begin, and asks `settle` when done."""
        with self._condition:
            self._condition.wait_for(lambda: self._pending or self._closed, timeout=_AGAIN_S)
            self._first = time.monotonic()
            self._pending = False
            return not self._closed

    def settle(self) -> bool:
        """Wait for quiet after the change; whether more was changed meanwhile.

        Where there is no quiet, what comes later is left for the next `wait`.
        """
        with self._condition:
            while not self._closed:
                now = time.monotonic()
                rest = min(self._last + _QUIET_S, self._first + _AT_MOST_S) - now
                if rest <= 0:
                    break
                self._condition.wait(rest)
            if self._closed or time.monotonic() > self._first + _AT_MOST_S:
                return False
            found, self._pending = self._pending, False
            return found


@contextmanager
def watching(root: Path) -> Iterator[Changes]:
    """Changes of campcompile.yaml and of all in campaigns/, layouts/ and assets/."""
    changes = Changes()
    observer = Observer()
    handler = _Handler(root, changes, observer)
    observer.schedule(handler, str(root))
    for room in _ROOMS:
        handler.take_up(root / room)
    observer.start()
    try:
        yield changes
    finally:
        changes.close()
        observer.stop()
        observer.join(2)


class _Handler(FileSystemEventHandler):
    def __init__(self, root: Path, changes: Changes, observer: BaseObserver) -> None:
        self.root = root
        self.changes = changes
        self.observer = observer

    def take_up(self, room: Path) -> None:
        """Watch a room, now that it is there; the root itself is not watched in depth: who knows what lies in it."""
        if room.is_dir() and not room.is_symlink():
            with suppress(OSError):
                self.observer.schedule(self, str(room), recursive=True)

    def on_any_event(self, event: FileSystemEvent) -> None:
        if event.event_type not in _CHANGES:
            return
        for text in filter(None, (event.src_path, event.dest_path)):
            place = Path(str(text))
            path = place.relative_to(self.root).as_posix() if place.is_relative_to(self.root) else ""
            if path in _ROOMS and event.event_type in ("created", "moved"):
                self.take_up(place)
            if path in _ROOMS or is_read(path):
                self.changes.note()
