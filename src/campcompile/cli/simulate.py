"""`campcompile simulate`: what one made-up person would get, and why not the rest, across all campaigns."""

from __future__ import annotations

import sys
from datetime import date, datetime, time
from pathlib import Path
from typing import TYPE_CHECKING

import click

from campcompile.cli.console import Progress, out, say, terminal_width, wants_colour
from campcompile.cli.inputs import Day, compile_inputs, read_inputs
from campcompile.errors import CampcompileError, UsageError

if TYPE_CHECKING:  # the simulator takes longer to import than --help may take to answer
    from campcompile.simulation.person import Person
    from campcompile.simulation.series import Practice
    from campcompile.simulation.story import Story

_TRIES = 300


@click.command(short_help="Show which e-mails a made-up person would get, when, and why not the others.")
@click.argument("people", required=False, type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option(
    "--from",
    "first",
    type=Day(),
    metavar="DATE",
    help="The first day (default: that of the first event in the file, else `as_of`).",
)
@click.option("--days", type=click.IntRange(1, 1100), default=90, show_default=True, help="How many days.")
@click.option("--worst-week", is_flag=True, help="Search for the person who would receive most in any seven days.")
@click.option(
    "--format",
    "format_",
    type=click.Choice(("text", "json", "html")),
    default="text",
    show_default=True,
    help="text for people, json for programs, html for a drawing: write it into a file.",
)
def simulate(people: Path | None, first: date | None, days: int, worst_week: bool, format_: str) -> None:
    """Show which e-mails a made-up person would get, when, and why not the others.

    PEOPLE is a file of made-up people and what happens to them, in YAML or JSON; without it, somebody is
    made up who has a visit in two weeks. All campaigns are asked, as a planner would: audience and conditions,
    consent, age, quiet hours, the frequency cap, deadlines. Nothing is sent, and nothing is written.

    Each e-mail is sent, deferred (sent later than it was due), dropped, cancelled or expired.

    \b
    Examples:
      campcompile simulate
      campcompile simulate people.yaml
      campcompile simulate people.yaml --from 2026-09-01 --days 30
      campcompile simulate people.yaml --format html > timeline.html
      campcompile simulate --worst-week

    \b
    A file of people; a time without an offset is the practice's:
      kari:
        patient: {locale: nb, country: "NO", email: kari@post.example}
        consents: {news: "2026-01-10"}
        events:
          - at: "2026-09-01T12:00"
            appointment: {a1: {start: "2026-09-15T09:00", status: booked}}
          - at: "2026-09-10T12:00"
            appointment: {a1: {start: "2026-09-17T14:00"}}

    An event brings or changes rows, gives or withdraws `consents`, or says what mail brought: `unsubscribes:
    updates`, `complains: true`, `bounces: true`, `replies: CAMPAIGN`, `clicks: CAMPAIGN`.

    Exit codes: 0 simulated; 2 the file of people, or the workspace, has mistakes.
    """
    if people is not None and worst_week:
        raise UsageError("--worst-week makes people up, and a file of them is given", help="leave one of them out")
    from campcompile.schedule.working_days import UnknownCalendarError

    practice, as_of = _practice()
    try:
        if worst_week:
            _search(practice, first or as_of, format_)
        else:
            _tell(practice, people, first, as_of, days, format_)
    except UnknownCalendarError as error:
        advice = "`holidays` of campcompile.yaml is a country such as `NO`, or a region such as `FR-57`"
        raise UsageError(str(error), help=advice) from None


def _practice() -> tuple[Practice, date]:
    """The campaigns of the workspace that we stand in, as far as they can be read."""
    from campcompile.report.report import counted
    from campcompile.simulation.series import practice_of
    from campcompile.syntax.findings import Severity
    from campcompile.zones import is_zone

    compilation = compile_inputs(read_inputs(()), as_of=None, lint_only=True)
    programme = compilation.programme
    if not programme.campaigns:
        raise UsageError("there is no campaign to simulate", help="campcompile new NAME makes one")
    if not is_zone(programme.settings.practice.value("time_zone")):
        raise UsageError("the practice has no time zone", help="campcompile lint shows what to mend")
    errors = sum(found.severity is Severity.ERROR for found in compilation.diagnostics)
    if errors:
        say(f"the campaigns have {counted(errors, 'error')}, so this may change: campcompile lint")
    return practice_of(compilation.programme), compilation.as_of


def _tell(practice: Practice, file: Path | None, first: date | None, as_of: date, days: int, format: str) -> None:
    from campcompile.simulation.story import story_of
    from campcompile.simulation.worst import sample_person

    if file is None:
        people = [sample_person(practice, _midnight(practice, first or as_of))]
    else:
        people = _read(practice, file)
    begin = first or _first_event(practice, people) or as_of
    stories = [story_of(practice, person, _midnight(practice, begin), days) for person in people]
    if format == "text" and file is None:
        from campcompile.simulation.person_yaml import person_yaml

        out(["somebody made up, for a first look; as a file:", "", *person_yaml(people[0], practice.zone), ""])
    _print(practice, stories, format)


def _search(practice: Practice, first: date, format: str) -> None:
    from campcompile.report.simulation import witness_lines
    from campcompile.simulation.story import story_of_worst
    from campcompile.simulation.worst import worst_week

    with Progress("trying people") as progress:
        found = worst_week(practice, _midnight(practice, first), _TRIES, progress)
    story = story_of_worst(found)
    if format == "text":
        out(witness_lines(story, practice.zone, found.tried))
    _print(practice, [story], format, found.tried)


def _print(practice: Practice, stories: list[Story], format: str, tried: int = 0) -> None:
    if format == "json":
        from campcompile.report.simulation import stories_json

        out([stories_json(stories, practice.zone, tried)])
    elif format == "html":
        from campcompile.report.timeline import timeline_page

        out(timeline_page(stories, practice.zone).splitlines())
        if sys.stdout.isatty():
            say("this is a page: write it into a file with > timeline.html")
    else:
        from campcompile.report.simulation import story_lines

        colour, width = wants_colour(sys.stdout), terminal_width()
        for story in stories:
            out([*story_lines(story, practice.zone, colour=colour, width=width), ""])
        out(["next: --format html > timeline.html draws it"])


def _read(practice: Practice, file: Path) -> list[Person]:
    """Raises UsageError with every mistake of the file, each with its line and column."""
    from campcompile.simulation.people_file import read_people

    try:
        content = file.read_bytes()
    except OSError as error:
        raise UsageError(f"can't read `{file}`: {error.strerror}") from None
    found = read_people(str(file), content, practice.programme, practice.zone)
    if found.problems:
        lines = (f"{file}:{one.line}:{one.column}: {one.message}" for one in found.problems)
        raise CampcompileError("\n".join(lines), help="campcompile simulate --help shows what such a file looks like")
    return list(found.people)


def _first_event(practice: Practice, people: list[Person]) -> date | None:
    instants = [change.at for person in people for change in person.changes]
    return min(instants).astimezone(practice.zone).date() if instants else None


def _midnight(practice: Practice, day: date) -> datetime:
    return datetime.combine(day, time.min, practice.zone)
