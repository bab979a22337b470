"""Sites: their own theme and sender for those whose record says the site; what a site's name tells."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from email import message_from_bytes, policy
from pathlib import Path

import pytest

from campcompile.compiler import Compilation, compile_files
from campcompile.manifest import Manifest, from_json
from campcompile.model.labels import Label
from campcompile.runner.bundle import read_bundle
from campcompile.runner.outbox import Outbox
from tests.sending import send_all
from tests.workspace import CAMPCOMPILE, DICTIONARY, LETTER, lay, workspace

NOW = datetime(2026, 11, 22, 9, 0, tzinfo=UTC)
SITES = """\
sites:
  bergen: {}
  loddefjord: {name: Fjordklinikken Loddefjord, phone: "+47 55 50 12 60", theme: coast, sender: loddefjord}
"""
SENDER = '  loddefjord: {from: "Fjordklinikken Loddefjord <loddefjord@fjordklinikken.example>"}\n'
THEME = 'colours: {accent: "#17506b"}\nfonts: {text: serif}\nradius: 4\n'
COAST = 'colours: {accent: "#7a2e12"}\n'
RECIPIENTS = b"""\
email,locale,patient.first_name,patient.topics,patient.site,links.one_click
kari@post.example,en,Kari,news,loddefjord,https://fjordklinikken.example/u/1
ola@post.example,en,Ola,news,bergen,https://fjordklinikken.example/u/2
eva@post.example,en,Eva,news,,https://fjordklinikken.example/u/3
"""


def files(sites: str = SITES, **more: str) -> dict[str, bytes]:
    settings = CAMPCOMPILE.replace("jurisdictions:", f"{sites}jurisdictions:", 1).replace(
        "links:\n", f"{SENDER}links:\n", 1
    )
    named: dict[str, str | bytes] = {
        "campcompile.yaml": settings,
        "campaigns/_shared/dictionary.yaml": DICTIONARY + "  patient.site: {type: site, label: relationship}\n",
        "layouts/theme.yaml": THEME,
        "layouts/themes/coast.yaml": COAST,
        **{f"layouts/themes/{name}.yaml": text for name, text in more.items()},
    }
    return workspace(named)


def compiled(sites: str = SITES, **more: str) -> Compilation:
    return compile_files(files(sites, **more), as_of=None, now=NOW)


def manifest_of(compilation: Compilation) -> Manifest:
    assert [found.message for found in compilation.diagnostics] == []
    return from_json(json.loads(compilation.bundle["lt26/manifest.json"]))


def sent(compilation: Compilation, folder: Path) -> dict[str, tuple[str, str]]:
    """Who wrote to each recipient, and the HTML."""
    bundle = read_bundle(lay(folder, compilation.bundle) / "lt26")
    send_all(bundle, "letter", RECIPIENTS, Outbox(folder / "o"), NOW)
    found = {}
    for file in sorted((folder / "o").glob("*.eml")):
        message = message_from_bytes(file.read_bytes(), policy=policy.default)
        found[str(message["To"])] = (str(message["From"]), message.get_body(("html",)).get_content())
    return found


def test_whose_record_says_a_site_gets_its_name_number_colours_and_sender(tmp_path: Path) -> None:
    found = sent(compiled(), tmp_path)
    own, site = "Fjordklinikken <pasient@fjordklinikken.example>", "loddefjord@fjordklinikken.example"
    sender, page = found["kari@post.example"]
    assert site in sender
    assert "#7a2e12" in page and "#17506b" not in page
    assert "Fjordklinikken Loddefjord" in page and "tel:+4755501260" in page
    for address in ("ola@post.example", "eva@post.example"):
        sender, page = found[address]
        assert sender == own
        assert "#17506b" in page and "#7a2e12" not in page
        assert "Loddefjord" not in page


def test_a_sites_theme_says_only_what_differs() -> None:
    bundle = compiled().bundle
    page = bundle["lt26/emails/letter.en.2.html"].decode()
    assert "Georgia" in page and "border-radius:4px" in page  # the practice's own fonts and corners


def test_looks_share_what_is_alike_and_nothing_tells_a_themes_name() -> None:
    compilation = compiled()
    manifest = manifest_of(compilation)
    (email,) = manifest.emails
    first, second = email.renderings
    assert (first.look, second.look) == ("1", "2")
    assert first.text == second.text
    assert first.html != second.html
    assert email.look is not None and manifest.derived[email.look].label == "public"
    assert email.sender is not None and manifest.site_senders["1"].email == "loddefjord@fjordklinikken.example"
    bundled = b"".join(content for path, content in compilation.bundle.items() if path.startswith("lt26/"))
    assert b"coast" not in bundled


@pytest.mark.parametrize(
    "sites",
    [
        "",
        "sites:\n  bergen: {}\n",
        "sites:\n  bergen: {theme: same}\n",  # alike in all: one look
    ],
)
def test_where_no_site_looks_different_there_is_one_look(sites: str) -> None:
    manifest = manifest_of(compiled(sites, same=THEME))
    assert [rendering.look for rendering in manifest.emails[0].renderings] == ["1"]
    assert (manifest.emails[0].look, manifest.emails[0].sender, manifest.site_senders) == (None, None, {})


@pytest.mark.parametrize(
    ("sites", "said", "words"),
    [
        ("sites:\n  bergen: {theme: cosat}\n", "did you mean `coast`?", "cosat"),
        ("sites:\n  bergen: {theme: forest}\n", "add layouts/themes/forest.yaml, or take the key out", "forest"),
        ("sites:\n  bergen: {sender: loddefjrod}\n", "did you mean `loddefjord`?", "loddefjrod"),
    ],
)
def test_a_theme_or_sender_that_is_not_there_is_found_at_the_site(sites: str, said: str, words: str) -> None:
    (finding,) = compiled(sites).diagnostics
    text = files(sites)["campcompile.yaml"].decode()
    assert (finding.rule.code, finding.help) == ("REF002", said)
    assert text[finding.span.start : finding.span.end] == words


def test_a_sites_theme_is_checked_for_contrast_over_the_practices_own() -> None:
    pale = 'colours: {accent: "#ffd27f", on_accent: "#ffffff"}\n'
    found = compiled(coast=pale).diagnostics
    assert {finding.span.path for finding in found} == {"layouts/themes/coast.yaml"}
    assert {finding.rule.slug for finding in found} == {"low-contrast-theme"}


def test_public_sites_tell_nothing_and_a_telling_one_labels_what_sites_differ_in() -> None:
    def labels(sites: str) -> tuple[Label, Label]:
        letter = LETTER.replace("we are open", "{{ practice.name }} is open")
        named = files(sites) | {"campaigns/letter/campaign.yaml": letter.encode()}
        compilation = compile_files(named, as_of=None, now=NOW, lint_only=True)
        message = compilation.rendered[0]
        printed = [d.label for d in message.derived.values() if "Fjordklinikken Loddefjord" in str(d.formula)]
        return max(printed, default=Label.PUBLIC), compilation.programme.campaigns[0].emails[0].label

    assert labels("") == (Label.PUBLIC, Label.CONTACT)
    assert labels(SITES) == (Label.PUBLIC, Label.CONTACT)
    assert labels(SITES.replace("name:", "label: health, name:")) == (Label.HEALTH, Label.HEALTH)
