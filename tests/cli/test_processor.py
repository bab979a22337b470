"""Sending runs on one processor, and leaves the process as it was."""

from __future__ import annotations

import os
import sys
from threading import Thread

import pytest

from campcompile.cli.processor import one_processor


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux lets a thread choose its processor")
def test_threads_share_one_processor_until_the_end() -> None:
    before = os.sched_getaffinity(0)
    seen: list[set[int]] = []
    with pytest.raises(KeyError), one_processor():
        thread = Thread(target=lambda: seen.append(os.sched_getaffinity(0)))
        thread.start()
        thread.join()
        raise KeyError
    assert [len(found) for found in seen] == [1]
    assert seen[0] <= before
    assert os.sched_getaffinity(0) == before
