"""Pages from templates: one environment for each language, the filters, and what every page has.

Filters and functions of templates:

- `data(value)`: a value from people or papers, in its own direction; `code(value)`: a number, MRZ or
  code, left to right and never translated; `name(text)`: a name as given, and its transliteration.
- `told(error)`: what an error or a fault says; `_()` has no words for what has values in it.
- `term(code)`: what a code of the model is called; `country(code)`; `num(number)`.
- `moment(when)`, `day(date)`: ISO 8601 with the zone, and the other calendar where one was chosen.
- `url("room.function", ...)`, `may(Permission)`, `form_token()`, `asset("css/base.css")`.
"""

from __future__ import annotations

from datetime import UTC, date, datetime
from functools import lru_cache, partial
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import unquote

from jinja2 import BytecodeCache, Environment, FileSystemLoader, StrictUndefined
from jinja2_fragments import render_block
from markupsafe import Markup, escape

from didban import __version__, clock
from didban.model.permissions import Permission
from didban.model.users import LANGUAGES
from didban.web.desk import PREFIX, SAID, TOKEN
from didban.web.i18n.catalogues import translations
from didban.web.i18n.errors import told
from didban.web.look import CHOICES
from didban.web.names import latin
from didban.web.navigation import navigation
from didban.web.numerals import LATIN, OF_LANGUAGE
from didban.web.people import body, person

if TYPE_CHECKING:
    from jinja2.bccache import Bucket

    from didban.web.desk import Desk, Page

TEMPLATES: Final = Path(__file__).with_name("templates")
STATIC: Final = Path(__file__).with_name("static")
_FIRST_LINE: Final = ("pages/checks/", "pages/home/", "pages/session/")


class _Compiled(BytecodeCache):
    """Compiled templates in memory: what was compiled for one language serves all."""

    def __init__(self) -> None:
        self._kept: dict[str, bytes] = {}

    def load_bytecode(self, bucket: Bucket) -> None:
        """Fill in what was compiled before, unless the template has changed since."""
        if kept := self._kept.get(bucket.key):
            bucket.bytecode_from_string(kept)

    def dump_bytecode(self, bucket: Bucket) -> None:
        """Keep what was compiled."""
        self._kept[bucket.key] = bucket.bytecode_to_string()


_COMPILED: Final = _Compiled()


def warm() -> None:
    """Load every language, and compile the pages of the first line, before anybody waits for them."""
    spoken = [*((language, LATIN) for language in LANGUAGES), *OF_LANGUAGE.items()]
    for language, numerals in spoken:
        templates = environment(language, numerals)
        for name in templates.list_templates():
            if not name.startswith("pages/") or name.startswith(_FIRST_LINE):
                templates.get_template(name)


@lru_cache
def environment(language: str, numerals: str = LATIN) -> Environment:
    """Return the templates in a language, its texts with their numbers in one kind of digits.

    What is not there stops the page: nothing stays blank.
    """
    made = Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        bytecode_cache=_COMPILED,
        trim_blocks=True,
        lstrip_blocks=True,
        extensions=["jinja2.ext.i18n", "jinja2.ext.do"],
    )
    made.install_gettext_translations(translations(language, numerals), newstyle=True)  # type: ignore[attr-defined]
    made.globals["told"] = lambda message: told(language, str(message), numerals)
    return made


def drawn(desk: Desk, page: Page) -> bytes:
    """Return a page, or the part of it that a script asked for, as bytes."""
    templates = environment(desk.look.language, desk.look.numerals)
    values = {**_common(desk, page), **page.values}
    if page.part and "HX-Request" in desk.request.headers:
        made = render_block(templates, page.template, page.part, **values)
    else:
        made = templates.get_template(page.template).render(**values)
    return desk.form.with_labels(made).encode()


def _common(desk: Desk, page: Page) -> dict[str, Any]:
    """Return what every template may use."""
    speech = desk.speech
    return {
        "desk": desk,
        "look": desk.look,
        "choices": CHOICES,
        "form": desk.form,
        "fault": desk.fault,
        "who": desk.who if desk.is_known else None,
        "said": unquote(desk.request.cookies.get(SAID, "")),
        "handling": max(page.handling, default=None),
        "status": page.status,
        "only_looks": page.only_looks,
        "version": __version__,
        "now": clock.now(),
        "navigation": navigation(desk),
        "Permission": Permission,
        "may": desk.may,
        "url": desk.url,
        "asset": asset,
        "form_token": lambda: Markup('<input type="hidden" name="{}" value="{}">').format(
            TOKEN, desk.token
        ),
        "term": speech.term,
        "country": lru_cache(partial(body, desk)),
        "num": speech.number,
        "digits": speech.digits,
        "span": speech.span,
        "data": data,
        "code": code,
        "name": name,
        "person": lru_cache(partial(person, desk)),  # one page names few people, often
        "moment": lambda when: _moment(desk, when),
        "day": lambda when: _day(desk, when),
    }


def data(value: object) -> Markup:
    """Return a value from people or papers, which keeps its own direction in any sentence."""
    return Markup('<bdi dir="auto">{}</bdi>').format("" if value is None else value)


def code(value: object) -> Markup:
    """Return a number, MRZ or code: left to right, and never translated by a browser."""
    return Markup('<bdi dir="ltr" translate="no" class="code">{}</bdi>').format(
        "" if value is None else value
    )


def name(text: str) -> Markup:
    """Return a name as it was given and, where it is in another script, in Latin letters."""
    derived = latin(text)
    given = Markup('<bdi dir="auto" class="name">{}</bdi>').format(text)
    if not derived:
        return given
    return given + Markup(' <bdi dir="ltr" class="derived">{}</bdi>').format(derived)


def _moment(desk: Desk, when: datetime | None) -> Markup:
    if when is None:
        return Markup()
    return _time(when.astimezone(UTC).isoformat(), desk.speech.time_of(when), desk, when)


def _day(desk: Desk, when: date | str | None) -> Markup:
    if not when:
        return Markup()
    text = when if isinstance(when, str) else f"{when:%Y-%m-%d}"
    return _time(text, text, desk, when)


def _time(machine: str, text: str, desk: Desk, when: date | str) -> Markup:
    shown = Markup('<time dir="ltr" datetime="{}">{}</time>').format(machine, text)
    other = desk.speech.other_date(when)
    if not other:
        return shown
    return shown + Markup(' <bdi dir="ltr" class="other-date">{}</bdi>').format(other)


@lru_cache
def asset(path: str) -> str:
    """Return the address of a static file, which changes with what is in it."""
    content = (STATIC / path).read_bytes()
    return f"{PREFIX}/static/{escape(path)}?v={sha256(content).hexdigest()[:12]}"
