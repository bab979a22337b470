"""A save is told, once, when it is whole; what is no file of the workspace isn't told at all."""

from __future__ import annotations

import threading
import time
from pathlib import Path

from campcompile.preview.watching import Changes, watching


def test_a_burst_of_events_is_one_change() -> None:
    changes = Changes()
    changes.note()
    assert changes.wait()
    changes.note()
    changes.note()
    assert changes.settle(), "what came after the first event is told, once it is quiet"
    assert not changes.settle()
    assert not changes.is_pending
    changes.close()
    assert not changes.wait()


def test_saves_are_noticed_wherever_they_belong(root: Path) -> None:
    (root / "layouts" / "blocks").mkdir()
    with watching(root) as changes:
        for path in ("campaigns/letter/campaign.yaml", "layouts/blocks/new.mjml", "campcompile.yaml", "assets/a.png"):
            place = root / path
            place.write_bytes(b"changed")
            assert _noticed(changes), path
        (root / "campaigns" / "letter").rename(root / "campaigns" / "other")
        assert _noticed(changes)
        (root / "campaigns" / "other" / "campaign.yaml").write_bytes(b"again")
        assert _noticed(changes)


def test_a_room_that_comes_later_is_watched(root: Path) -> None:
    with watching(root) as changes:
        (root / "schemas").mkdir()
        (root / "build").mkdir()
        (root / "build" / "a.txt").write_bytes(b"a")
        assert not _noticed(changes, patience_s=0.2)
    import shutil

    shutil.rmtree(root / "layouts")
    with watching(root) as changes:
        (root / "layouts").mkdir()
        assert _noticed(changes)
        time.sleep(0.05)
        (root / "layouts" / "theme.yaml").write_bytes(b"colours: {}\n")
        assert _noticed(changes)


def test_who_writes_on_and_on_is_answered_in_between() -> None:
    changes, done = Changes(), threading.Event()
    writer = threading.Thread(target=lambda: [changes.note() for _ in iter(lambda: done.wait(0.002), True)])
    writer.start()
    began = time.monotonic()
    assert changes.wait()
    while changes.settle():
        pass
    assert time.monotonic() - began < 1
    assert changes.is_pending or changes.wait(), "what came later is told later"
    done.set()
    writer.join()


def _noticed(changes: Changes, patience_s: float = 5.0) -> bool:
    until = time.monotonic() + patience_s
    while time.monotonic() < until:
        if changes.is_pending:
            changes.wait()
            while changes.settle():
                pass
            return True
        time.sleep(0.005)
    return False
