"""The order of the passes, written here and in draft.py alone: files in, findings and a bundle out.

    decode → YAML → schema → names and types → words in each locale → MJML, HTML, text → rules → bundle

Nothing below this line reads a disk, a clock or a socket: `files` are bytes, `now` is given.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import replace
from datetime import date, datetime
from functools import partial

from campcompile import formats
from campcompile.analysis.facts import Facts
from campcompile.analysis.law import packs_of
from campcompile.draft import WORKSPACE_FILE, Draft, bind_files, read_document
from campcompile.mail.layouts import files_of, uses
from campcompile.memory import Memory, Same, Table
from campcompile.model.campaign import Campaign, Programme
from campcompile.model.findings import IMPOSSIBLE_TIME
from campcompile.model.read import reader
from campcompile.model.rendered import RenderedEmail
from campcompile.model.settings import bind_settings
from campcompile.model.timing import parse_date
from campcompile.model.translating import Prepared, prepare
from campcompile.rules import waivers
from campcompile.rules.engine import check_campaign, check_programme
from campcompile.rules.history import with_trials
from campcompile.syntax.decode import decode
from campcompile.syntax.findings import Checked, Diagnostic, Findings, Severity
from campcompile.syntax.fixes import apply_edits
from campcompile.syntax.schema import FileKind
from campcompile.syntax.source import Source
from campcompile.syntax.tree import Document
from campcompile.syntax.waiver import Waived, Waiver
from campcompile.syntax.yaml import read_yaml
from campcompile.values import dataclass
from campcompile.zones import zone as zone_info

Progress = Callable[[int, int], None]

_DATA = formats.data_versions()  # read when the module loads: a compile reads nothing


@dataclass(frozen=True, kw_only=True)
class Compilation:
    """All that one compile found and made."""

    programme: Programme
    rendered: tuple[RenderedEmail, ...]
    sources: Mapping[str, Source]  # by workspace-relative path
    diagnostics: tuple[Diagnostic, ...]  # sorted by place; waived ones left out
    waived: tuple[Waived, ...]
    as_of: date
    bundle: Mapping[str, bytes]  # path below build/ → bytes; empty where there are errors


def compile_files(
    files: Mapping[str, bytes],
    *,
    as_of: date | None,
    now: datetime,
    only: frozenset[str] = frozenset(),
    progress: Progress | None = None,
    lint_only: bool = False,
    memory: Memory | None = None,
) -> Compilation:
    """Compile a workspace held in memory.

    `files`: workspace-relative POSIX path → bytes. `now`: the instant that the command began, which
    gives `as_of` where neither the caller nor campcompile.yaml states one. `only`: folders of campaigns
    to report on and compile; empty for all. `memory`: what an earlier compile left, of these files or of
    others like them; what depends on no change is not made again, and the result is the same.
    Never raises for what an author wrote.
    """
    memory = Memory() if memory is None else memory
    draft = bind_files(files, only=only, memory=memory)
    tick = _ticker(draft.programme, progress)
    made = {campaign.folder: _composed(campaign, draft, memory, tick) for campaign in draft.programme.campaigns}
    stated = _as_of(draft.documents.get(WORKSPACE_FILE), draft.programme, now)
    as_of = as_of or stated.value
    findings = Findings(list(draft.diagnostics))
    if draft.is_whole:  # else every name is unknown, and nothing more can be said than what each file says by itself
        findings.extend(stated.diagnostics)
        for checked in made.values():
            findings.extend(checked.diagnostics)
        findings.extend(_judged(draft, made, as_of, memory, tick))
    memory.close()
    sources = draft.sources
    whole = waivers.Files(documents=draft.documents, sources=sources, paths=files.keys(), only=only)
    verdict = waivers.apply(with_trials(_sorted(findings)), whole, as_of)
    diagnostics = tuple(found for found in _sorted((*verdict.kept, *verdict.faults)) if whole.concerns(found.span.path))
    failed = any(found.severity is Severity.ERROR for found in diagnostics)
    return Compilation(
        programme=draft.programme,
        rendered=tuple(message for checked in made.values() for message in checked.value),
        sources=sources,
        diagnostics=diagnostics,
        waived=tuple(one for one in verdict.waived if whole.concerns(one.finding.span.path)),
        as_of=as_of,
        bundle={} if failed or lint_only else _bundle(draft, made, verdict.in_force),
    )


def campaign_locales(files: Mapping[str, bytes], folder: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The locales of one campaign, first the one of campaign.yaml itself, and all of the workspace."""
    campaign = f"campaigns/{folder}/campaign.yaml"
    documents = {
        path: read_document(path, files[path], kind).value
        for path, kind in ((WORKSPACE_FILE, FileKind.WORKSPACE), (campaign, FileKind.CAMPAIGN))
        if path in files
    }
    known = bind_settings(documents.get(WORKSPACE_FILE)).value.locales.all
    document = documents.get(campaign)
    written = reader(None if document is None else document.root).texts("locales")
    return tuple(scalar.value for scalar in written if scalar.value in known) or known, known


def prepare_translation(
    files: Mapping[str, bytes], folder: str, locale: str, read: frozenset[str]
) -> tuple[Prepared, bytes] | None:
    """What brings the words of one campaign in `locale` up to date, and the translation file's new bytes.

    `read`: ids of the e-mails that somebody has read against the source again. None where campaign.yaml or the
    translation has a mistake that `lint` must show first.
    """
    findings = Findings()
    campaign, translation = f"campaigns/{folder}/campaign.yaml", f"campaigns/{folder}/{locale}.yaml"
    documents = {
        path: findings.take(read_yaml(findings.take(decode(path, files[path]))))
        for path in (campaign, translation)
        if path in files
    }
    if campaign not in documents or any(found.severity is Severity.ERROR for found in findings):
        return None
    ours = documents.get(translation)
    prepared = prepare(documents[campaign], ours, read)
    if ours is None:
        return prepared, prepared.text.encode()
    content = apply_edits(files[translation], ours.source, prepared.edits)
    return None if content is None else (prepared, content)


def _composed(
    campaign: Campaign, draft: Draft, memory: Memory, tick: Callable[[int], None]
) -> Checked[tuple[RenderedEmail, ...]]:
    """A campaign's e-mails in every version, rendered."""

    def make() -> Checked[tuple[RenderedEmail, ...]]:
        findings = Findings()
        made: list[RenderedEmail] = []
        for email in campaign.emails:
            for version in email.versions:
                messages = findings.take(draft.messages(version, email, campaign))
                made.extend(messages)
                tick(1)
        return findings.done(tuple(made))

    reached = memory.recall("uses", (draft.layouts,), partial(uses, draft.layouts))
    files = {name: reached.get(name) for name in files_of(campaign)}
    inputs = (Same(campaign), draft.programme.settings, draft.looks, files)
    return memory.recall(("mail", campaign.folder), inputs, make)


def _judged(
    draft: Draft,
    made: Mapping[str, Checked[tuple[RenderedEmail, ...]]],
    as_of: date,
    memory: Memory,
    tick: Callable[[int], None],
) -> Iterator[Diagnostic]:
    """What the rules find: in the programme as a whole, and in each campaign, which knows no other."""
    programme = draft.programme
    facts = Facts(
        as_of=as_of,
        profile=programme.settings.profile,
        documents=draft.documents,
        programme=programme,
        sources=draft.sources,
        unread=draft.unread,
        layouts=draft.layouts.own,
    )
    yield from check_programme(programme, facts)
    documents = Table(draft.documents)
    apart = replace(programme, campaigns=())
    facts = replace(facts, documents=documents, programme=apart, sources=draft.layout_sources)
    for campaign in programme.campaigns:
        messages = made[campaign.folder].value
        shared = (as_of, programme.settings, programme.dictionary, programme.consent, draft.layouts)
        check = partial(_checked, campaign, messages, facts, tick)
        inputs = (Same(campaign), Same(messages), *shared)
        yield from memory.recall(("findings", campaign.folder), inputs, check, (documents,))


def _checked(
    campaign: Campaign, messages: tuple[RenderedEmail, ...], facts: Facts, tick: Callable[[int], None]
) -> tuple[Diagnostic, ...]:
    return tuple(check_campaign(campaign, messages, facts, tick))


def _ticker(programme: Programme, progress: Progress | None) -> Callable[[int], None]:
    """Counts e-mails, each twice: when it is rendered, and when it is judged."""
    total = 2 * sum(len(email.versions) for campaign in programme.campaigns for email in campaign.emails)
    done = 0

    def tick(count: int) -> None:
        nonlocal done
        done += count
        if progress is not None:
            progress(done, total)

    return tick


def _as_of(document: Document | None, programme: Programme, now: datetime) -> Checked[date]:
    """The workspace's own `as_of`, else today in the practice's zone."""
    findings = Findings()
    scalar = reader(document.root if document is not None else None).scalar("as_of")
    if scalar is not None:
        found = parse_date(scalar.value)
        if found is not None:
            return Checked(found)
        advice = 'write year, month and day: `"2026-09-08"`'
        findings.add(IMPOSSIBLE_TIME.at(scalar.span, value=scalar.value[:60], what="date", advice=advice))
    zone = zone_info(programme.settings.practice.value("time_zone") or "UTC")
    return findings.done(now.astimezone(zone).date())


def _bundle(
    draft: Draft, made: Mapping[str, Checked[tuple[RenderedEmail, ...]]], in_force: tuple[Waiver, ...]
) -> Mapping[str, bytes]:
    from campcompile import bundling  # a lint makes no bundle: manifest and codec cost a tenth of its start
    from campcompile.model.planning import derivations_of

    programme = draft.programme
    pictures = {asset.name: draft.files[asset.path] for asset in programme.assets.values()}
    derived = dict(derivations_of(programme))
    bundles = [
        bundling.bundle(campaign, made[campaign.folder].value, programme, pictures, _DATA, derived, in_force)
        for campaign in programme.campaigns
    ]
    files: dict[str, bytes] = {}
    for bundle in bundles:
        files |= bundle.files
    packs = {pack.id: str(pack.checked_at) for pack in packs_of(programme.settings.jurisdictions)}
    files["index.json"] = bundling.index(bundles, _DATA, packs)
    return files


def _sorted(diagnostics: Iterable[Diagnostic]) -> tuple[Diagnostic, ...]:
    """By place, each once."""
    unique = {found.sort_key: found for found in diagnostics}
    return tuple(unique[key] for key in sorted(unique))


__all__ = ["Compilation", "FileKind", "campaign_locales", "compile_files", "prepare_translation"]
