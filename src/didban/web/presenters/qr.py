"""A text as a QR code, drawn into the page: nothing is fetched for it, and nothing kept of it."""

from __future__ import annotations

from typing import Final

import segno
from markupsafe import Markup, escape

_QUIET: Final = 4  # modules of blank around the code, as ISO/IEC 18004 asks


def drawn(text: str, label: str) -> Markup:
    """Return a QR code as SVG without styles; black on white also where the page is dark.

    - `label`: what it is, for who does not see it.
    """
    code = segno.make_qr(text, error="m").svg_inline(
        border=_QUIET, dark="#000", light="#fff", svgclass=None, lineclass=None, omitsize=True
    )
    # Our own attributes go in at the beginning: the library knows none of accessibility.
    said = Markup('<svg class="qr" role="img" aria-label="{}" ').format(escape(label))
    return said + Markup(code.removeprefix("<svg "))  # noqa: S704 - drawn from modules, not of text
