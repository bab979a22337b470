"""The good practice that every case of this folder spoils in one place: one letter, one layout, one picture."""

from __future__ import annotations

import struct
import zlib

from tests.workspace import BASE, workspace

LETTER = "campaigns/letter/campaign.yaml"
WORKSPACE = "campcompile.yaml"
DICTIONARY = "campaigns/_shared/dictionary.yaml"
SEGMENTS = "campaigns/_shared/segments.yaml"
CONSENT = "campaigns/_shared/consent.yaml"
WAIVERS = "campaigns/_shared/waivers.yaml"
CLINIC = "layouts/clinic.mjml"
TEXT_BLOCK = "layouts/blocks/text.mjml"

_LETTER = BASE[LETTER].replace("      - button", '      - image: {src: logo.png, alt: ""}\n      - button')
_CLINIC = """\
<mjml lang="{{ lang }}" dir="{{ dir }}">
  <mj-head>
    <mj-title>{{ subject }}</mj-title><mj-raw><meta name="color-scheme" content="light only"></mj-raw>\
<mj-attributes><mj-text font-size="16px" line-height="1.6" padding="8px 32px" />\
<mj-button font-size="16px" line-height="24px" inner-padding="12px 24px" background-color="#0b6b62" /></mj-attributes>
  </mj-head>
  <mj-body>
    <mj-section>
      <mj-column>
        <mj-text>Fjordklinikken</mj-text>
        {{ body }}
        <mj-text>
          {{ practice.legal_name }}<br>{{ practice.address }}<br>\
<a href="tel:{{ practice.phone }}">{{ practice.phone }}</a>
          <a href="{{ opt_out.page }}">{{ words.unsubscribe }}</a>
        </mj-text>
      </mj-column>
    </mj-section>
  </mj-body>
</mjml>
"""

_FIELDS = """\
  patient.last_name: {type: text, label: contact, hipaa: A, required: true}
  patient.birth_date: {type: date, label: contact, hipaa: C, required: true}
  patient.diagnosis: {type: text, label: health, required: true}
"""

_TEXT_BLOCK = "<mj-text>{{ text }}</mj-text>\n"


def good() -> dict[str, bytes]:
    """Its files, which compile without a finding."""
    own = {DICTIONARY: BASE[DICTIONARY] + _FIELDS, LETTER: _LETTER, CLINIC: _CLINIC, TEXT_BLOCK: _TEXT_BLOCK}
    return workspace({**own, "assets/logo.png": picture()})


def picture() -> bytes:
    """One grey dot as PNG."""
    chunks = (
        (b"IHDR", struct.pack(">IIBBBBB", 1, 1, 8, 0, 0, 0, 0)),
        (b"IDAT", zlib.compress(b"\x00\x80")),
        (b"IEND", b""),
    )
    written = (
        struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body)) for kind, body in chunks
    )
    return b"\x89PNG\r\n\x1a\n" + b"".join(written)
