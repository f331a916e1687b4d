"""How does a page become a PDF that everybody can read (PDF/UA-1)? The only importer of typst.

Offline and alike on every machine: only the fonts inside the wheel are used, and no time but the given one gets in.
"""

import json
from collections.abc import Mapping
from datetime import datetime
from typing import Any

import typst  # noqa: TID251  this is the wrapper

MEDIA_TYPE = "application/pdf"
_NO_GLYPH = "could not be displayed with font"
_FONTS = typst.Fonts(include_system_fonts=False, include_embedded_fonts=True)


class UnprintableError(ValueError):
    """The text holds a character that no font here has; PDF/UA-1 allows no empty boxes in its place."""


def typeset(template: bytes, said: Mapping[str, Any], at: datetime) -> bytes:
    """The template as PDF/UA-1; `said` reaches it as JSON in `sys.inputs.data`, never as source.

    `at` is the document's time of creation, to the second, so that the same record gives the same bytes.
    Raises: UnprintableError; typst.TypstError when the template itself is wrong.
    """
    try:
        return typst.compile(
            template,
            font_paths=_FONTS,
            sys_inputs={"data": json.dumps(said)},
            pdf_standards=["ua-1"],
            timestamp=int(at.timestamp()),
        )
    except typst.TypstError as refused:
        if _NO_GLYPH in str(refused):
            raise UnprintableError from refused
        raise
