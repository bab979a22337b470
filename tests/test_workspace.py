"""The workspace on disk: what is read, what is refused, and how build/ is written."""

from __future__ import annotations

import errno
import os
import subprocess
import sys
from datetime import timedelta
from pathlib import Path

import pytest

from campcompile.errors import (
    BundleError,
    BusyError,
    CampcompileError,
    NoWorkspaceError,
    OccupiedError,
    UnreadableError,
)
from campcompile.workspace import READ_AT_MOST, create, find_root, read, settle, write_bundle
from campcompile.workspace.lock import locked
from tests.workspace import lay

ONE = {
    "index.json": b"one",
    "ap71/manifest.json": b"m1",
    "ap71/emails/a.en.html": b"<p>1</p>",
    "ap71/emails/b.en.html": b"same",
}
TWO = {
    "index.json": b"two",
    "ap71/manifest.json": b"m2",
    "ap71/emails/a.en.html": b"<p>2</p>",
    "ap71/emails/b.en.html": b"same",
    "nl20/manifest.json": b"n2",
}


@pytest.fixture
def root(tmp_path: Path) -> Path:
    return lay(
        tmp_path / "practice", {"campcompile.yaml": "format: 1\n", "campaigns/news/campaign.yaml": "title: News\n"}
    )


def bundle_in(root: Path) -> dict[str, bytes]:
    build = root / "build"
    return {
        path.relative_to(build).as_posix(): path.read_bytes()
        for path in sorted(build.rglob("*"))
        if path.is_file() and not path.relative_to(build).as_posix().startswith(".")
    }


def complaints(root: Path) -> list[str]:
    with pytest.raises(UnreadableError) as caught:
        read(root)
    return caught.value.message.splitlines()


class TestFindRoot:
    def test_the_nearest_folder_above_counts(self, root: Path) -> None:
        assert find_root(root / "campaigns" / "news" / "campaign.yaml") == root.resolve()
        assert find_root(root) == root.resolve()

    def test_a_workspace_in_a_workspace_is_found_first(self, root: Path) -> None:
        inner = lay(root / "inner", {"campcompile.yaml": ""})
        assert find_root(inner / "campaigns") == inner.resolve()

    def test_without_one_the_error_names_init(self, tmp_path: Path) -> None:
        with pytest.raises(NoWorkspaceError) as caught:
            find_root(tmp_path)
        assert str(tmp_path.resolve()) in caught.value.message
        assert "campcompile init" in caught.value.help


class TestRead:
    def test_only_the_files_of_the_language_are_read_in_order_of_path(self, root: Path) -> None:
        lay(
            root,
            {
                "assets/team.png": b"\x89PNG",
                "assets/deep/team.png": b"\x89PNG",
                "layouts/theme.yaml": "",
                "layouts/blocks/text.mjml": "<mj-text/>",
                "campaigns/news/README.md": "for the compiler to judge",
                "campaigns/news/.campaign.yaml.swp": "no",
                "campaigns/news/fr.yaml~": "no",
                "campaigns/.hidden/campaign.yaml": "no",
                "build/index.json": "no",
                "notes.yaml": "no",
            },
        )
        assert list(read(root).files) == [
            "assets/deep/team.png",
            "assets/team.png",
            "campaigns/news/README.md",
            "campaigns/news/campaign.yaml",
            "campcompile.yaml",
            "layouts/blocks/text.mjml",
            "layouts/theme.yaml",
        ]

    def test_bytes_come_as_they_are(self, root: Path) -> None:
        lay(root, {"campaigns/news/fr.yaml": b"\xef\xbb\xbfa: 1\r\n\xff"})
        assert read(root).files["campaigns/news/fr.yaml"] == b"\xef\xbb\xbfa: 1\r\n\xff"

    def test_a_large_file_is_cut_just_past_the_limit(self, root: Path) -> None:
        lay(root, {"assets/whole.png": b"x" * READ_AT_MOST, "assets/large.png": b"x" * (READ_AT_MOST + 9)})
        files = read(root).files
        assert len(files["assets/whole.png"]) == READ_AT_MOST
        assert len(files["assets/large.png"]) == READ_AT_MOST + 1

    def test_a_decomposed_name_is_read_as_the_composed_one(self, root: Path) -> None:
        lay(root, {"assets/fe\u0302te.png": b"x"})
        assert "assets/f\u00eate.png" in read(root).files

    @pytest.mark.skipif(os.name == "nt", reason="links need a privilege on Windows")
    def test_a_link_inside_the_workspace_is_followed(self, root: Path) -> None:
        (root / "campaigns/news/fr.yaml").symlink_to("campaign.yaml")
        assert read(root).files["campaigns/news/fr.yaml"] == b"title: News\n"


@pytest.mark.skipif(os.name == "nt", reason="POSIX files")
class TestReadAgain:
    """What wasn't written since is not read again; a write is noticed even where it leaves no trace in size or date."""

    @pytest.fixture
    def at_rest(self, root: Path) -> Path:
        for place in root.rglob("*"):
            if place.is_file():
                os.utime(place, (1_700_000_000, 1_700_000_000))
        return root

    def test_what_was_not_written_is_the_same_object(self, at_rest: Path) -> None:
        known = read(at_rest)
        again = read(at_rest, known)
        assert known.files and all(again.files[path] is content for path, content in known.files.items())

    def test_what_was_written_comes_and_goes(self, at_rest: Path) -> None:
        known = read(at_rest)
        lay(at_rest, {"campcompile.yaml": "new: 1\n", "campaigns/news/nb.yaml": "a: 1\n"})
        (at_rest / "campaigns/news/campaign.yaml").unlink()
        again = read(at_rest, known)
        assert again.files == read(at_rest).files
        assert again.files["campcompile.yaml"] == b"new: 1\n"

    def test_two_writes_of_one_size_in_one_tick_of_the_clock_are_two(self, root: Path) -> None:
        place = root / "campcompile.yaml"
        known = read(root)
        for digit in range(20):
            place.write_bytes(b"a: %d" % (digit % 10))
            known = read(root, known)
            assert known.files["campcompile.yaml"] == place.read_bytes()

    def test_a_file_that_may_not_be_read_any_more_is_found(self, at_rest: Path) -> None:
        known = read(at_rest)
        (at_rest / "campaigns/news/campaign.yaml").unlink()
        (at_rest / "campaigns/news/campaign.yaml").symlink_to("/etc/hostname")
        with pytest.raises(UnreadableError, match="leads out of the workspace"):
            read(at_rest, known)


class TestRefusedFiles:
    def test_a_link_out_of_the_workspace(self, root: Path) -> None:
        lay(root.parent, {"secret.yaml": "secret"})
        (root / "campaigns/news/fr.yaml").symlink_to(root.parent / "secret.yaml")
        assert complaints(root) == ["campaigns/news/fr.yaml is a link that leads out of the workspace"]

    def test_a_link_to_a_hidden_file(self, root: Path) -> None:
        lay(root, {".git/config": "x"})
        (root / "campaigns/news/fr.yaml").symlink_to("../../.git/config")
        assert complaints(root) == ["campaigns/news/fr.yaml is a link to a hidden file"]

    def test_a_link_to_a_folder(self, root: Path) -> None:
        (root / "campaigns/loop").symlink_to("..")
        (root / "layouts").symlink_to("/etc")
        assert complaints(root) == [
            "campaigns/loop is a link to a folder: put the folder itself there",
            "layouts is a link to a folder: put the folder itself there",
        ]

    def test_a_link_to_nothing_and_a_loop_of_links(self, root: Path) -> None:
        (root / "assets").mkdir()
        (root / "assets/gone.png").symlink_to("nowhere.png")
        (root / "assets/loop.png").symlink_to("loop.png")
        gone, loop = complaints(root)
        assert gone == "assets/gone.png can't be read: no such file or directory"
        assert loop.startswith("assets/loop.png can't be read: ")

    def test_a_folder_where_a_file_belongs(self, root: Path) -> None:
        (root / "campaigns/recall/campaign.yaml").mkdir(parents=True)
        assert complaints(root) == [
            "campaigns/recall/campaign.yaml is a folder with a file's name: rename it, and put the file there"
        ]

    def test_a_pipe_is_not_waited_for(self, root: Path) -> None:
        os.mkfifo(root / "campaigns/news/fr.yaml")
        assert complaints(root) == ["campaigns/news/fr.yaml is no ordinary file"]

    def test_a_device_behind_a_link_is_not_read(self, root: Path) -> None:
        (root / "campaigns/news/fr.yaml").symlink_to("/dev/zero")
        assert complaints(root) == ["campaigns/news/fr.yaml is a link that leads out of the workspace"]

    def test_no_permission(self, root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        real_open = os.open

        def refuse(path: object, *args: int, **kwargs: int) -> int:
            if str(path).endswith("campaign.yaml"):
                raise PermissionError(errno.EACCES, os.strerror(errno.EACCES), path)
            return real_open(path, *args, **kwargs)  # type: ignore[call-overload]

        monkeypatch.setattr(os, "open", refuse)
        assert complaints(root) == ["campaigns/news/campaign.yaml can't be read: permission denied"]


class TestRefusedNames:
    def test_an_expected_name_in_capitals(self, root: Path) -> None:
        lay(root, {"campaigns/recall/Campaign.yaml": "", "Layouts/clinic.mjml": ""})
        assert complaints(root) == [
            "Layouts must be named `layouts`: capital letters count on other systems",
            "campaigns/recall/Campaign.yaml must be named `campaign.yaml`: capital letters count on other systems",
        ]

    def test_two_names_that_differ_by_case(self, root: Path) -> None:
        lay(root, {"assets/Team.png": b"1", "assets/team.png": b"2"})
        if len(list((root / "assets").iterdir())) == 1:
            pytest.skip("this file system knows no case")
        assert complaints(root) == [
            "assets/team.png and `Team.png` are one name on Windows and macOS: rename one of them"
        ]

    @pytest.mark.skipif(sys.platform != "linux", reason="only Linux can hold such names")
    def test_names_that_no_other_system_holds_are_shown_escaped(self, root: Path) -> None:
        lay(root, {"campaigns/a\x1b[31m/campaign.yaml": "", "assets/a:b.png": "", "campaigns/c /campaign.yaml": ""})
        (root / os.fsdecode(b"assets/\xff.png")).write_bytes(b"")
        advice = "has a name that other systems can't hold: use letters, digits, `-`, `_` and `.`"
        assert complaints(root) == [
            f"assets/a:b.png {advice}",
            f"assets/\\udcff.png {advice}",
            f"campaigns/a\\x1b[31m {advice}",
            f"campaigns/c  {advice}",
        ]


class TestCreate:
    def test_new_files_are_written_and_equal_ones_left(self, root: Path) -> None:
        assert create(root, {"a/b.yaml": b"1", "campcompile.yaml": b"format: 1\n"}) == ("a/b.yaml",)
        assert (root / "a/b.yaml").read_bytes() == b"1"

    def test_nothing_is_written_over_somebodys_file(self, root: Path) -> None:
        with pytest.raises(OccupiedError, match=r"campcompile\.yaml is there already"):
            create(root, {"a.yaml": b"1", "campcompile.yaml": b"other"})
        assert not (root / "a.yaml").exists()

    def test_replace_writes_over(self, root: Path) -> None:
        assert create(root, {"campcompile.yaml": b"other"}, replace=True) == ("campcompile.yaml",)
        assert [path.name for path in root.iterdir() if path.is_file()] == ["campcompile.yaml"]

    @pytest.mark.skipif(os.name == "nt", reason="links need a privilege on Windows")
    def test_a_link_out_of_the_folder_is_refused(self, root: Path, tmp_path: Path) -> None:
        (root / "schemas").symlink_to(tmp_path, target_is_directory=True)
        with pytest.raises(CampcompileError, match="a link leads out"):
            create(root, {"schemas/new/x.json": b"1"})
        assert not (tmp_path / "new").exists()


class TestWriteBundle:
    def test_the_bundle_is_what_was_given(self, root: Path) -> None:
        written = write_bundle(root, ONE)
        assert bundle_in(root) == ONE
        assert (written.changed, written.deleted, written.unchanged) == (tuple(sorted(ONE)), (), 0)

    def test_unchanged_files_are_not_touched(self, root: Path) -> None:
        write_bundle(root, ONE)
        before = {path: (root / "build" / path).stat().st_mtime_ns for path in ONE}
        assert write_bundle(root, ONE).changed == ()
        written = write_bundle(root, {**ONE, "index.json": b"three"})
        after = {path: (root / "build" / path).stat().st_mtime_ns for path in ONE}
        assert written.changed == ("index.json",)
        assert [path for path in ONE if before[path] != after[path]] == ["index.json"]

    def test_what_is_no_longer_of_the_bundle_goes_with_its_folder(self, root: Path) -> None:
        write_bundle(root, TWO)
        assert write_bundle(root, ONE).deleted == ("nl20/manifest.json",)
        assert bundle_in(root) == ONE
        assert not (root / "build/nl20").exists()

    def test_somebodys_own_file_stays(self, root: Path) -> None:
        write_bundle(root, TWO)
        lay(root, {"build/nl20/outbox/1.eml": "mine"})
        write_bundle(root, ONE)
        assert bundle_in(root) == {**ONE, "nl20/outbox/1.eml": b"mine"}

    def test_with_merge_the_other_campaigns_stay(self, root: Path) -> None:
        part = {"index.json": b"3", "ap71/manifest.json": b"m3"}
        write_bundle(root, TWO)
        write_bundle(root, part, merge=lambda old, new: old + new)
        assert bundle_in(root) == {"index.json": b"two3", "ap71/manifest.json": b"m3", "nl20/manifest.json": b"n2"}
        write_bundle(root, ONE)
        assert bundle_in(root) == ONE

    def test_there_is_nothing_to_merge_with_at_first(self, root: Path) -> None:
        write_bundle(root, ONE, merge=lambda old, new: b"never")
        assert bundle_in(root) == ONE

    def test_nothing_of_the_writing_is_left_behind(self, root: Path) -> None:
        write_bundle(root, ONE)
        write_bundle(root, TWO)
        assert sorted(path.name for path in (root / "build").glob(".*")) == [".files.json", ".lock"]

    def test_the_index_is_moved_last_and_manifests_before_it(self, root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        moves: list[str] = []
        real = Path.replace
        monkeypatch.setattr(Path, "replace", lambda self, to: (moves.append(Path(to).name), real(self, to))[1])
        write_bundle(root, TWO)
        assert moves[-3:] == ["manifest.json", "manifest.json", "index.json"]

    def test_a_path_out_of_build_is_our_fault(self, root: Path) -> None:
        for path in ("../x", "/x", "a/../../x", ".lock", "a\\b", "", "a//b", "a/.x"):
            with pytest.raises(AssertionError):
                write_bundle(root, {path: b""})

    def test_a_damaged_record_deletes_nothing(self, root: Path) -> None:
        for record in (b"{", b'["../campcompile.yaml", 3]', b"3"):
            write_bundle(root, TWO)
            (root / "build/.files.json").write_bytes(record)
            write_bundle(root, ONE)
            assert (root / "campcompile.yaml").exists()
            assert set(bundle_in(root)) == set(TWO)


@pytest.mark.skipif(os.name == "nt", reason="links need a privilege on Windows")
class TestLinksInBuild:
    def test_build_itself(self, root: Path, tmp_path: Path) -> None:
        (tmp_path / "else").mkdir()
        (root / "build").symlink_to(tmp_path / "else")
        with pytest.raises(BundleError, match="is a link"):
            write_bundle(root, ONE)
        assert not list((tmp_path / "else").iterdir())

    @pytest.mark.parametrize("name", ["ap71", "ap71/emails"])
    def test_a_folder_in_it(self, root: Path, tmp_path: Path, name: str) -> None:
        (tmp_path / "else").mkdir()
        (root / "build/ap71").mkdir(parents=True)
        if name == "ap71":
            (root / "build/ap71").rmdir()
        (root / "build" / name).symlink_to(tmp_path / "else")
        with pytest.raises(BundleError, match="is a link"):
            write_bundle(root, ONE)
        assert not list((tmp_path / "else").iterdir())

    @pytest.mark.parametrize("name", [".next", ".lock", ".intent.json", ".intent.json.new"])
    def test_our_own_names(self, root: Path, tmp_path: Path, name: str) -> None:
        target = tmp_path / "else"
        target.mkdir() if name == ".next" else target.write_bytes(b"mine")
        (root / "build").mkdir()
        (root / "build" / name).symlink_to(target)
        try:
            write_bundle(root, ONE)
        except BundleError:
            assert name in (".lock", ".intent.json")
        assert not list(target.iterdir()) if name == ".next" else target.read_bytes() == b"mine"

    def test_a_file_that_is_a_link_is_replaced_not_written_through(self, root: Path) -> None:
        lay(root, {"build/ap71/x": ""})
        (root / "build/index.json").symlink_to(root / "campcompile.yaml")
        write_bundle(root, ONE)
        assert (root / "campcompile.yaml").read_bytes() == b"format: 1\n"
        assert not (root / "build/index.json").is_symlink()


class TestTroubleWhileWriting:
    def fail_at(self, monkeypatch: pytest.MonkeyPatch, name: str, number: int) -> None:
        real = Path.write_bytes

        def write(self: Path, data: bytes) -> int:
            if self.name == name:
                real(self, data[: len(data) // 2])
                raise OSError(number, os.strerror(number), str(self))
            return real(self, data)

        monkeypatch.setattr(Path, "write_bytes", write)

    @pytest.mark.parametrize(
        ("number", "words"), [(errno.ENOSPC, "no space left on device"), (errno.EROFS, "read-only file system")]
    )
    def test_the_old_bundle_is_whole(
        self, root: Path, monkeypatch: pytest.MonkeyPatch, number: int, words: str
    ) -> None:
        write_bundle(root, ONE)
        with monkeypatch.context() as patch:
            self.fail_at(patch, "manifest.json", number)
            with pytest.raises(BundleError) as caught:
                write_bundle(root, TWO)
        assert caught.value.message == f"build/ can't be written: {words}"
        assert "the old bundle is untouched" in caught.value.help
        assert bundle_in(root) == ONE
        assert not (root / "build/.next").exists()

    @pytest.mark.skipif(os.name == "nt", reason="POSIX limits")
    def test_a_write_that_the_system_cuts_short(self, root: Path) -> None:
        write_bundle(root, ONE)
        script = (
            "import resource, signal, sys; from pathlib import Path\n"
            "from campcompile.workspace import write_bundle\n"
            "signal.signal(signal.SIGXFSZ, signal.SIG_IGN); resource.setrlimit(resource.RLIMIT_FSIZE, (1000, 1000))\n"
            "try: write_bundle(Path(sys.argv[1]), {'index.json': b'x' * 5000})\n"
            "except Exception as error: print(type(error).__name__, error)\n"
        )
        done = subprocess.run([sys.executable, "-c", script, str(root)], capture_output=True, text=True, check=True)
        assert done.stdout == "BundleError build/ can't be written: file too large\n"
        assert bundle_in(root) == ONE

    def test_after_the_commit_the_next_command_finishes(self, root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        write_bundle(root, ONE)
        real = Path.replace

        def replace(self: Path, to: Path) -> Path:
            if to.name == "manifest.json":
                raise OSError(errno.EIO, os.strerror(errno.EIO))
            return real(self, to)

        with monkeypatch.context() as patch:
            patch.setattr(Path, "replace", replace)
            with pytest.raises(BundleError) as caught:
                write_bundle(root, TWO)
        assert "the next command puts it in place" in caught.value.help
        assert settle(root) is True
        assert bundle_in(root) == TWO
        assert settle(root) is False

    def test_a_folder_where_a_file_belongs(self, root: Path) -> None:
        lay(root, {"build/index.json/x": ""})
        with pytest.raises(BundleError, match="is a folder"):
            write_bundle(root, ONE)

    def test_a_file_where_build_belongs(self, root: Path) -> None:
        lay(root, {"build": "x"})
        with pytest.raises(BundleError, match="can't be written"):
            write_bundle(root, ONE)

    @pytest.mark.parametrize(
        "intent",
        [
            b"{",
            b"[]",
            b'{"version": 1, "moves": ["../campcompile.yaml"], "deletions": []}',
            b'{"version": 1, "moves": [], "deletions": ["../campcompile.yaml"]}',
            b'{"version": 1, "moves": ["ap71/gone"], "deletions": []}',
            b'{"version": 2, "moves": [], "deletions": []}',
            b'{"version": 1, "moves": [3], "deletions": []}',
        ],
    )
    def test_an_intent_that_is_not_ours_moves_nothing(self, root: Path, intent: bytes) -> None:
        write_bundle(root, ONE)
        (root / "build/.intent.json").write_bytes(intent)
        with pytest.raises(BundleError, match="changed by hand"):
            settle(root)
        assert (root / "campcompile.yaml").exists()


class TestLock:
    def test_a_second_writer_waits_a_little_and_says_so(self, root: Path) -> None:
        write_bundle(root, ONE)
        with locked(root / "build/.lock", timedelta(0)), pytest.raises(BusyError, match="another campcompile"):
            write_bundle(root, TWO, patience=timedelta(seconds=0.1))
        assert bundle_in(root) == ONE

    def test_a_reader_does_not_wait_while_another_stages(self, root: Path) -> None:
        write_bundle(root, ONE)
        with locked(root / "build/.lock", timedelta(0)):
            assert settle(root, patience=timedelta(0)) is False

    def test_a_lock_file_that_is_left_over_locks_nobody_out(self, root: Path) -> None:
        lay(root, {"build/.lock": ""})
        write_bundle(root, ONE, patience=timedelta(0))

    def test_two_writers_at_once_leave_one_whole_bundle(self, root: Path) -> None:
        script = (
            "import sys; from pathlib import Path; from campcompile.workspace import write_bundle\n"
            "bundle = {f'c/{i}.html': sys.argv[2].encode() * 50 for i in range(9)}\n"
            "for n in range(15): write_bundle(Path(sys.argv[1]), bundle)\n"
        )
        writers = [subprocess.Popen([sys.executable, "-c", script, str(root), name]) for name in ("one", "two")]
        assert [writer.wait() for writer in writers] == [0, 0]
        assert len(set(bundle_in(root).values())) == 1

    def test_settle_without_build_is_nothing_to_do(self, root: Path) -> None:
        assert settle(root) is False
        assert not (root / "build").exists()
