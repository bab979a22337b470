"""A campaign and its rendered e-mails become the files of its bundle: manifest, e-mails and pictures."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from hashlib import sha256

from campcompile import manifest
from campcompile.audience.planning import query_files
from campcompile.bundling.listing import TOOL, manifest_of
from campcompile.bundling.naming import Chosen, Names, renamed
from campcompile.model.campaign import Asset, Campaign, Programme
from campcompile.model.planning import Derivation
from campcompile.model.rendered import RenderedEmail
from campcompile.parts import Context, Parts
from campcompile.parts_text import print_parts
from campcompile.phi.assurance import assurance
from campcompile.syntax.waiver import Waiver
from campcompile.values import dataclass

_SHARED = "campaigns/_shared/"


@dataclass(frozen=True, slots=True, kw_only=True)
class Bundle:
    """What build/ holds for one campaign."""

    campaign: Campaign
    manifest: manifest.Manifest
    waivers: tuple[Waiver, ...]
    files: Mapping[str, bytes]  # path below build/ → bytes, the manifest too

    @property
    def manifest_path(self) -> str:
        return f"{self.campaign.code}/manifest.json"


def bundle(
    campaign: Campaign,
    rendered: tuple[RenderedEmail, ...],
    programme: Programme,
    pictures: Mapping[str, bytes],
    data: Mapping[str, str],
    made: Mapping[str, Derivation],
    waivers: Iterable[Waiver] = (),
) -> Bundle:
    """The files of one campaign.

    `pictures`: a picture's name in the bundle → its bytes; `data`: versions; `made`: the derived fields;
    `waivers`: those of the workspace.
    """
    own = _waivers(campaign, waivers)
    conditions = {email.id: email.condition for email in campaign.emails if email.condition is not None}
    names = Names()
    messages = tuple(renamed(message, names) for message in rendered)
    tests = {id: names.condition(condition) for id, condition in conditions.items()}
    folder = campaign.code
    files: dict[str, bytes] = {}
    contents: dict[str, bytes] = {}
    renderings: dict[str, list[manifest.Rendering]] = {email.id: [] for email in campaign.emails}
    for message in messages:
        renderings[message.email.id].append(_rendering(message, contents))
    files |= {f"{folder}/{path}": content for path, content in contents.items()}
    chosen = Chosen(messages, programme.settings, names)
    used = sorted({name for message in messages for name in message.assets})
    by_name = {asset.name: asset for asset in programme.assets.values()}
    assets = tuple(_asset(by_name[name], pictures[name]) for name in used)
    files |= {f"{folder}/assets/{name}": pictures[name] for name in used}
    built = manifest_of(campaign, programme, names, tests, chosen, renderings, assets, data, made, own)
    queries, planning = query_files(built)
    files |= {f"{folder}/{path}": content for path, content in queries.items()}
    built = replace(built, planning=planning)
    built = replace(built, digest=manifest.bundle_digest(built.files()))
    files[f"{folder}/manifest.json"] = manifest.to_bytes(built)
    return Bundle(campaign=campaign, manifest=built, waivers=own, files=files)


def index(bundles: Iterable[Bundle], data: Mapping[str, str], packs: Mapping[str, str]) -> bytes:
    """build/index.json: which folder became which code, and by what."""
    entries = tuple(
        manifest.Entry(
            folder=made.campaign.folder,
            code=made.campaign.code,
            manifest=manifest.File(path=made.manifest_path, sha256=_digest(made.files[made.manifest_path])),
            digest=made.manifest.digest,
            waivers=tuple(map(_full_waiver, made.waivers)),
        )
        for made in bundles
    )
    return manifest.to_bytes(
        manifest.Index(compiler=TOOL, data=data, packs=packs, assurance=assurance(), campaigns=entries)
    )


def _waivers(campaign: Campaign, waivers: Iterable[Waiver]) -> tuple[Waiver, ...]:
    """Those of a campaign's own files, and of what all campaigns share."""
    folder = f"campaigns/{campaign.folder}/"
    own = (one for one in waivers if one.path.startswith((folder, _SHARED)) or not one.path.startswith("campaigns/"))
    return tuple(sorted(own, key=lambda one: (one.path, one.rule.code, one.digest)))


def _full_waiver(waiver: Waiver) -> manifest.FullWaiver:
    return manifest.FullWaiver(
        rule=waiver.rule.code,
        path=waiver.path,
        digest=waiver.digest,
        until=waiver.until.isoformat(),
        by=waiver.by,
        reason=waiver.reason,
    )


def _rendering(message: RenderedEmail, contents: dict[str, bytes]) -> manifest.Rendering:
    """The listing of one message, whose files are added to `contents`; looks share those that are alike."""
    version = message.version
    variant = "" if version.variant == "a" else f".{version.variant}"
    stem = f"{version.email}.{version.locale}{variant}"

    def file(path: str, parts: Parts, context: Context) -> manifest.File:
        content = print_parts(parts, context).encode()
        if contents.setdefault(path, content) != content:
            start, dot, suffix = path.rpartition(".")
            path = f"{start}.{message.look}{dot}{suffix}"
            contents[path] = content
        return manifest.File(path=path, sha256=_digest(content))

    html, text, mjml = (
        file(f"emails/{stem}.html", message.html, Context.TEXT),
        file(f"emails/{stem}.txt", message.text, Context.PLAIN),
        file(f"emails/{stem}.mjml", message.mjml, Context.TEXT),
    )
    portal = calendar = None
    if message.calendar:
        folder = "emails" if message.portal is None else "portal"
        calendar = file(f"{folder}/{stem}.ics", message.calendar, Context.CALENDAR)
    if message.portal is not None:
        portal = manifest.PortalText(
            html=file(f"portal/{stem}.html", message.portal.html, Context.TEXT),
            text=file(f"portal/{stem}.txt", message.portal.text, Context.PLAIN),
        )
    return manifest.Rendering(
        locale=version.locale,
        variant=version.variant,
        look=message.look,
        subject=print_parts(message.subject, Context.HEADER),
        preheader=print_parts(message.preheader, Context.HEADER),
        html=html,
        text=text,
        mjml=mjml,
        portal=portal,
        calendar=calendar,
    )


def _asset(asset: Asset, data: bytes) -> manifest.Asset:
    return manifest.Asset(
        name=asset.name,
        sha256=_digest(data),
        media_type=asset.media_type,  # type: ignore[arg-type]
        width=asset.width,
        height=asset.height,
        bytes=asset.size,
    )


def _digest(data: bytes) -> str:
    return sha256(data).hexdigest()
