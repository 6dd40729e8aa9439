"""The forms of a page as a browser without scripts would send them."""

from html.parser import HTMLParser
from typing import Any

from django.http import QueryDict


class _Forms(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.forms: list[list[tuple[str, str]]] = []
        self.buttons: list[str] = []
        self._select: str | None = None
        self._chosen: str | None = None
        self._first: str | None = None
        self._text: tuple[str, list[str]] | None = None

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        held = {name: value or "" for name, value in attrs}
        if tag == "form":
            self.forms.append([])
        if not self.forms:
            return
        if tag == "button" and held.get("name") == "do":
            self.buttons.append(held["value"])
        elif tag == "input" and held.get("name"):
            kind = held.get("type", "text")
            if kind not in ("file", "checkbox", "radio") or "checked" in held:
                self.forms[-1].append((held["name"], held.get("value", "")))
        elif tag == "select":
            self._select, self._chosen, self._first = held["name"], None, None
        elif tag == "option" and self._select:
            value = held.get("value", "")
            self._first = value if self._first is None else self._first
            if "selected" in held:
                self._chosen = value
        elif tag == "textarea":
            self._text = (held["name"], [])

    def handle_data(self, data: str) -> None:
        if self._text is not None:
            self._text[1].append(data)

    def handle_endtag(self, tag: str) -> None:
        if tag == "select" and self._select:
            chosen = self._chosen if self._chosen is not None else self._first or ""
            self.forms[-1].append((self._select, chosen))
            self._select = None
        elif tag == "textarea" and self._text is not None:
            self.forms[-1].append((self._text[0], "".join(self._text[1]).removeprefix("\n")))
            self._text = None


def form_of(response: Any) -> QueryDict:
    """What the page's own form (the one with a version) would send, unchanged."""
    parser = _Forms()
    parser.feed(response.content.decode())
    fields = next(form for form in parser.forms if any(name == "version" for name, _ in form))
    data = QueryDict(mutable=True)
    for name, value in fields:
        data.appendlist(name, value)
    data["do"] = "save"
    return data


def buttons_of(response: Any) -> list[str]:
    """What the page's buttons ask for: `add parts`, `remove parts 0`."""
    parser = _Forms()
    parser.feed(response.content.decode())
    return parser.buttons


def send(client: Any, url: str, data: QueryDict) -> Any:
    """Send a form as a browser does."""
    return client.post(url, data.urlencode(), content_type="application/x-www-form-urlencoded")
