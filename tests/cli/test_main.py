"""Exit codes, and what an author sees when something is wrong that isn't in a campaign."""

from __future__ import annotations

import errno
import os
import subprocess
import sys
import time
from pathlib import Path

import pytest
from click.testing import CliRunner

from campcompile import __version__
from campcompile.cli.commands import COMMANDS, LazyGroup, campcompile

SENTENCES = [sys.executable, "-m", "campcompile.cli.main"]


def shell(*arguments: str, **options: object) -> subprocess.CompletedProcess[str]:
    return subprocess.run([*SENTENCES, *arguments], capture_output=True, text=True, encoding="utf-8", **options)  # type: ignore[call-overload,no-any-return]


class TestExitCodes:
    @pytest.mark.parametrize(
        ("severity", "fail_on", "code"),
        [
            ("none", "error", 0),
            ("none", "info", 0),
            ("error", "error", 1),
            ("error", "warning", 1),
            ("error", "never", 0),
            ("warning", "error", 0),
            ("warning", "warning", 1),
            ("warning", "info", 1),
            ("info", "warning", 0),
            ("info", "info", 1),
            ("info", "never", 0),
        ],
    )
    @pytest.mark.parametrize("format", ["text", "json", "github"])
    def test_lint_fails_at_or_above_the_chosen_severity(
        self, workspace, compiler, run, samples, severity: str, fail_on: str, code: int, format: str
    ) -> None:
        compiler.finds(*samples[severity])
        assert run("lint", "--fail-on", fail_on, "--format", format).code == code

    def test_2_for_a_wrong_option_a_wrong_command_and_no_workspace(self, run, tmp_path, monkeypatch) -> None:
        monkeypatch.chdir(tmp_path)
        assert run("lint", "--colour").code == 2
        assert run("lind").err == "error: no command `lind`: did you mean `lint`?\n  help: campcompile --help\n"
        outcome = run("lint")
        assert (outcome.code, outcome.out) == (2, "")
        assert "campcompile init" in outcome.err

    @pytest.mark.parametrize(
        ("words", "message", "help"),
        [
            (["status"], "`--ledger` is missing", "campcompile status --help"),
            (["status", "--ledger"], "`--ledger` needs a value behind it", "campcompile status --help"),
            (["status", "--ledgr", "x"], "there is no option `--ledgr`",
             "did you mean `--ledger`? campcompile status --help lists them all"),
            (["send", "--zzz"], "there is no option `--zzz`", "campcompile send --help"),
            (["status", "--format", "xml"],
             "`--format`: `xml` is not one of `text`, `json`, `openmetrics`", "campcompile status --help"),
            (["cancel", "--ledger", "x"], "CODE is missing", "campcompile cancel --help"),
            (["send", "no/such"], "MANIFEST: path `no/such` does not exist", "campcompile send --help"),
            (["send", ".", "--connections", "99"],
             "`--connections`: `99` is outside of 1 to 64", "campcompile send --help"),
            (["audit", "--ledger", "x", "two", "three"],
             "nothing is known to do with `two three`", "campcompile audit --help"),
        ],
    )  # fmt: skip
    def test_what_click_finds_wrong_is_told_in_our_words(self, run, words: list[str], message: str, help: str) -> None:
        outcome = run(*words)
        assert (outcome.code, outcome.out) == (2, "")
        assert outcome.err == f"error: {message}\n  help: {help}\n"

    def test_the_program_alone_prints_its_help_and_calls_nothing_an_error(self, run) -> None:
        outcome = run()
        assert (outcome.code, outcome.out) == (2, "")
        assert outcome.err.startswith("Usage: campcompile")
        assert "error:" not in outcome.err

    def test_2_where_the_world_refuses(self, workspace, compiler, run) -> None:
        (workspace / "build").write_text("a file where the folder should be")
        assert run("compile").code == 2

    def test_3_for_our_own_fault_in_one_line_without_its_words(self, workspace, compiler, run) -> None:
        compiler.failure = KeyError("ola.nordmann@pasient.example")
        outcome = run("lint")
        assert (outcome.code, outcome.out) == (3, "")
        assert outcome.err.startswith("error: campcompile failed: KeyError in campcompile.cli.inputs, line ")
        assert "nordmann" not in outcome.err and "Traceback" not in outcome.err
        assert len(outcome.err.splitlines()) == 2

    def test_3_with_the_traceback_for_developers(self, workspace, compiler, run, monkeypatch) -> None:
        monkeypatch.setenv("CAMPCOMPILE_TRACEBACK", "1")
        compiler.failure = RecursionError("deep")
        outcome = run("lint")
        assert outcome.code == 3 and "Traceback" in outcome.err

    def test_3_for_a_panic_of_a_rust_extension(self, workspace, compiler, run) -> None:
        compiler.failure = type("PanicException", (BaseException,), {})("index out of bounds")
        assert run("lint").code == 3

    def test_130_when_interrupted(self, workspace, compiler, run) -> None:
        compiler.failure = KeyboardInterrupt()
        outcome = run("lint")
        assert (outcome.code, outcome.out, outcome.err) == (130, "", "\ninterrupted\n")

    def test_a_real_process_ends_with_the_code(self, tmp_path: Path) -> None:
        assert shell("--version").returncode == 0
        assert shell("lint", cwd=tmp_path).returncode == 2
        assert shell("explain", "no-such-rule", cwd=tmp_path).returncode == 2


class TestTheReaderLeavesEarly:
    def test_the_verdict_stands(self, workspace, compiler, monkeypatch, samples) -> None:
        """`campcompile lint | head -1` with pipefail must not turn 1 into anything else."""
        here = Path(__file__).parent
        script = (
            "import sys; sys.path[:0] = sys.argv[1:]; import conftest; from campcompile.cli.main import main\n"
            "fake = conftest.FakeCompiler(); fake.finds(*[conftest.ERROR] * 20000)\n"
            "sys.modules['campcompile.compiler'] = fake; sys.exit(main(['lint']))\n"
        )
        with subprocess.Popen(
            [sys.executable, "-c", script, *map(str, (here, here.parents[1]))],
            cwd=workspace,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
        ) as process:
            assert process.stdout is not None and process.stderr is not None
            assert process.stdout.readline().startswith(b"error[FLD001]")
            process.stdout.close()
            assert process.stderr.read() == b""
        assert process.returncode == 1

    @pytest.mark.skipif(os.name == "nt", reason="needs a shell's pipe")
    def test_help_into_a_closed_pipe_is_quiet(self) -> None:
        read, write = os.pipe()
        os.close(read)
        done = subprocess.run([*SENTENCES, "--help"], stdout=write, stderr=subprocess.PIPE)
        os.close(write)
        assert (done.returncode, done.stderr) == (2, b"")


class TestHelp:
    def test_every_commands_line_is_its_own(self) -> None:
        """The table says it, so that `--help` needn't import the commands; here both are compared."""
        group = campcompile
        assert isinstance(group, LazyGroup)
        for name, (_, line) in COMMANDS.items():
            command = group.get_command(None, name)  # type: ignore[arg-type]
            assert command is not None and command.short_help == line, name

    @pytest.mark.parametrize("name", COMMANDS)
    def test_every_command_has_examples(self, name: str) -> None:
        result = CliRunner().invoke(campcompile, [name, "--help"])
        assert result.exit_code == 0
        assert f"campcompile {name}" in result.output.partition("Usage:")[2].partition("\n")[2]
        assert max(map(len, result.output.splitlines())) <= 110

    def test_help_lists_all_commands_and_the_exit_codes(self) -> None:
        result = CliRunner().invoke(campcompile, ["--help"])
        assert all(f"  {name} " in result.output for name in COMMANDS)
        assert "130 interrupted" in result.output

    def test_without_a_command_there_is_help(self, run) -> None:
        assert "campcompile init clinic" in "".join([run().out, run().err])


class TestTheStart:
    def test_version_alone_and_beside_others(self, run) -> None:
        assert run("--version").out == f"campcompile {__version__}\n"
        assert run("--version", "--help").out.startswith(("campcompile ", "Usage"))

    def test_version_and_help_import_no_library_that_they_do_not_need(self) -> None:
        script = (
            "import sys; from campcompile.cli.main import main\n"
            "code = main(sys.argv[1:])\n"
            "print(code, *sorted(sys.modules), file=sys.stderr)\n"
        )
        for argument, allowed in (("--version", set()), ("--help", {"click"})):
            done = subprocess.run([sys.executable, "-c", script, argument], capture_output=True, text=True, check=True)
            loaded = set(done.stderr.split())
            heavy = {
                "click",
                "yaml",
                "jinja2",
                "mjml",
                "babel",
                "jsonschema",
                "jsonschema_rs",
                "markdown_it",
                "selectolax",
            }
            assert loaded & heavy == allowed
            assert not [name for name in loaded if name.startswith("campcompile.cli.lint")]

    @pytest.mark.slow
    def test_version_costs_at_most_five_bare_pythons(self) -> None:
        import resource

        def cpu_s(command: list[str]) -> float:
            before = resource.getrusage(resource.RUSAGE_CHILDREN)
            for _ in range(10):
                subprocess.run(command, stdout=subprocess.DEVNULL, check=True)
            after = resource.getrusage(resource.RUSAGE_CHILDREN)
            return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime

        script = Path(sys.executable).with_name("campcompile")
        assert cpu_s([str(script), "--version"]) <= 5 * cpu_s([sys.executable, "-I", "-c", "pass"])


class TestColourAndProgress:
    @pytest.mark.parametrize(
        ("environment", "coloured"),
        [
            ({}, False),
            ({"FORCE_COLOR": "1"}, True),
            ({"FORCE_COLOR": "0"}, False),
            ({"FORCE_COLOR": "1", "NO_COLOR": "1"}, False),
        ],
    )
    def test_colour_follows_the_environment(
        self, workspace, compiler, run, samples, monkeypatch, environment, coloured
    ) -> None:
        for name, value in environment.items():
            monkeypatch.setenv(name, value)
        compiler.finds(*samples["error"])
        assert ("\x1b[" in run("lint").out) is coloured

    def test_complaints_follow_it_too(self, run, tmp_path, monkeypatch) -> None:
        monkeypatch.chdir(tmp_path)
        monkeypatch.setenv("FORCE_COLOR", "1")
        assert run("lint").err.startswith("\x1b[1;31merror\x1b[0m: no campcompile.yaml")

    def test_no_progress_where_stderr_is_no_terminal(self, workspace, compiler, run) -> None:
        assert run("lint").err == ""

    @pytest.mark.skipif(os.name == "nt", reason="needs a pseudo-terminal")
    def test_progress_on_a_terminal_is_wiped_at_the_end(self) -> None:
        import pty

        script = (
            "import time\nfrom campcompile.cli.console import Progress\n"
            "with Progress('compiling e-mail') as progress:\n"
            "    for done in range(1, 7):\n        time.sleep(0.1); progress(done, 1000)\n"
        )
        main_end, terminal = pty.openpty()
        subprocess.run([sys.executable, "-c", script], stderr=terminal, check=True, env={**os.environ, "TERM": "xterm"})
        os.close(terminal)
        shown = b""
        while True:
            try:
                shown += (piece := os.read(main_end, 1000))
            except OSError as error:
                assert error.errno == errno.EIO
                break
            if not piece:
                break
        assert b"\rcompiling e-mail" in shown and b"of 1,000\x1b[K" in shown
        assert shown.endswith(b"\r\x1b[K")
        assert b"compiling e-mail 1 of" not in shown, "short work needs no progress"


def test_an_interrupt_ends_a_real_process_with_130(tmp_path: Path) -> None:
    script = (
        # Where the tests run in a shell's background, an interrupt is ignored, and children inherit that.
        "import signal; signal.signal(signal.SIGINT, signal.default_int_handler)\n"
        "import sys, time; import campcompile.cli.inputs as inputs; from campcompile.cli.main import main\n"
        "inputs.find_root = lambda start: (print('ready', flush=True), time.sleep(90))\n"
        "sys.exit(main(['lint']))\n"
    )
    with subprocess.Popen(
        [sys.executable, "-c", script], stdout=subprocess.PIPE, stderr=subprocess.PIPE, cwd=tmp_path
    ) as process:
        assert process.stdout is not None and process.stdout.readline()
        time.sleep(0.05)
        process.send_signal(2)
        _, errors = process.communicate(timeout=60)
    assert (process.returncode, errors) == (130, b"\ninterrupted\n")
