"""Layouts and blocks as files: ours in this folder, a workspace's own of the same name over them.

A block is one MJML file (its look), its plain-text twin, and an entry in campaign.schema.json; a layout is
`NAME.mjml` and `NAME.txt` around a body of blocks.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import field, replace
from functools import cache
from pathlib import PurePosixPath

from campcompile.mail.locale_words import words_of
from campcompile.mail.theme import Palette
from campcompile.model.campaign import Asset, Campaign
from campcompile.model.findings import UNKNOWN_NAME
from campcompile.package_files import package_names, package_text
from campcompile.syntax.findings import Checked, Diagnostic, Findings, Severity
from campcompile.syntax.findings_lay import ALT_TEXT, LANG_AND_DIR, LINK_SAFETY, TEXT_TARGET
from campcompile.syntax.layout import read_layout
from campcompile.syntax.layout_files import check_bodies, check_layouts
from campcompile.syntax.layout_names import check_names
from campcompile.syntax.layout_tree import LayoutFile
from campcompile.syntax.schema import block_specs
from campcompile.syntax.source import Source
from campcompile.syntax.suggest import nearest_file
from campcompile.values import dataclass

_FOLDER = "mail/layouts"
OWN = "layouts/"  # where a workspace keeps its own
DEFAULT_LAYOUT = "clinic"
PORTAL_LAYOUT = "portal-text"  # around a body that goes to the portal, which has a header and a footer of its own
_SHARED_NAMES = frozenset(
    (
        *("lang", "dir", "start", "end", "subject", "preheader", "layer", "privacy_notice", "opt_out.page", "links.*"),
        *("practice.*", "recipient.*", "contact.lines", "contact.map", "theme.font", "theme.heading_font"),
        *(
            "theme.radius",
            "theme.button_radius",
            "theme.logo",
            "theme.logo_alt",
            "theme.logo_width",
            "theme.logo_height",
        ),
        *(f"theme.{mode}{colour}" for mode in ("", "dark.") for colour in Palette.__dataclass_fields__),
    )
)
# Mistakes in what a layout says; any other is one in how it is written.
_RENDERED_ANYHOW = (ALT_TEXT, LANG_AND_DIR, LINK_SAFETY, TEXT_TARGET, UNKNOWN_NAME)
_NAMESPACES = frozenset(name.partition(".")[0] for name in _SHARED_NAMES) | {"words"}


@dataclass(frozen=True, slots=True)
class Layouts:
    files: Mapping[str, LayoutFile]  # by name as seen from layouts/: "blocks/button.mjml"
    own: Mapping[str, LayoutFile] = field(default_factory=dict)  # those of them that the workspace brings
    assets: Mapping[str, Asset] = field(default_factory=dict)  # by path below assets/, for layouts that name them

    @property
    def names(self) -> frozenset[str]:
        """What a campaign's `layout:` may be."""
        return frozenset(
            name.removesuffix(".mjml") for name in self.files if name.endswith(".mjml") and "/" not in name
        ) - {PORTAL_LAYOUT}


def read_layouts(sources: Mapping[str, Source], assets: Mapping[str, Asset | None] | None = None) -> Checked[Layouts]:
    """A workspace's files of layouts/, by path ("layouts/clinic.mjml"), over ours; findings are about its own.

    `assets` are the pictures by path below assets/ (None: there, but refused).
    """
    if not sources:
        return Checked(_built_in())
    findings = Findings()
    files = dict(_built_in().files)
    for path, source in sorted(sources.items()):
        name = path.removeprefix(OWN)
        files[name] = findings.take(read_layout(source))
        findings.extend(check_names(files[name], _known_names(name, files[name])))
    findings.extend(found for found in check_layouts(files) if found.span.path.startswith(OWN))
    findings.extend(_missing_pictures(files, assets or {}))
    whole = {name: file for name, file in files.items() if name not in _broken(findings)}
    findings.extend(found for found in check_bodies(whole) if found.span.path.startswith(OWN))
    mended = _mended(files, findings)
    return findings.done(
        Layouts(
            files=mended,
            own={name: file for name, file in mended.items() if file.source.path.startswith(OWN)},
            assets={path: asset for path, asset in (assets or {}).items() if asset is not None},
        )
    )


def uses(layouts: Layouts) -> Mapping[str, Mapping[str, LayoutFile | Asset]]:
    """For each file of layouts/ what filling it reads of the workspace's own: files, and pictures named in them.

    Ours are left out: they don't change.
    """
    if not layouts.own:
        return {}
    reached = {name: dict(_reached_from(name, layouts)) for name in layouts.files}
    return {name: found for name, found in reached.items() if found}


def files_of(campaign: Campaign) -> Iterator[str]:
    """The files of layouts/ that the e-mails of a campaign are filled into, whether they are there or not."""
    versions = [version for email in campaign.emails for version in email.versions]
    kinds = {block.kind for version in versions for block in (*version.blocks, *version.notice)}
    for name in (campaign.layout, DEFAULT_LAYOUT, PORTAL_LAYOUT, *(f"blocks/{kind}" for kind in sorted(kinds))):
        yield from (name + suffix for suffix in (".mjml", ".txt"))


def _reached_from(name: str, layouts: Layouts) -> Iterator[tuple[str, LayoutFile | Asset]]:
    seen = set()
    waiting = [name]
    while waiting:
        name = waiting.pop()
        if name not in layouts.files or name in seen:
            continue
        seen.add(name)
        waiting += (inner.name for inner in layouts.files[name].includes)
        if name in layouts.own:
            yield name, layouts.own[name]
            paths = (picture.path.removeprefix("assets/") for picture in layouts.own[name].pictures)
            yield from ((f"assets/{path}", layouts.assets[path]) for path in paths if path in layouts.assets)


def _mended(files: Mapping[str, LayoutFile], findings: Findings) -> dict[str, LayoutFile]:
    """The files, ours in the place of those that can't be rendered: all else is checked as if they were whole."""
    broken = _broken(findings)
    return {name: _like(file, name) if name in broken else file for name, file in files.items()}


def _broken(findings: Findings) -> set[str]:
    return {
        found.span.path.removeprefix(OWN)
        for found in findings
        if found.severity is Severity.ERROR and found.rule not in _RENDERED_ANYHOW
    }


def _like(file: LayoutFile, name: str) -> LayoutFile:
    """Our file of the same name; our layout for one of another name; nothing for what only layouts include."""
    ours = _built_in().files
    if name in ours:
        return ours[name]
    return replace(file, nodes=(), names=()) if file.fragment else ours[DEFAULT_LAYOUT + PurePosixPath(name).suffix]


def _missing_pictures(files: Mapping[str, LayoutFile], assets: Mapping[str, Asset | None]) -> Iterator[Diagnostic]:
    for file in files.values():
        for use in file.pictures:
            name = use.path.removeprefix("assets/")
            if name not in assets and ".." not in name:  # that has a finding
                near = nearest_file(name, assets)
                advice = f"did you mean `assets/{near}`?" if near else "put the file into assets/ (PNG, JPEG or GIF)"
                yield UNKNOWN_NAME.at(use.span, kind="picture", name=name, advice=advice)


@cache
def _built_in() -> Layouts:
    return Layouts(files=_BuiltIn())


class _BuiltIn(Mapping[str, LayoutFile]):
    """Our own files by name, each read when it is asked for: an e-mail needs a third of them."""

    def __init__(self) -> None:
        self._names = dict.fromkeys(package_names(_FOLDER, ".mjml", ".txt"))

    def __getitem__(self, name: str) -> LayoutFile:
        if name not in self._names:
            raise KeyError(name)
        return _own_file(name)

    def __contains__(self, name: object) -> bool:
        return name in self._names

    def __iter__(self) -> Iterator[str]:
        return iter(self._names)

    def __len__(self) -> int:
        return len(self._names)


@cache
def _own_file(name: str) -> LayoutFile:
    checked = read_layout(Source(f"campcompile/{OWN}{name}", package_text(f"{_FOLDER}/{name}")))
    assert not checked.diagnostics, f"{name}: {checked.diagnostics[0].message}"
    return checked.value


def _known_names(name: str, file: LayoutFile) -> set[str]:
    """Names that have a value in a file; those of the dictionary's records are bound in each e-mail."""
    words = words_of("en")
    assert words is not None
    known = {*_SHARED_NAMES, *(f"words.{key}" for key in words.wordings)}
    block = block_specs().get(name.removeprefix("blocks/").rpartition(".")[0]) if name.startswith("blocks/") else None
    if block is None:
        known |= {"body"}
        own = frozenset[str]()
    else:
        own = frozenset(block.fields)
        known |= own | {f"{field}[]" for field in own}
        known |= {"rows[].label", "rows[].value", "src.width", "src.height"}
    for use in file.names:
        root, dot, _ = use.path.partition(".")
        if dot and root.removesuffix("[]") not in _NAMESPACES | own:
            known.add(use.path)
    return known
