"""A bundle as the runner has it: the manifest, and files that are what the manifest says they are."""

from __future__ import annotations

import json
from difflib import get_close_matches
from hashlib import sha256
from pathlib import Path

from campcompile.errors import BundleError, UsageError
from campcompile.manifest import Email, File, Manifest, Rendering, bundle_digest, from_json
from campcompile.parts import Context, Parts
from campcompile.parts_text import PartsError, parse_parts
from campcompile.render import Template, names
from campcompile.values import dataclass

_AGAIN = "compile the campaign again, and send from the bundle that comes out"


@dataclass(frozen=True, slots=True, kw_only=True)
class Bundle:
    """A manifest and its files, every digest checked."""

    folder: Path
    manifest: Manifest
    contents: dict[str, bytes]  # path → bytes
    name: str = "manifest.json"  # in the folder

    def email(self, id: str) -> Email:
        """Raises UsageError with the ids there are."""
        for email in self.manifest.emails:
            if email.id == id:
                return email
        known = [email.id for email in self.manifest.emails]
        near = get_close_matches(id, known, n=1)
        meant = f"did you mean `{near[0]}`? " if near else ""
        raise UsageError(
            f"no e-mail `{id}` in campaign `{self.manifest.code}`",
            help=f"{meant}there are {', '.join(map('`{}`'.format, known))}",
        )

    def template(self, rendering: Rendering) -> Template:
        """Raises BundleError for a file that isn't in the neutral form, or prints what isn't listed."""
        try:
            template = Template(
                subject=parse_parts(rendering.subject, Context.HEADER, ()),
                preheader=parse_parts(rendering.preheader, Context.HEADER, ()),
                html=self._parts(rendering.html, Context.TEXT),
                text=self._parts(rendering.text, Context.PLAIN),
                calendar=self._parts(rendering.calendar, Context.CALENDAR) if rendering.calendar else (),
                portal_html=self._parts(rendering.portal.html, Context.TEXT) if rendering.portal else (),
                portal_text=self._parts(rendering.portal.text, Context.PLAIN) if rendering.portal else (),
            )
        except (PartsError, UnicodeDecodeError) as error:
            raise BundleError(f"`{rendering.html.path}` or its neighbours: {error}", help=_AGAIN) from None
        for parts in template.all:
            if unknown := names(parts) - self.manifest.derived.keys():
                raise BundleError(f"`{rendering.html.path}` prints `{min(unknown)}`, which is not listed", help=_AGAIN)
        return template

    def picture(self, name: str) -> bytes:
        return self.contents[f"assets/{name}"]

    def media_type(self, name: str) -> str:
        return next(asset.media_type for asset in self.manifest.assets if asset.name == name)

    def _parts(self, file: File, context: Context) -> Parts:
        pictures = {asset.name for asset in self.manifest.assets}
        return parse_parts(self.contents[file.path].decode(), context, pictures)


class Current:
    """Whether the manifest on the disk is still the one that was read: asked at each message, so it looks at the file's
    mark first. One that never lay on a disk stays as it is."""

    def __init__(self, bundle: Bundle) -> None:
        self._path = bundle.folder / bundle.name
        self._content = self._read() if self._path.exists() else None
        self._seen: tuple[int, ...] = ()

    def __call__(self) -> bool:
        if self._content is None:
            return True
        try:
            found = self._path.stat()
            mark = (found.st_ino, found.st_mtime_ns, found.st_size)
            if mark != self._seen and self._read() == self._content:
                self._seen = mark
        except OSError:  # it is being written anew
            return False
        return mark == self._seen

    def _read(self) -> bytes:
        return sha256(self._path.read_bytes()).digest()


def read_bundle(path: Path) -> Bundle:
    """Reads manifest.json (or the folder that holds it) and every file that it lists.

    Raises BundleError where a file is missing, isn't the one that the manifest lists, or lies outside.
    """
    manifest_path = path / "manifest.json" if path.is_dir() else path
    folder = manifest_path.parent
    manifest = _manifest(manifest_path)
    contents = {file.path: _checked(folder, file) for file in manifest.files()}
    if bundle_digest(manifest.files()) != manifest.digest:
        raise BundleError(f"`{manifest_path}` lists files that its own digest isn't of", help=_AGAIN)
    return Bundle(folder=folder, manifest=manifest, contents=contents, name=manifest_path.name)


def _manifest(path: Path) -> Manifest:
    try:
        data = json.loads(path.read_bytes())
    except OSError as error:
        raise BundleError(
            f"can't read `{path}`: {error.strerror}", help="name the manifest.json, or its folder, under build/"
        ) from None
    except (ValueError, RecursionError):
        raise BundleError(f"`{path}` is no JSON", help=_AGAIN) from None
    try:
        return from_json(data)
    except ValueError as error:
        raise BundleError(f"`{path}` is no manifest of this version: {error}", help=_AGAIN) from None


def _checked(folder: Path, file: File) -> bytes:
    if file.path.startswith("/") or ".." in file.path.split("/") or "\\" in file.path or "\0" in file.path:
        raise BundleError(f"`{file.path}` lies outside the bundle", help=_AGAIN)
    try:
        content = (folder / file.path).read_bytes()
    except OSError as error:
        raise BundleError(f"can't read `{folder / file.path}`: {error.strerror}", help=_AGAIN) from None
    if sha256(content).hexdigest() != file.sha256:
        raise BundleError(
            f"`{folder / file.path}` is not the file that was compiled: it was changed since", help=_AGAIN
        )
    return content
