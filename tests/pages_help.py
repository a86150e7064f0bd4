"""Somebody at a desk, and the pages they see. Every page that any test fetches is checked.

def test_something(pages):
    desk = pages.as_("xar", "second_line", language="fa")
    page = desk.get("/hits")
    assert page.heading == "..."
    answer = desk.send("/hits/hit_1/refute", reason="namesake", words="...")
"""

from __future__ import annotations

import hmac
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode
from xml.etree import ElementTree as ET

import html5lib

from api_help import Api
from asgi_help import Client, Response
from didban.web import app as web
from didban.web.desk import PREFIX, SESSION, TOKEN, masked
from didban.web.look import COOKIE, Look, read

_MAX_BYTES = 200_000
_INLINE = ("style", "onclick", "onload", "onchange", "onsubmit", "onkeydown", "hx-on", "hx-vals")


@dataclass(frozen=True, kw_only=True)
class Seen:
    """A page as it came, parsed."""

    response: Response
    tree: ET.Element

    @property
    def status(self) -> int:
        """The HTTP status."""
        return self.response.status_code

    @property
    def location(self) -> str:
        """Where the answer leads; empty where it leads nowhere."""
        return self.response.headers.get("location", "")

    @property
    def heading(self) -> str:
        """The text of the one h1."""
        return text_of(self.tree.find(".//h1"))

    @property
    def text(self) -> str:
        """All text of the main part, each run of blanks as one."""
        return text_of(self.tree.find(".//main"))

    def all(self, path: str) -> list[ET.Element]:
        """Return elements by ElementTree's XPath, such as `.//main//table//tr`."""
        return self.tree.findall(path)

    def links(self) -> list[str]:
        """Return the address of every link of the main part."""
        return [one.get("href", "") for one in self.tree.findall(".//main//a")]

    def fields(self) -> set[str]:
        """Return the names of the fields of every form of the main part."""
        kinds = ("input", "select", "textarea", "button")
        return {one.get("name", "") for kind in kinds for one in self.all(f".//main//{kind}")} - {
            "",
            TOKEN,
        }


def text_of(element: ET.Element | None) -> str:
    """Return the text of an element, each run of blanks as one."""
    return "" if element is None else " ".join("".join(element.itertext()).split())


@dataclass(kw_only=True)
class Sitter:
    """Somebody at a desk. Paths begin below `/desk`."""

    client: Client
    secret: str
    look: Look | None
    who: Any = None
    said: str = ""
    cookies: dict[str, str] = field(default_factory=dict)

    def get(self, path: str, *, part: bool = False, **query: str) -> Seen:
        """Fetch a page and check it. `part`: as a script asks for a part of it."""
        address = PREFIX + path + (f"?{urlencode(query)}" if query else "")
        headers = self._headers() | ({"hx-request": "true"} if part else {})
        return self._seen(self.client.send("GET", address, headers=headers), is_whole=not part)

    def send(
        self, path: str, *, token: str | None = None, part: bool = False, **fields: Any
    ) -> Seen:
        """Send a form, with the token that its page would bear. `part`: as a script sends it."""
        sent = [(TOKEN, self._token() if token is None else token)]
        for name, value in fields.items():
            values = value if isinstance(value, list | tuple) else [value]
            sent += [(name, str(one)) for one in values]
        headers = self._headers() | {"content-type": "application/x-www-form-urlencoded"}
        headers |= {"hx-request": "true"} if part else {}
        body = urlencode(sent).encode()
        answer = self.client.send("POST", PREFIX + path, content=body, headers=headers)
        return self._seen(answer, is_whole=not part)

    def upload(self, path: str, files: dict[str, tuple[str, bytes]], **fields: str) -> Seen:
        """Send a form with files: field -> (name, content)."""
        mark = "didban-form"
        parts = [
            f'--{mark}\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n'.encode()
            for name, value in {TOKEN: self._token(), **fields}.items()
        ]
        for name, (file, content) in files.items():
            head = f'--{mark}\r\nContent-Disposition: form-data; name="{name}"; filename="{file}"'
            parts.append(head.encode() + b"\r\n\r\n" + content + b"\r\n")
        body = b"".join(parts) + f"--{mark}--\r\n".encode()
        headers = self._headers() | {"content-type": f"multipart/form-data; boundary={mark}"}
        return self._seen(self.client.send("POST", PREFIX + path, content=body, headers=headers))

    def follow(self, seen: Seen) -> Seen:
        """Go where an answer leads."""
        assert seen.status == 303, seen.text
        return self.get(seen.location.removeprefix(PREFIX).partition("#")[0])

    def _headers(self) -> dict[str, str]:
        kept = {
            SESSION: self.secret,
            COOKIE: self.look.to_cookie() if self.look else "",
            **self.cookies,
        }
        return {"cookie": "; ".join(f"{name}={value}" for name, value in kept.items() if value)}

    def _token(self) -> str:
        return masked(hmac.new(self.secret.encode(), b"form", "sha256").digest())

    def _seen(self, response: Response, *, is_whole: bool = True) -> Seen:
        self._keep_cookies(response)
        kind = response.headers.get("content-type", "")
        if not kind.startswith("text/html") or response.status_code in {303, 204}:
            return Seen(response=response, tree=ET.Element("html"))
        tree = checked(response, is_whole=is_whole)
        if is_whole and self.look:
            html = tree.attrib
            assert html.get("lang") == self.look.language
            assert html.get("dir") == self.look.direction
        return Seen(response=response, tree=tree)

    def _keep_cookies(self, response: Response) -> None:
        for cookie in response.cookies:
            name, _, rest = cookie.partition("=")
            value = rest.partition(";")[0].strip('"')
            if name == SESSION:
                self.secret = value
            elif name == COOKIE:
                self.look = read(value)
            else:
                self.cookies[name] = value


def checked(response: Response, *, is_whole: bool = True) -> ET.Element:
    """Return a page as a tree, once it holds to the rules that every page holds to."""
    policy = response.headers["content-security-policy"]
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy
    body = response.body.decode("utf-8")
    assert len(response.body) < _MAX_BYTES
    parser = html5lib.HTMLParser(
        tree=html5lib.getTreeBuilder("etree"), namespaceHTMLElements=False, strict=False
    )
    tree: ET.Element = parser.parse(body) if is_whole else parser.parseFragment(body)
    assert [error for error in parser.errors if is_whole] == [], parser.errors[:3]
    _check_whole(tree) if is_whole else None
    _check_elements(tree)
    return tree


def _check_whole(tree: ET.Element) -> None:
    assert text_of(tree.find(".//title")), "a page has a title"
    assert len(tree.findall(".//h1")) == 1, "a page has one h1"
    assert len(tree.findall(".//main")) == 1
    for element in tree.iter():
        if element.tag == "form":
            assert element.get("action"), "a form says where it goes"
    told = [text_of(one) for one in tree.findall(".//section[@id='faults']//li")]
    assert len(set(told)) == len(told), f"a fault says which field it means: {told}"
    ids = {element.get("id") for element in tree.iter() if element.get("id")}
    for element in tree.iter():
        for name in ("for", "aria-describedby", "aria-labelledby", "aria-controls"):
            for wanted in (element.get(name) or "").split():
                assert wanted in ids, f"{name}={wanted} names nothing"


def _check_elements(tree: ET.Element) -> None:
    seen: set[str] = set()
    labelled = {one.get("for") for one in tree.findall(".//label")}
    for element in tree.iter():
        if own := element.get("id"):
            assert own not in seen, f"two elements have the id {own}"
            seen.add(own)
        for name in element.attrib:
            assert name not in _INLINE, f"{element.tag} has {name}"
            assert not name.startswith("on"), f"{element.tag} has {name}"
        if element.tag == "script":
            assert element.get("src"), "no script stands in a page"
        assert element.tag != "style", "no style stands in a page"
        is_shown = element.tag in {"select", "textarea"} or (
            element.tag == "input" and element.get("type") not in {"hidden", "submit"}
        )
        if is_shown:
            named = element.get("aria-label") or element.get("id") in labelled
            assert named, f"the field {element.get('name')} has no label"
        if element.tag == "table":
            assert element.find("caption") is not None, "a table has a caption"
        if element.tag == "form" and (element.get("method") or "").lower() == "post":
            names = {one.get("name") for one in element.iter("input")}
            assert TOKEN in names, "a form bears its token"
        if element.tag == "img":
            assert element.get("alt") is not None, "a picture says what it shows"


class Pages:
    """The pages of a node on a fresh bank. `api` is the interface beside them."""

    def __init__(self, api: Api) -> None:
        self.api = api
        self.app = web.create(api.services)
        self.client = Client(self.app)

    def as_(self, code: str = "xar", *roles: str, language: str = "en", **more: Any) -> Sitter:
        """Return somebody of an authority with these roles, as `api_help.Api.as_` makes them."""
        look = Look(language=language)
        asker = self.api.as_(code, *roles, **more)
        return Sitter(client=self.client, secret=asker.secret, look=look, who=asker.who)

    def as_nobody(self, language: str = "en") -> Sitter:
        """Return somebody who has not signed in."""
        return Sitter(client=self.client, secret="", look=Look(language=language))
