"""A draft is a workspace read and bound: the first half of a compile, from files to campaigns with their words."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterator, Mapping
from dataclasses import replace
from functools import partial
from typing import Any, TypeVar

from campcompile.mail.compose import compose
from campcompile.mail.layouts import Layouts, read_layouts
from campcompile.mail.looks import Looks, read_looks
from campcompile.mail.pictures import read_picture
from campcompile.memory import Memory, Table
from campcompile.model.blocks import Parts
from campcompile.model.campaign import Asset, Campaign, Email, Programme, Version
from campcompile.model.campaigns import CampaignFiles, Workplace, bind_campaign, check_codes
from campcompile.model.dictionary import bind_dictionary
from campcompile.model.fields import Dictionary
from campcompile.model.findings import REQUIRED_FILE, UNUSED_FILE
from campcompile.model.practice import Settings
from campcompile.model.read import reader
from campcompile.model.rendered import RenderedEmail
from campcompile.model.scope import Names
from campcompile.model.settings import bind_settings
from campcompile.model.shared import Phrase, check_segments, read_consent, read_phrases, read_segments
from campcompile.syntax.decode import LOST, decode
from campcompile.syntax.findings import Checked, Diagnostic, Findings
from campcompile.syntax.hygiene import check_characters, check_secrets
from campcompile.syntax.schema import FileKind, check_schema, kind_of
from campcompile.syntax.source import Source
from campcompile.syntax.suggest import nearest
from campcompile.syntax.tree import Document, Sequence
from campcompile.syntax.tree import Mapping as YamlMapping
from campcompile.syntax.yaml import read_yaml
from campcompile.values import dataclass

T = TypeVar("T")

WORKSPACE_FILE = "campcompile.yaml"
SHARED = "campaigns/_shared/"
_SHARED_FILES = tuple(f"{SHARED}{name}.yaml" for name in ("dictionary", "segments", "phrases", "consent", "waivers"))
_LOST_LETTERS = 20  # one in so many letters that are none: no text


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """A workspace read and bound; nothing is rendered or judged yet."""

    files: Mapping[str, bytes]
    documents: Mapping[str, Document]
    layout_sources: Mapping[str, Source]
    unread: Mapping[str, Source]  # texts in campaigns/ and layouts/ that nothing reads: a README, a list left behind
    programme: Programme
    layouts: Layouts
    looks: Looks
    diagnostics: tuple[Diagnostic, ...]
    is_whole: bool  # whether the files are there that no workspace can do without

    @property
    def sources(self) -> Mapping[str, Source]:
        return {path: document.source for path, document in self.documents.items()} | dict(self.layout_sources)

    def messages(
        self, version: Version, email: Email, campaign: Campaign, *, marked: bool = False
    ) -> Checked[tuple[RenderedEmail, ...]]:
        """One version of an e-mail rendered, once for each look that a site can give it.

        `marked`: with comments in the HTML that tell where each block begins.
        """
        findings = Findings()
        chosen_by, numbers = self.looks.at(version.scope)
        made = []
        for number in numbers:
            theme = self.looks.themes[number]
            settings = self.programme.settings
            message = compose(version, campaign, email, settings, self.layouts, theme, marked=marked)
            made.append(replace(findings.take(message), look=number, look_by=chosen_by))
        return findings.done(tuple(made))


@dataclass(frozen=True, slots=True)
class Focus:
    """One e-mail in one locale: all that somebody looks at."""

    campaign: str  # its folder
    email: str
    locale: str


def bind_files(files: Mapping[str, bytes], *, only: frozenset[str] = frozenset(), memory: Memory) -> Draft:
    """The first half of a compile: each file read, each campaign bound."""
    return _Binder(files, memory).draft(only)


def bind_email(files: Mapping[str, bytes], focus: Focus, *, memory: Memory) -> Draft:
    """The same for a single e-mail, twenty times as fast: the draft knows no other, and no other locale.

    What is found in it is found in that e-mail's own text, and in the files that all share.
    """
    own = f"campaigns/{focus.campaign}/"
    near = {path: data for path, data in files.items() if path.startswith(own) or not _is_of_campaign(path)}
    return _Binder(near, memory, focus).draft(frozenset())


def _is_of_campaign(path: str) -> bool:
    return path.startswith("campaigns/") and not path.startswith(SHARED)


def read_document(path: str, data: bytes, kind: FileKind) -> Checked[Document]:
    """A YAML file of a known kind, decoded, parsed and judged by its schema."""
    findings = Findings()
    source = findings.take(decode(path, data))
    document = findings.take(read_yaml(source))
    findings.extend(check_characters(document))
    findings.extend(check_secrets(document))
    if document.root.entries:
        findings.extend(check_schema(document, kind))
    return findings.done(document)


def _missing_files(documents: Mapping[str, Document]) -> Iterator[Diagnostic]:
    """A finding for each file that no workspace can do without."""
    required = {
        WORKSPACE_FILE: "what the practice is, and its policy",
        f"{SHARED}dictionary.yaml": "the records and fields that a campaign may use",
    }
    for path, purpose in required.items():
        if path not in documents:
            yield REQUIRED_FILE.at(Source(path, "").whole(), file=path, purpose=purpose)


class _Binder:
    """A workspace's files on their way to a programme, each step taken only where its inputs changed."""

    def __init__(self, files: Mapping[str, bytes], memory: Memory, focus: Focus | None = None) -> None:
        self.files = dict(sorted(files.items()))
        self.memory = memory
        self.focus = focus
        self.findings = Findings()
        self.documents: dict[str, Document] = {}
        self.assets: dict[str, Asset | None] = {}
        self.layout_sources: dict[str, Source] = {}

    def draft(self, only: frozenset[str]) -> Draft:
        self._read_documents()
        missing = tuple(_missing_files(self.documents))
        read = len(self.findings.found)
        settings = self._settings()
        names = self._names(settings)
        self._read_pictures()
        layouts = self._layouts()
        looks = self._looks(settings)
        workplace = Workplace(
            names=names,
            parts=Parts(phrases=self._phrases(names), assets=Table(self.assets)),
            consent=self._take("consent", (self._shared("consent"),), read_consent),
            layouts=layouts.names,
        )
        programme = Programme(
            settings=settings,
            dictionary=names.dictionary,
            segments=names.segments,
            campaigns=self._campaigns(workplace, only),
            assets={path: asset for path, asset in self.assets.items() if asset is not None},
            consent=workplace.consent,
        )
        if missing:  # then every name is unknown: only what each file says by itself is worth telling
            self.findings.found[read:] = missing
        return Draft(
            files=self.files,
            documents=self.documents,
            layout_sources=self.layout_sources,
            unread=dict(self._unread_texts()),
            programme=programme,
            layouts=layouts,
            looks=looks,
            diagnostics=tuple(self.findings.found),
            is_whole=not missing,
        )

    def _take(self, key: Hashable, inputs: tuple[Any, ...], make: Callable[..., Checked[T]]) -> T:
        """What `make` gives for the inputs, its findings kept."""
        return self.findings.take(self.memory.recall(key, inputs, lambda: make(*inputs)))

    def _read_documents(self) -> None:
        for path, data in self.files.items():
            kind = kind_of(path)
            if kind is not None:
                self.documents[path] = self._take(("document", path), (path, data, kind), read_document)

    def _shared(self, name: str) -> Document | None:
        return self.documents.get(f"{SHARED}{name}.yaml")

    def _settings(self) -> Settings:
        return self._take("settings", (self.documents.get(WORKSPACE_FILE),), bind_settings)

    def _names(self, settings: Settings) -> Names:
        dictionary = self._take("dictionary", (self._shared("dictionary"), settings), bind_dictionary)
        return self._take("names", (settings, dictionary, self._shared("segments")), _bind_names)

    def _phrases(self, names: Names) -> Table[str, Phrase]:
        return Table(self._take("phrases", (self._shared("phrases"), names), read_phrases))

    def _read_pictures(self) -> None:
        for path, data in self.files.items():
            if path.startswith("assets/"):
                self.assets[path.removeprefix("assets/")] = self._take(("picture", path), (path, data), read_picture)

    def _layouts(self) -> Layouts:
        for path, data in self.files.items():
            if path.startswith("layouts/") and path.endswith((".mjml", ".txt")):
                self.layout_sources[path] = self._take(("layout", path), (path, data), decode)
        return self._take("layouts", (self.layout_sources, self.assets), read_layouts)

    def _looks(self, settings: Settings) -> Looks:
        themes = {path: document for path, document in self.documents.items() if path.startswith("layouts/")}
        return self._take("looks", (themes, self.assets, settings.practice), read_looks)

    def _campaigns(self, workplace: Workplace, only: frozenset[str]) -> tuple[Campaign, ...]:
        folders: dict[str, dict[str, Document]] = {}
        for path, document in self.documents.items():
            parts = path.split("/")
            if len(parts) == 3 and parts[0] == "campaigns" and parts[1] != "_shared":
                folders.setdefault(parts[1], {})[parts[2].removesuffix(".yaml")] = document
        self._report_unread()
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
            if not only or folder in only:
                campaigns.append(self._campaign(folder, campaign, own, workplace))
        self.findings.take(check_codes(tuple(codes)))
        return tuple(campaigns)

    def _campaign(
        self, folder: str, document: Document, translations: Mapping[str, Document], place: Workplace
    ) -> Campaign:
        if self.focus is not None:
            translations = {name: file for name, file in translations.items() if name == self.focus.locale}
        files = CampaignFiles(
            folder=folder,
            document=document if self.focus is None else _with_one_email(document, self.focus.email),
            translations=translations,
        )
        names, parts = place.names, place.parts
        inputs = (document, translations, names.settings, names.dictionary, place.consent, place.layouts)
        return self.findings.take(
            self.memory.recall(
                ("campaign", folder, self.focus),
                inputs,
                lambda: bind_campaign(files, place),
                _tables(names.segments, parts.phrases, parts.assets),
            )
        )

    def _unread_paths(self) -> Iterator[str]:
        for path in self.files:
            is_read = path in self.documents or path in self.layout_sources
            if not is_read and path.startswith(("campaigns/", "layouts/")):
                yield path

    def _unread_texts(self) -> Iterator[tuple[str, Source]]:
        """Without what is no text, such as a letter from a word processor."""
        for path in self._unread_paths():
            data = self.files[path]
            source = self.memory.recall(("unread", path), (path, data), partial(decode, path, data)).value
            if source.text.count(LOST) * _LOST_LETTERS <= len(source.text):
                yield path, source

    def _report_unread(self) -> None:
        """A file in campaigns/ or layouts/ that nothing reads is a mistake in its name."""
        for path in self._unread_paths():
            name = path.rpartition("/")[2]
            if name.startswith(".") or name.upper().startswith("README"):
                continue
            near = nearest(path, _SHARED_FILES)
            if path.endswith(".yml"):
                advice = f"rename it to {name.removesuffix('.yml')}.yaml"
            elif near:
                advice = f"did you mean {near}?"
            else:
                advice = "move it out of this folder, or correct its name"
            self.findings.add(UNUSED_FILE.at(Source(path, "").whole(), file=path, advice=advice))


def _bind_names(settings: Settings, dictionary: Dictionary, document: Document | None) -> Checked[Names]:
    findings = Findings()
    names = Names(settings, dictionary, Table(findings.take(read_segments(document))))
    findings.take(check_segments(names))
    return findings.done(names)


def _tables(*found: Mapping[str, Any]) -> tuple[Table[str, Any], ...]:
    return tuple(one for one in found if isinstance(one, Table))


def _with_one_email(document: Document, id: str) -> Document:
    """campaign.yaml without the other e-mails."""
    entries = []
    for entry in document.root.entries:
        value = entry.value
        if entry.key.value == "emails" and isinstance(value, Sequence):
            rows = tuple(row for row in value.items if isinstance(row, YamlMapping) and reader(row).text("id") == id)
            entry = replace(entry, value=replace(value, items=rows))
        entries.append(entry)
    return replace(document, root=replace(document.root, entries=tuple(entries)))
