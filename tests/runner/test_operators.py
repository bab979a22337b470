"""What operators do with a ledger: send again, look, pause, call off, check; and what it never holds."""

from __future__ import annotations

import json
import os
import stat
import sys
from datetime import UTC, datetime, timedelta
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from campcompile.cli.audit import audit
from campcompile.cli.orders import cancel, forget, pause, resume
from campcompile.cli.reconcile import reconcile
from campcompile.cli.send import send
from campcompile.cli.status import status
from campcompile.errors import BundleError, CampcompileError, DeliveryError, RecipientsError, UsageError
from campcompile.runner.clock import Clock
from campcompile.runner.progress import Progress, told
from tests.runner.conftest import COLUMNS
from tests.runner.test_send import Server, server

__all__ = ["server"]
SECRETS = ("Unmistakable", "seeded.person", "4711-seed", "anchor-seed", "k1-seed")


def call(command: Any, *words: str | Path) -> Result:
    result = CliRunner().invoke(command, [str(word) for word in words])
    if isinstance(result.exception, CampcompileError):
        raise result.exception
    assert result.exception is None or isinstance(result.exception, SystemExit), result.exception
    return result


@pytest.fixture
def ledger(tmp_path: Path) -> Path:
    return tmp_path / "ledger"


def sent(bundle: Path, people: Path, address: str, ledger: Path, *more: str | Path) -> Result:
    return call(send, bundle, "--email", "week-before", "--recipients", people, "--smtp", address, "--apply",
                "--ledger", ledger, *more)  # fmt: skip


def test_the_same_command_again_sends_nothing_twice(
    make_bundle: Any, make_csv: Any, server: tuple[Server, str], ledger: Path
) -> None:
    kept, address = server
    bundle = make_bundle()
    first = sent(bundle, make_csv({}, {"email": "ola@post.example"}), address, ledger)
    assert first.exit_code == 0 and "2 messages delivered" in first.stdout
    again = sent(bundle, make_csv({"patient.first_name": "Kari M"}, {"email": "per@post.example"}), address, ledger)
    assert "1 row left out: sent before" in again.stdout and "1 message delivered" in again.stdout
    assert len(kept.received) == 3
    dry = call(send, bundle, "--email", "week-before", "--recipients", make_csv({}), "--ledger", ledger)
    assert "no messages" in dry.stdout and "1 row left out: sent before" in dry.stdout
    assert "week-before:\n  sent               3\n" in call(status, "--ledger", ledger).stdout


def test_a_dry_run_makes_no_ledger(make_bundle: Any, make_csv: Any, ledger: Path) -> None:
    call(send, make_bundle(), "--email", "week-before", "--recipients", make_csv({}), "--ledger", ledger)
    assert not ledger.exists()


def test_who_opted_out_and_who_never_agreed_gets_nothing(
    make_bundle: Any, make_csv: Any, server: tuple[Server, str], ledger: Path, tmp_path: Path, example: Any
) -> None:
    kept, address = server
    people = make_csv(*({"email": f"{name}@post.example"} for name in ("a", "b", "c")),
                      columns=(*COLUMNS, "links.one_click"))  # fmt: skip
    (tmp_path / "out.csv").write_text("email,layer\nA@post.example,\n")
    (tmp_path / "yes.csv").write_text(
        "email,consent,given\na@post.example,news,2026-01-01\nb@post.example,news,2026-01-01\n"
    )
    from campcompile.manifest import LegalBasis

    bundle = make_bundle("updates", bases=(LegalBasis(jurisdiction="NO", basis="", consent="news"),))
    lists = ("--suppressions", tmp_path / "out.csv", "--consents", tmp_path / "yes.csv")
    result = sent(bundle, people, address, ledger, *lists)
    assert [to for to, _ in kept.received] == [["b@post.example"]]
    assert "1 row left out: no consent" in result.stdout and "1 row left out: opted out or bounced" in result.stdout


@pytest.mark.parametrize(
    "content", ["mail,layer\n", "email,layer\nnobody,\n", "email,layer\na@b.example,all\n", "email,layer\nx\n"]
)
def test_a_list_that_cannot_be_used_is_named_and_nothing_goes(
    content: str, make_bundle: Any, make_csv: Any, server: tuple[Server, str], ledger: Path, tmp_path: Path
) -> None:
    (tmp_path / "out.csv").write_text(content)
    with pytest.raises(RecipientsError, match="file of suppressions"):
        sent(make_bundle(), make_csv({}), server[1], ledger, "--suppressions", tmp_path / "out.csv")
    assert server[0].received == []


def test_a_plan_decides_when_what_may_go(
    make_bundle: Any, make_csv: Any, server: tuple[Server, str], ledger: Path
) -> None:
    kept, address = server
    now = datetime.now(UTC)

    def row(name: str, send: float, expires: float, quiet: tuple[float, float] | None = None) -> dict[str, str]:
        def at(hours: float) -> str:
            return (now + timedelta(hours=hours)).isoformat()

        found = {"email": f"{name}@post.example", "send": at(send), "expires": at(expires)}
        return found | ({"quiet_from": at(quiet[0]), "quiet_until": at(quiet[1])} if quiet else {})

    people = make_csv(
        row("due", -1, 1), row("late", -3, -1), row("early", 1, 3),
        row("night", -1, 9, (-0.5, 8)), row("day", -1, 9, (2, 8)),
        {"email": "none@post.example"}, columns=(*COLUMNS, "send", "expires", "quiet_from", "quiet_until"),
    )  # fmt: skip
    result = sent(make_bundle(), people, address, ledger)
    assert [to for to, _ in kept.received] == [["due@post.example"], ["day@post.example"]]
    assert "1 row left out: past its deadline" in result.stdout
    assert "1 row for a later run: quiet hours" in result.stdout
    assert "1 row not tried: not due yet, or called off meanwhile" in result.stdout
    assert "row 7: `send` is empty" in result.stdout


def test_pause_resume_and_cancel_are_obeyed(
    make_bundle: Any, make_csv: Any, server: tuple[Server, str], ledger: Path
) -> None:
    kept, address = server
    bundle, people = make_bundle(), make_csv({})
    columns = (*COLUMNS, "recipient_id")
    sent(bundle, people, address, ledger)
    assert call(pause, "ap71", "--ledger", ledger).stdout == "ap71: paused; campcompile resume lets it go on\n"
    people = make_csv({"email": "ola@post.example", "recipient_id": "17"}, columns=columns)
    assert "1 row for a later run: paused" in sent(bundle, people, address, ledger).stdout
    assert "ap71: paused since" in call(status, "--ledger", ledger).stdout
    with pytest.raises(UsageError, match="did you mean `ap71`") as caught:
        try:
            call(pause, "ap17", "--ledger", ledger)
        except UsageError as error:
            raise UsageError(error.help) from None
    assert caught
    assert "1 called off" in call(cancel, "ap71", "--recipient", "17", "--ledger", ledger).stdout
    call(resume, "ap71", "--ledger", ledger)
    with pytest.raises(UsageError, match="isn't paused"):
        call(resume, "ap71", "--ledger", ledger)
    assert len(kept.received) == 1
    assert "1 message delivered" in sent(bundle, people, address, ledger).stdout, "planned anew, as it was asked for"


def test_a_slip_calls_nobody_off_and_is_told(
    make_bundle: Any, make_csv: Any, server: tuple[Server, str], ledger: Path
) -> None:
    sent(make_bundle(), make_csv({}), server[1], ledger)
    with pytest.raises(UsageError, match="knows no e-mail `week-befor` of campaign `ap71`") as caught:
        call(cancel, "ap71", "--email", "week-befor", "--ledger", ledger)
    assert caught.value.help == "did you mean `week-before`?"
    with pytest.raises(UsageError, match="knows no message of campaign `ap71` to this person") as caught:
        call(cancel, "ap71", "--recipient", "ola@post.example", "--ledger", ledger)
    assert "ola" not in caught.value.message + caught.value.help
    assert "0 called off" in call(cancel, "ap71", "--recipient", "Kari@Post.example", "--ledger", ledger).stdout


def test_what_is_asked_wrongly_is_said_before_anything_is_planned(
    make_bundle: Any, make_csv: Any, server: tuple[Server, str], ledger: Path, tmp_path: Path
) -> None:
    bundle, people = make_bundle(), make_csv({})
    for words in (["--log", tmp_path / "nowhere" / "run.jsonl"], ["--warm-up", "2026-13-01"]):
        with pytest.raises(UsageError, match=r"can't write the log|is no day"):
            sent(bundle, people, server[1], ledger, *words)
        assert not ledger.exists() or "nothing is planned yet" in call(status, "--ledger", ledger).stdout
    with pytest.raises(UsageError, match="is no file for a ledger"):
        sent(bundle, people, server[1], tmp_path)
    with pytest.raises(UsageError, match="`/` is no file for a ledger"):
        sent(bundle, people, server[1], Path("/"))


def test_status_and_audit_are_json_too(
    make_bundle: Any, make_csv: Any, server: tuple[Server, str], ledger: Path
) -> None:
    sent(make_bundle(), make_csv({}), server[1], ledger)
    found = json.loads(call(status, "--ledger", ledger, "--format", "json").stdout)
    assert found["counts"] == [{"campaign": "ap71", "email": "week-before", "state": "sent", "count": 1}]
    lines = [json.loads(line) for line in call(audit, "--ledger", ledger, "--export").stdout.splitlines()]
    assert [line["what"] for line in lines] == ["plan", "turn", "turn"]
    assert call(audit, "--ledger", ledger).exit_code == 0


def test_another_machine_needs_a_ledger_a_plan_and_the_real_time(make_bundle: Any, make_csv: Any, ledger: Path) -> None:
    def elsewhere(*more: str | Path, **changes: Any) -> Result:
        return call(send, make_bundle(**changes), "--email", "week-before", "--recipients", make_csv({}),
                    "--smtp", "192.0.2.1:587", "--apply", *more)  # fmt: skip

    with pytest.raises(DeliveryError, match="without a ledger"):
        elsewhere()
    with pytest.raises(UsageError, match="--now is for trials"):
        elsewhere("--ledger", ledger, "--now", "2026-03-05T09:00+01:00")
    with pytest.raises(DeliveryError, match="isn't compiled for a mail server"):
        elsewhere("--ledger", ledger, targets=())
    with pytest.raises(DeliveryError, match="without --plan, or the columns `send` and `expires`"):
        elsewhere("--ledger", ledger)


def test_a_waiver_that_is_over_stops_the_bundle(make_bundle: Any, make_csv: Any, server: tuple[Server, str]) -> None:
    from campcompile.manifest import Waiver

    bundle = make_bundle(waivers=(Waiver(rule="SUB001", until="2026-03-04"),))
    words = (bundle, "--email", "week-before", "--recipients", make_csv({}), "--smtp", server[1], "--apply", "--now")
    with pytest.raises(BundleError, match="was allowed `SUB001` until a day that is over"):
        call(send, *words, "2026-03-05T00:30+01:00")
    assert call(send, *words, "2026-03-04T23:30+01:00").exit_code == 0


def test_a_clock_that_jumps_stops_the_run(
    make_bundle: Any, make_csv: Any, server: tuple[Server, str], ledger: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Clock, "jump", lambda self: timedelta(hours=-1) if server[0].received else timedelta())
    with pytest.raises(DeliveryError, match="clock was moved by 3,600 seconds back"):
        sent(make_bundle(), make_csv({}, {"email": "ola@post.example"}), server[1], ledger)
    assert len(server[0].received) == 1


def test_a_clock_knows_a_jump_from_a_correction() -> None:
    wall, steady = [1000.0], [0.0]
    clock = Clock(wall=lambda: wall[0], steady=lambda: steady[0])
    wall[0], steady[0] = 1020.0, 10.0
    assert clock.jump() == timedelta()
    wall[0] = 4610.0
    assert clock.jump() == timedelta(hours=1)


def test_nothing_that_is_written_tells_who_somebody_is(
    make_bundle: Any,
    make_csv: Any,
    server: tuple[Server, str],
    ledger: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    scratch = tmp_path / "scratch"
    scratch.mkdir()
    monkeypatch.setattr("tempfile.tempdir", str(scratch))
    seeded = {
        "email": "seeded.person@post.example", "recipient_id": "4711-seed", "anchor_id": "anchor-seed",
        "patient.first_name": "Unmistakable", "links.confirm": "https://time.clinic.example/c/k1-seed",
    }  # fmt: skip
    refused = {**seeded, "email": "refused.seeded.person@post.example", "recipient_id": "4711-seed2"}
    people = make_csv(seeded, refused, columns=(*COLUMNS, "recipient_id", "anchor_id"))
    said = sent(make_bundle(), people, server[1], ledger, "--log", tmp_path / "run.jsonl").output
    said += call(status, "--ledger", ledger, "--format", "json").output
    said += call(audit, "--ledger", ledger, "--export").output
    log = [json.loads(line) for line in (tmp_path / "run.jsonl").read_text().splitlines()]
    assert [line["event"] for line in log] == ["began", "message", "message", "ended"]
    assert [line["state"] for line in log[1:3]] == ["sent", "failed"]
    assert f"<{log[1]['message']}@" in server[0].received[0][1].decode(), "a token is what the Message-ID begins with"
    assert "Unmistakable" in server[0].received[0][1].decode(), "so that the lines below could fail"
    written = [path for path in tmp_path.rglob("*") if path.is_file() and path != people]
    assert ledger in written
    for secret in SECRETS:
        assert secret not in said
        for path in written:
            assert secret.encode() not in path.read_bytes(), path
    if os.name == "posix":
        assert {stat.S_IMODE(path.stat().st_mode) for path in tmp_path.glob("ledger*")} == {0o600}


def test_reconcile_asks_for_an_instant_and_a_feed(
    make_bundle: Any, make_csv: Any, server: tuple[Server, str], ledger: Path, tmp_path: Path
) -> None:
    sent(make_bundle(), make_csv({}), server[1], ledger)
    feed = tmp_path / "feed.jsonl"
    feed.write_text('{"message": "<x@y.example>", "event": "delivered"}\n')
    with pytest.raises(UsageError, match="is no instant"):
        call(reconcile, feed, "--ledger", ledger, "--covers-until", "today")
    result = call(reconcile, feed, "--ledger", ledger, "--covers-until", "2026-03-05T09:00+01:00")
    assert result.stdout == "sent 0, failed 0, to go again 0, still unknown 0; newly suppressed 0\n"


def test_progress_tells_rate_and_end() -> None:
    assert told(1200, 30_000, 3.0) == "sending 1,200 of 30,000, 400 a second, over in 1 min 12 s"
    assert told(0, 10, 0.0) == "sending 0 of 10"
    assert told(10, 1_000_000, 1.0).endswith("over in 27 h 46 min")
    stream, now = StringIO(), [0.0]
    with Progress(stream, 10, steady=lambda: now[0]) as progress:
        progress(1)
        now[0] = 1.0
        progress(5)
    assert "sending 5 of 10, 5 a second, over in 1 s" in stream.getvalue()
    assert sys.stderr is not stream


def test_a_log_that_cannot_be_written_is_said_before_anything_goes(
    make_bundle: Any, make_csv: Any, server: tuple[Server, str], ledger: Path, tmp_path: Path
) -> None:
    with pytest.raises(UsageError, match=r"can't write the log"):
        sent(make_bundle(), make_csv({}), server[1], ledger, "--log", tmp_path / "nowhere" / "run.jsonl")
    assert server[0].received == []


def test_a_disk_that_fills_up_ends_the_log_and_not_the_run(
    make_bundle: Any, make_csv: Any, server: tuple[Server, str], ledger: Path, tmp_path: Path
) -> None:
    if not Path("/dev/full").exists():
        pytest.skip("this system has no device that is always full")
    result = sent(make_bundle(), make_csv({}), server[1], ledger, "--log", "/dev/full")
    assert "1 message delivered" in result.stdout and "the log isn't whole: No space left on device" in result.stdout


def test_what_is_old_is_forgotten_and_still_goes_only_once(
    make_bundle: Any, make_csv: Any, server: tuple[Server, str], ledger: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    bundle, people = make_bundle(), make_csv({})
    sent(bundle, people, server[1], ledger)
    assert call(forget, "--ledger", ledger).stdout == "0 rows forgotten\n"
    with pytest.raises(UsageError, match="too short: caps and limits count back up to 90 days"):
        call(forget, "--older-than", "P7D", "--ledger", ledger)
    with pytest.raises(UsageError, match="`a year` is no duration"):
        call(forget, "--older-than", "a year", "--ledger", ledger)
    monkeypatch.setattr("campcompile.cli.orders.datetime", Later)
    assert call(forget, "--ledger", ledger).stdout == "1 row forgotten\n"
    assert "1 row left out: sent before" in sent(bundle, people, server[1], ledger).stdout
    assert len(server[0].received) == 1


class Later(datetime):
    @classmethod
    def now(cls, tz: Any = None) -> Any:
        return datetime.now(tz) + timedelta(days=402)
