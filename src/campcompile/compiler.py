"""The order of the passes, written here and nowhere else: files in, findings and a bundle out.

    decode → YAML → schema → names and types → words in each locale → MJML, HTML, text → rules → bundle

Nothing below this line reads a disk, a clock or a socket: `files` are bytes, `now` is given.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import replace
from datetime import date, datetime

from campcompile import formats
from campcompile.analysis.facts import Facts
from campcompile.analysis.law import packs_of
from campcompile.mail.compose import compose
from campcompile.mail.layouts import Layouts, read_layouts
from campcompile.mail.looks import Looks, read_looks
from campcompile.mail.pictures import read_picture
from campcompile.model.blocks import Parts
from campcompile.model.campaign import Asset, Campaign, Programme
from campcompile.model.campaigns import CampaignFiles, Workplace, bind_campaign, check_codes
from campcompile.model.dictionary import bind_dictionary
from campcompile.model.findings import IMPOSSIBLE_TIME, REQUIRED_FILE, UNUSED_FILE
from campcompile.model.read import reader
from campcompile.model.rendered import RenderedEmail
from campcompile.model.scope import Names
from campcompile.model.settings import bind_settings
from campcompile.model.shared import check_segments, read_consent, read_phrases, read_segments
from campcompile.model.timing import parse_date
from campcompile.model.translating import Prepared, prepare
from campcompile.rules.engine import run_rules
from campcompile.rules.suppressions import apply
from campcompile.syntax.decode import decode
from campcompile.syntax.findings import Diagnostic, Findings, Severity
from campcompile.syntax.fixes import apply_edits
from campcompile.syntax.hygiene import check_characters, check_secrets
from campcompile.syntax.schema import FileKind, check_schema, kind_of
from campcompile.syntax.source import Source
from campcompile.syntax.suggest import nearest
from campcompile.syntax.tree import Document
from campcompile.syntax.yaml import read_yaml
from campcompile.values import dataclass
from campcompile.zones import zone as zone_info

Progress = Callable[[int, int], None]

WORKSPACE_FILE = "campcompile.yaml"
SHARED = "campaigns/_shared/"
_DATA = formats.data_versions()  # read when the module loads: a compile reads nothing


@dataclass(frozen=True, kw_only=True)
class Compilation:
    """All that one compile found and made."""

    programme: Programme
    rendered: tuple[RenderedEmail, ...]
    sources: Mapping[str, Source]  # by workspace-relative path
    diagnostics: tuple[Diagnostic, ...]  # sorted by place; suppressed ones left out
    suppressed: tuple[Diagnostic, ...]
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
) -> Compilation:
    """Compile a workspace held in memory.

    `files`: workspace-relative POSIX path → bytes. `now`: the instant that the command began, which
    gives `as_of` where neither the caller nor campcompile.yaml states one. `only`: folders of campaigns
    to report on and compile; empty for all. Never raises for what an author wrote.
    """
    findings = Findings()
    documents = _read_documents(files, findings)
    missing = tuple(_missing_files(documents))
    read = len(findings.found)
    parsed = _Parsed(files, documents, findings)
    programme, layouts, looks = parsed.bind(only)
    messages = _compose_all(programme, layouts, looks, findings, progress)
    stated = _as_of(documents.get(WORKSPACE_FILE), programme, now, findings)
    as_of = as_of or stated
    sources = {path: document.source for path, document in documents.items()} | parsed.layout_sources
    facts = Facts(
        as_of=as_of,
        profile=programme.settings.profile,
        documents=documents,
        programme=programme,
        sources=sources,
        layouts=layouts.own,
    )
    findings.extend(run_rules(programme, messages, facts))
    if missing:  # then every name is unknown, and nothing more can be said than what each file says by itself
        findings.found[read:] = missing
    kept, suppressed, hygiene = apply(_sorted(findings), documents, as_of)
    diagnostics = _of_interest(_sorted((*kept, *hygiene)), only, programme)
    failed = any(found.severity is Severity.ERROR for found in diagnostics)
    bundle: Mapping[str, bytes] = {} if failed or lint_only else _bundle(programme, messages, parsed.picture_bytes())
    return Compilation(
        programme=programme,
        rendered=messages,
        sources=sources,
        diagnostics=diagnostics,
        suppressed=tuple(suppressed),
        as_of=as_of,
        bundle=bundle,
    )


def campaign_locales(files: Mapping[str, bytes], folder: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The locales of one campaign, first the one of campaign.yaml itself, and all of the workspace."""
    campaign = f"campaigns/{folder}/campaign.yaml"
    wanted = {path: files[path] for path in (WORKSPACE_FILE, campaign) if path in files}
    documents = _read_documents(wanted, Findings())
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


def _read_documents(files: Mapping[str, bytes], findings: Findings) -> dict[str, Document]:
    """Every YAML file of a known kind, decoded, parsed and judged by its schema."""
    documents = {}
    for path in sorted(files):
        kind = kind_of(path)
        if kind is None:
            continue
        source = findings.take(decode(path, files[path]))
        document = documents[path] = findings.take(read_yaml(source))
        findings.extend(check_characters(document))
        findings.extend(check_secrets(document))
        if document.root.entries:
            findings.extend(check_schema(document, kind))
    return documents


def _missing_files(documents: Mapping[str, Document]) -> Iterator[Diagnostic]:
    """A finding for each file that no workspace can do without."""
    required = {
        WORKSPACE_FILE: "what the practice is, and its policy",
        f"{SHARED}dictionary.yaml": "the records and fields that a campaign may use",
    }
    for path, purpose in required.items():
        if path not in documents:
            yield REQUIRED_FILE.at(Source(path, "").whole(), file=path, purpose=purpose)


class _Parsed:
    """A workspace's documents on their way to a programme."""

    def __init__(self, files: Mapping[str, bytes], documents: Mapping[str, Document], findings: Findings) -> None:
        self.files = files
        self.documents = documents
        self.findings = findings
        self.assets: dict[str, Asset | None] = {}
        self.layout_sources: dict[str, Source] = {}

    def bind(self, only: frozenset[str]) -> tuple[Programme, Layouts, Looks]:
        findings = self.findings
        settings = findings.take(bind_settings(self.documents.get(WORKSPACE_FILE)))
        dictionary = findings.take(bind_dictionary(self._shared("dictionary"), settings))
        segments = findings.take(read_segments(self._shared("segments")))
        names = Names(settings, dictionary, segments)
        findings.take(check_segments(names))
        phrases = findings.take(read_phrases(self._shared("phrases"), names))
        consent = findings.take(read_consent(self._shared("consent")))
        self._read_pictures()
        layouts = self._read_layouts()
        looks = findings.take(read_looks(self.documents, self.assets, settings.practice))
        workplace = Workplace(
            names=names,
            parts=Parts(phrases=phrases, assets=self.assets),
            consent=consent,
            layouts=layouts.names,
        )
        campaigns = self._campaigns(workplace, only)
        programme = Programme(
            settings=settings,
            dictionary=dictionary,
            campaigns=campaigns,
            assets={path: asset for path, asset in self.assets.items() if asset is not None},
            consent=consent,
        )
        return programme, layouts, looks

    def picture_bytes(self) -> Mapping[str, bytes]:
        """The bytes of each readable picture by its name in the bundle."""
        return {asset.name: self.files[asset.path] for asset in self.assets.values() if asset is not None}

    def _shared(self, name: str) -> Document | None:
        return self.documents.get(f"{SHARED}{name}.yaml")

    def _read_pictures(self) -> None:
        for path in sorted(self.files):
            if path.startswith("assets/"):
                asset = self.findings.take(read_picture(path, self.files[path]))
                self.assets[path.removeprefix("assets/")] = asset

    def _read_layouts(self) -> Layouts:
        sources = {}
        for path in sorted(self.files):
            if path.startswith("layouts/") and path.endswith((".mjml", ".txt")):
                sources[path] = self.findings.take(decode(path, self.files[path]))
        self.layout_sources = sources
        return self.findings.take(read_layouts(sources, self.assets))

    def _campaigns(self, workplace: Workplace, only: frozenset[str]) -> tuple[Campaign, ...]:
        folders: dict[str, dict[str, Document]] = {}
        for path, document in self.documents.items():
            parts = path.split("/")
            if len(parts) == 3 and parts[0] == "campaigns" and parts[1] != "_shared":
                folders.setdefault(parts[1], {})[parts[2].removesuffix(".yaml")] = document
        self._report_unread(folders)
        campaigns = []
        codes = []
        for folder in sorted(folders):
            own = folders[folder]
            campaign = own.pop("campaign", None)
            if campaign is None:
                first = next(iter(own.values()))
                advice = f"add campaigns/{folder}/campaign.yaml, or delete the folder"
                self.findings.add(UNUSED_FILE.at(first.source.whole(), file=first.source.path, advice=advice))
                continue
            if not campaign.root.entries:
                continue  # nothing of it could be read: that has its finding
            codes.append((reader(campaign.root).text("code"), reader(campaign.root).span("code")))
            if only and folder not in only:
                continue
            files = CampaignFiles(folder=folder, document=campaign, translations=own)
            campaigns.append(self.findings.take(bind_campaign(files, workplace)))
        self.findings.take(check_codes(tuple(codes)))
        return tuple(campaigns)

    def _report_unread(self, folders: Iterable[str]) -> None:
        """A file in campaigns/ or layouts/ that nothing reads is a mistake in its name."""
        for path in sorted(self.files):
            if path in self.documents or not path.startswith(("campaigns/", "layouts/")):
                continue
            if path.startswith("layouts/") and path.endswith((".mjml", ".txt")):
                continue
            name = path.rpartition("/")[2]
            if name.startswith(".") or name.upper().startswith("README"):
                continue
            near = nearest(path, [f"{SHARED}{kind}.yaml" for kind in ("dictionary", "segments", "phrases", "consent")])
            if path.endswith(".yml"):
                advice = f"rename it to {name.removesuffix('.yml')}.yaml"
            elif near:
                advice = f"did you mean {near}?"
            else:
                advice = "move it out of this folder, or correct its name"
            self.findings.add(UNUSED_FILE.at(Source(path, "").whole(), file=path, advice=advice))


def _compose_all(
    programme: Programme, layouts: Layouts, looks: Looks, findings: Findings, progress: Progress | None
) -> tuple[RenderedEmail, ...]:
    total = sum(len(email.versions) for campaign in programme.campaigns for email in campaign.emails)
    messages: list[RenderedEmail] = []
    done = 0
    for campaign in programme.campaigns:
        for email in campaign.emails:
            for version in email.versions:
                chosen_by, numbers = looks.at(version.scope)
                for number in numbers:
                    theme = looks.themes[number]
                    message = findings.take(compose(version, campaign, email, programme.settings, layouts, theme))
                    messages.append(replace(message, look=number, look_by=chosen_by))
                done += 1
                if progress is not None:
                    progress(done, total)
    return tuple(messages)


def _as_of(document: Document | None, programme: Programme, now: datetime, findings: Findings) -> date:
    """The workspace's own `as_of`, else today in the practice's zone."""
    scalar = reader(document.root if document is not None else None).scalar("as_of")
    if scalar is not None:
        found = parse_date(scalar.value)
        if found is not None:
            return found
        advice = 'write year, month and day: `"2026-09-08"`'
        findings.add(IMPOSSIBLE_TIME.at(scalar.span, value=scalar.value[:60], what="date", advice=advice))
    return now.astimezone(zone_info(programme.settings.practice.value("time_zone") or "UTC")).date()


def _bundle(
    programme: Programme, messages: tuple[RenderedEmail, ...], pictures: Mapping[str, bytes]
) -> Mapping[str, bytes]:
    from campcompile import bundling  # a lint makes no bundle: manifest and codec cost a tenth of its start

    of_campaign: dict[str, list[RenderedEmail]] = {campaign.code: [] for campaign in programme.campaigns}
    for message in messages:
        of_campaign[message.campaign.code].append(message)
    bundles = [
        bundling.bundle(campaign, tuple(of_campaign[campaign.code]), programme, pictures, _DATA)
        for campaign in programme.campaigns
    ]
    files: dict[str, bytes] = {}
    for made in bundles:
        files |= made.files
    packs = {pack.id: str(pack.checked_at) for pack in packs_of(programme.settings.jurisdictions)}
    files["index.json"] = bundling.index(bundles, _DATA, packs)
    return files


def _sorted(diagnostics: Iterable[Diagnostic]) -> tuple[Diagnostic, ...]:
    """By place, each once."""
    unique = {found.sort_key: found for found in diagnostics}
    return tuple(unique[key] for key in sorted(unique))


def _of_interest(
    diagnostics: tuple[Diagnostic, ...], only: frozenset[str], programme: Programme
) -> tuple[Diagnostic, ...]:
    """Those of the chosen campaigns and of what all share; all of them where nothing was chosen."""
    if not only:
        return diagnostics
    own = (*(f"campaigns/{folder}/" for folder in only), SHARED)
    return tuple(d for d in diagnostics if not d.span.path.startswith("campaigns/") or d.span.path.startswith(own))


__all__ = ["Compilation", "FileKind", "compile_files"]
