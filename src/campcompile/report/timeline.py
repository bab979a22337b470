"""A simulation as one page of HTML: a drawing by campaign and day, and a table that says the same; no script."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from html import escape
from zoneinfo import ZoneInfo

from campcompile.report.report import counted
from campcompile.report.simulation import span_words, totals, when
from campcompile.simulation.outcome import Outcome, Status
from campcompile.simulation.person import Change
from campcompile.simulation.story import Story
from campcompile.values import dataclass

_WIDTH, _LEFT, _RIGHT = 1100, 210, 24  # px of the drawing, and of its margins
_AXIS, _LOAD, _ROW, _GAP = 44, 56, 22, 10
_APART = 15  # px between two marks on one row
_DAY = timedelta(days=1)
_WEEK = timedelta(days=7)
_LEGEND = {
    Status.SENT: "goes when due",
    Status.DEFERRED: "goes later than due (the line begins where it was due)",
    Status.DROPPED: "dropped",
    Status.CANCELLED: "cancelled",
    Status.EXPIRED: "expired",
}

_STYLE = """
:root { color-scheme: light dark; --ink: #1b2733; --soft: #586774; --line: #dde4ea; --paper: #fff; --band: #f5f8fa;
  --sent: #0b6e4f; --deferred: #9a5b00; --dropped: #b3261e; --cancelled: #3d5a98; --expired: #75557d; --load: #7fb3a3;
  --full: #c4512d; }
@media (prefers-color-scheme: dark) { :root { --ink: #e8edf1; --soft: #a3b1bd; --line: #33414d; --paper: #141b21;
  --band: #1b252d; --sent: #5fd0a5; --deferred: #f0b45a; --dropped: #ff8f85; --cancelled: #9db8f5; --expired: #d3addc;
  --load: #3f7566; --full: #f0855f; } }
body { margin: 0; background: var(--paper); color: var(--ink); font: 16px/1.5 system-ui, sans-serif; }
main { max-width: 1148px; margin: 0 auto; padding: 24px; }
h1 { font-size: 26px; line-height: 1.25; margin: 0 0 4px; } h2 { font-size: 20px; margin: 36px 0 2px; }
p { margin: 0 0 12px; color: var(--soft); }
.scroll { overflow-x: auto; } .scroll:focus-visible { outline: 3px solid var(--cancelled); }
svg { display: block; width: 100%; min-width: 760px; height: auto; } svg text { fill: var(--ink); font-size: 13px; }
svg .soft { fill: var(--soft); font-size: 12px; } .band { fill: var(--band); } .grid { stroke: var(--line); }
.load { fill: var(--load); } .full { fill: var(--full); } .happens { fill: var(--soft); }
.sent { fill: var(--sent); stroke: var(--sent); } .deferred { fill: var(--deferred); stroke: var(--deferred); }
.dropped { fill: none; stroke: var(--dropped); } .cancelled { fill: none; stroke: var(--cancelled); }
.expired { fill: none; stroke: var(--expired); } .mark { stroke-width: 2.2; } .tail { stroke-width: 2; fill: none; }
.legend { display: flex; flex-wrap: wrap; gap: 4px 20px; padding: 0; margin: 8px 0 14px; list-style: none; }
.legend li { display: flex; align-items: center; gap: 6px; font-size: 14px; }
.legend svg { width: 18px; min-width: 18px; height: 18px; }
table { border-collapse: collapse; width: 100%; font-size: 15px; } caption { text-align: left; color: var(--soft); }
th, td { text-align: left; vertical-align: top; padding: 6px 12px 6px 0; border-bottom: 1px solid var(--line); }
td { overflow-wrap: anywhere; } @media (min-width: 700px) { td.when { white-space: nowrap; } }
td.when { font-variant-numeric: tabular-nums; }
.word { font-weight: 600; white-space: nowrap; }
.word.sent { color: var(--sent); } .word.deferred { color: var(--deferred); }
.word.dropped { color: var(--dropped); } .word.cancelled { color: var(--cancelled); }
.word.expired { color: var(--expired); }
"""


def timeline_page(stories: Sequence[Story], own: ZoneInfo) -> str:
    """The whole page."""
    body = "\n".join("\n".join(_section(story, own, number)) for number, story in enumerate(stories, 1))
    people = counted(len(stories), "person").replace("persons", "people")
    return f"""<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Who gets which e-mail, and when</title>
<style>{_STYLE}</style>
</head>
<body>
<main>
<h1>Who gets which e-mail, and when</h1>
<p>{people}, made up; times are those of {escape(own.key)} unless another zone is named.</p>
{_legend()}
{body}
</main>
</body>
</html>
"""


def _section(story: Story, own: ZoneInfo, number: int) -> Iterator[str]:
    name = escape(story.person.name)
    yield f'<section aria-labelledby="p{number}">'
    yield f'<h2 id="p{number}">{name}</h2>'
    full = f" Fullest seven days: {counted(len(story.week), 'e-mail')}." if len(story.week) > 1 else ""
    yield f"<p>{span_words(story.since, story.until - timedelta(seconds=1))}: {totals(story)}.{full}</p>"
    label = f"Drawing for {name}; the table below says the same"
    yield f'<div class="scroll" tabindex="0" role="group" aria-label="{label}">'
    yield from _drawing(story, own)
    yield "</div>"
    yield from _table(story, own)
    yield "</section>"


@dataclass(frozen=True, slots=True)
class _Scale:
    """From an instant to a place on the drawing."""

    since: datetime
    until: datetime

    def x(self, instant: datetime) -> float:
        part = (instant - self.since) / (self.until - self.since)
        return round(_LEFT + max(0.0, min(1.0, part)) * (_WIDTH - _LEFT - _RIGHT), 1)


def _drawing(story: Story, own: ZoneInfo) -> Iterator[str]:
    scale = _Scale(story.since, story.until)
    lanes = _lanes(story, scale)
    rows = sum(len(levels) for _, levels in lanes) * _ROW + len(lanes) * _GAP
    height = _AXIS + _LOAD + _ROW + 16 + rows + 10
    yield f'<svg viewBox="0 0 {_WIDTH} {height}" role="img" aria-label="{escape(totals(story))}">'
    yield from _axis(story, scale, own, height)
    yield from _load(story, scale, own)
    top = _AXIS + _LOAD + 6
    yield f'<text x="0" y="{top + 14}" class="soft">what happens</text>'
    for change in story.person.changes:
        if story.since <= change.at <= story.until:
            x, words = scale.x(change.at), escape(f"{when(change.at, own.key, own)}: {_change_words(change)}")
            yield f'<path class="happens" d="M{x} {top + 3}l6 12h-12z"><title>{words}</title></path>'
    top += _ROW + 10
    for number, (folder, levels) in enumerate(lanes):
        tall = len(levels) * _ROW + _GAP
        if number % 2 == 0:
            yield f'<rect class="band" x="0" y="{top}" width="{_WIDTH}" height="{tall}"/>'
        yield f'<text x="6" y="{top + tall / 2 + 4.5:.1f}">{escape(_shortened(folder, 28))}</text>'
        for level, marks in enumerate(levels):
            y = top + _GAP / 2 + level * _ROW + _ROW / 2
            for one in marks:
                yield from _mark(one, scale, y, own)
        top += tall
    yield "</svg>"


def _lanes(story: Story, scale: _Scale) -> list[tuple[str, list[list[Outcome]]]]:
    """The campaigns in order of their first e-mail; marks that would touch stand on rows of their own."""
    lanes: dict[str, list[list[Outcome]]] = {}
    for one in story.outcomes:
        levels = lanes.setdefault(one.series.campaign.folder, [])
        begin = min(scale.x(one.at), scale.x(one.due)) if one.status is Status.DEFERRED else scale.x(one.at)
        free = (level for level in levels if scale.x(level[-1].at) + _APART <= begin)
        level = next(free, None)
        if level is None:
            level = []
            levels.append(level)
        level.append(one)
    return list(lanes.items())


def _axis(story: Story, scale: _Scale, own: ZoneInfo, height: float) -> Iterator[str]:
    """A line each Monday, with its date; the month above the first one of it."""
    day = story.since.astimezone(own).replace(hour=0, minute=0, second=0, microsecond=0)
    mondays = [day + timedelta(days=k) for k in range((story.until - story.since).days + 1)]
    month, last = 0, 0.0
    every = 1 if len(mondays) < 150 else 4
    for number, monday in enumerate(one for one in mondays if one.weekday() == 0):
        x = scale.x(monday)
        yield f'<line class="grid" x1="{x}" y1="{_AXIS - 6}" x2="{x}" y2="{height - 6}"/>'
        if monday.month != month and x - last > 70:
            month, last = monday.month, x
            yield f'<text x="{x}" y="14">{monday:%B %Y}</text>'
        if number % every == 0:
            yield f'<text x="{x}" y="32" class="soft">{monday.day}</text>'


def _load(story: Story, scale: _Scale, own: ZoneInfo) -> Iterator[str]:
    """For each day how many e-mails came in the seven days up to its end."""
    instants = sorted(one.at for one in story.outcomes if one.status.goes)
    most = max(len(story.week), 1)
    base = _AXIS + _LOAD - 4
    yield f'<text x="0" y="{base - 20}" class="soft">in seven days</text>'
    yield f'<text x="0" y="{base - 4}" class="soft">at most {len(story.week)}</text>'
    width = max(1.0, scale.x(story.since + _DAY) - _LEFT - 1)
    for number in range((story.until - story.since).days):
        end = story.since + (number + 1) * _DAY
        count = sum(end - _WEEK < at <= end for at in instants)
        if count:
            tall = round(count / most * (_LOAD - 14), 1)
            style = "full" if count == most and most > 1 else "load"
            words = f"{counted(count, 'e-mail')} in the seven days up to {when(end - _DAY, own.key, own)[:15]}"
            x = scale.x(end - _DAY)
            yield (
                f'<rect class="{style}" x="{x}" y="{base - tall}" width="{width:.1f}" height="{tall}">'
                f"<title>{words}</title></rect>"
            )


def _mark(one: Outcome, scale: _Scale, y: float, own: ZoneInfo) -> Iterator[str]:
    x = scale.x(one.at)
    why = "; ".join(reason.words for reason in one.why)
    words = f"{one.step.email.id}: {one.status.value}, {when(one.at, one.zone, own)}" + (f": {why}" if why else "")
    yield f"<g><title>{escape(words)}</title>"
    if one.status is Status.DEFERRED and scale.x(one.due) < x:
        yield f'<path class="deferred tail" d="M{scale.x(one.due)} {y - 4}v8m0 -4H{x}"/>'
    yield f"{_shape(one.status, x, y)}</g>"


def _shape(status: Status, x: float, y: float) -> str:
    """A shape of its own for each, so that nobody needs the colour."""
    match status:
        case Status.SENT:
            return f'<circle class="sent mark" cx="{x}" cy="{y}" r="5.5"/>'
        case Status.DEFERRED:
            return f'<path class="deferred mark" d="M{x - 5} {y - 5.5}l10 5.5l-10 5.5z"/>'
        case Status.DROPPED:
            return f'<path class="dropped mark" d="M{x - 5} {y - 5}l10 10m0 -10l-10 10"/>'
        case Status.CANCELLED:
            ring = "a5.5 5.5 0 1 0 11 0a5.5 5.5 0 1 0 -11 0m1.6 3.9l7.8 -7.8"
            return f'<path class="cancelled mark" d="M{x - 5.5} {y}{ring}"/>'
        case _:
            return f'<path class="expired mark" d="M{x} {y - 6.5}l6.5 6.5l-6.5 6.5l-6.5 -6.5z"/>'


def _legend() -> str:
    items = "".join(
        f'<li><svg viewBox="0 0 18 18" aria-hidden="true">{_shape(status, 9, 9)}</svg>{words}</li>'
        for status, words in _LEGEND.items()
    )
    return f'<ul class="legend" aria-label="Signs of the drawing">{items}</ul>'


def _table(story: Story, own: ZoneInfo) -> Iterator[str]:
    yield f"<table><caption>Every e-mail of {escape(story.person.name)}, in order of time</caption>"
    heads = "".join(f'<th scope="col">{head}</th>' for head in ("When", "Outcome", "E-mail", "Why"))
    yield f"<thead><tr>{heads}</tr></thead><tbody>"
    for one in story.outcomes:
        why = "; ".join(reason.words for reason in one.why)
        status = one.status.value
        yield (
            f'<tr><td class="when">{when(one.at, one.zone, own)}</td>'
            f'<td><span class="word {status}">{status}</span></td>'
            f"<td>{escape(one.name).replace('/', '/<wbr>')}</td><td>{escape(why)}</td></tr>"
        )
    if not story.outcomes:
        yield '<tr><td colspan="4">Nothing is due in this time.</td></tr>'
    yield "</tbody></table>"


def _change_words(change: Change) -> str:
    """What happens, by the names of records and keys: values stay in the file."""
    parts = [f"{record} {id}" for record, rows in change.rows.items() for id in rows]
    parts += [f"consent {name}" for name in change.consents]
    said = {"unsubscribes": change.unsubscribes, "complains": change.complains, "bounces": change.bounces}
    said |= {"replies": change.replies, "clicks": change.clicks}
    return ", ".join([*parts, *(name for name, value in said.items() if value)])


def _shortened(text: str, most: int) -> str:
    return text if len(text) <= most else text[: most - 1] + "…"
