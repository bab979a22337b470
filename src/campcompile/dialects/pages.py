"""Pages: each version of an e-mail in a service's words, and the files that hold them."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Callable, Iterable, Iterator

from campcompile.dialects.compiled import Compiled, Mailing
from campcompile.dialects.dialect import Dialect, Medium
from campcompile.dialects.export import zipped
from campcompile.dialects.variables import Variable, variables_in
from campcompile.dialects.writing import Pen
from campcompile.formula import source_fields
from campcompile.manifest import Email, Manifest, Rendering
from campcompile.parts import Parts
from campcompile.plain import collapsed
from campcompile.values import dataclass
from campcompile.zones import zone

_DURATION = re.compile(r"P(?:([0-9]+)M)?(?:([0-9]+)D)?(?:T(?:([0-9]+)H)?(?:([0-9]+)M)?)?|([0-9]+)BD")
_UNITS = ("month", "day", "hour", "minute", "working day")


@dataclass(frozen=True, slots=True, kw_only=True)
class Texts:
    """One version as a service takes it."""

    subject: str
    preheader: str
    html: str
    text: str
    pictures: tuple[str, ...]


def pen_of(compiled: Compiled, dialect: Dialect, picture: Callable[[str], str] = "assets/{}".format) -> Pen:
    manifest = compiled.manifest
    return Pen(
        dialect=dialect,
        code=manifest.code,
        derived=manifest.derived,
        opt_out=manifest.opt_out.page if manifest.opt_out else "",
        picture=picture,
    )


def texts_of(compiled: Compiled, rendering: Rendering, pen: Pen) -> Texts:
    """Raises UnsayableError where the service would misread the author's words."""
    template = compiled.template(rendering)
    shown: dict[str, None] = {}

    def picture(name: str) -> str:
        shown[name] = None
        return pen.picture(name)

    own = Pen(dialect=pen.dialect, code=pen.code, derived=pen.derived, opt_out=pen.opt_out, picture=picture)
    return Texts(
        subject=collapsed(own.write(template.subject, Medium.PLAIN)),
        preheader=collapsed(own.write(template.preheader, Medium.PLAIN)),
        html=own.write(template.html, Medium.HTML),
        text=own.write(template.text, Medium.PLAIN),
        pictures=tuple(shown),
    )


def variables_of(compiled: Compiled, dialect: Dialect) -> dict[Variable, None]:
    """All that a campaign's texts print or test, in order of appearance."""
    pen = pen_of(compiled, dialect)
    found: dict[Variable, None] = {}
    for email in compiled.manifest.emails:
        for rendering in email.renderings:
            template = compiled.template(rendering)
            for parts, in_html in _texts(template.subject, template.preheader, template.text, html=template.html):
                found |= variables_in(parts, pen.derived, in_html=in_html, before=pen.escapes_before)
    return found


def field_names(compiled: Compiled, dialect: Dialect) -> tuple[str, ...]:
    """What each person brings, by its name at the service: a version of each e-mail, then all that texts ask for."""
    manifest = compiled.manifest
    shorts = (*map(version_variable, manifest.emails), *(one.short for one in variables_of(compiled, dialect)))
    return tuple(dialect.name(manifest.code, short) for short in shorts)


def _texts(*plain: Parts, html: Parts) -> Iterator[tuple[Parts, bool]]:
    yield from ((parts, False) for parts in plain)
    yield html, True


def version_variable(email: Email) -> str:
    """The short name of the variable that says which version of an e-mail a person gets, "" for none: `e1`."""
    return f"e{email.position}"


def version_value(mailing: Mailing) -> str:
    """What that variable is for the people of one mailing: `en`, or `en.2` for a look of its own."""
    return mailing.stem.removeprefix(f"{mailing.email.id}.")


def stem_of(mailing: Mailing, rendering: Rendering) -> str:
    return mailing.stem if rendering.variant == "a" else f"{mailing.stem}.{rendering.variant}"


def page_files(compiled: Compiled, mailing: Mailing, pen: Pen, *, zips: bool = False) -> dict[str, bytes]:
    """HTML and text of each version of a mailing, its pictures in assets/; `zips`: also both as one file."""
    files: dict[str, bytes] = {}
    for rendering in mailing.renderings:
        texts = texts_of(compiled, rendering, pen)
        stem = stem_of(mailing, rendering)
        files[f"{stem}.html"] = texts.html.encode()
        files[f"{stem}.txt"] = texts.text.encode()
        pictures = {name: compiled.picture(name) for name in texts.pictures}
        files |= {f"assets/{name}": content for name, content in pictures.items()}
        if zips:
            flat = Pen(dialect=pen.dialect, code=pen.code, derived=pen.derived, opt_out=pen.opt_out)
            page = texts_of(compiled, rendering, flat).html.encode()
            files[f"{stem}.zip"] = zipped({"index.html": page, **pictures})
    return files


def fields_csv(compiled: Compiled, dialect: Dialect, header: tuple[str, str, str, str]) -> bytes:
    """What each person brings: the variable's name at the service, its kind, what it is made of, its label."""
    manifest = compiled.manifest
    rows: list[tuple[str, str, str, str]] = [header]
    for email in manifest.emails:
        name = dialect.name(manifest.code, version_variable(email))
        rows.append((name, "text", f"which version of `{email.id}` a person gets; empty for none", "contact"))
    for variable in variables_of(compiled, dialect):
        field = manifest.derived[variable.derived]
        kind = "yes or empty" if field.type == "yes_no" else "text, escaped for HTML" if variable.markup else "text"
        made_of = ", ".join(dict.fromkeys(source_fields(field.formula))) or "the practice"
        rows.append((dialect.name(manifest.code, variable.short), kind, made_of, field.label))
    return table(rows)


def table(rows: Iterable[Iterable[str]]) -> bytes:
    """A CSV file as spreadsheet programs read it."""
    text = io.StringIO(newline="")
    csv.writer(text, lineterminator="\r\n").writerows(rows)
    return b"\xef\xbb\xbf" + text.getvalue().encode()


def when(manifest: Manifest, mailing: Mailing) -> str:
    """When it goes, for people: by the practice's clock, or the offset as it was written."""
    send = mailing.email.send
    if mailing.goes_at is not None:
        here = manifest.practice.zone
        return f"{mailing.goes_at.astimezone(zone(here)):%Y-%m-%d %H:%M} ({here})"
    at = f", at {send.at}" if send.at else ""
    every = f", again every {_lasting(send.repeat)}" if send.repeat else ""
    apart = _apart(send.offset) if send.offset else "a day that is not stated, from"
    return f"{apart} {send.anchor or manifest.anchor}{at}{every}"


def _apart(offset: str) -> str:
    """`-P7D` as people say it: `7 days before`."""
    lasting = _lasting(offset.lstrip("+-"))
    if not lasting:
        return "on the day of"
    return f"{lasting} {'before' if offset.startswith('-') else 'after'}"


def _lasting(duration: str) -> str:
    """`P1M` as people say it, "" for none; what isn't a duration (`once`) as it stands."""
    found = _DURATION.fullmatch(duration)
    if found is None:
        return duration
    amounts = ((int(amount or 0), word) for amount, word in zip(found.groups(), _UNITS, strict=True))
    return " and ".join(f"{amount} {word}{'s' * (amount > 1)}" for amount, word in amounts if amount)
