"""Hostile text into every field of every form that the pages of a desk show to anybody."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import lxml.html
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import Resolver404, resolve
from tests.desk.matrix.addresses import pages
from tests.desk.matrix.expectations import lacks, path_of
from tests.desk.matrix.judging import is_page
from tests.desk.people import PASSWORD, ROLES

ELEMENT = "x-ss"
PAYLOAD = (
    f"'\"><{ELEMENT} onfocus=alert(1) autofocus tabindex=0></{ELEMENT}>"
    "<img src=x onerror=alert(2)>{{7331*7331}}</script><script>alert(3)</script>"
)
SHORT = f'"><{ELEMENT}>'
RENDERED = "53743561"  # 7331 x 7331: the text was taken for a template
# posting these ends the session that posts, or changes how its person signs in
LEFT_ALONE = ("account_", "mfa_", "usersessions_", "socialaccount_", "openid_connect_")
PLAIN = {
    "email": "somebody@example.org",
    "number": "1",
    "date": "2026-12-15",
    "datetime-local": "2026-12-15T12:00",
    "time": "12:00",
    "month": "2026-12",
    "url": "https://example.org/",
    "tel": "+1 202 555 0100",
    "color": "#112233",
    "range": "1",
}


@dataclass(frozen=True)
class Form:
    """One form of a page: who sees it, where it is posted to, and the HTML of it."""

    who: str
    page: str
    action: str
    element: Any

    @property
    def key(self) -> tuple[str, ...]:
        """Two forms with the same fields at one address are one form."""
        names = sorted({name for name in self.element.xpath(".//@name") if isinstance(name, str)})
        return (self.action, *names)


@dataclass(frozen=True)
class Visit:
    """Somebody's way to a page, worked out before anything is posted that takes its row away."""

    name: str
    who: str
    path: str


def visits(desk: Any) -> list[Visit]:
    """Every page as every person with a role."""
    return [
        Visit(address.name, who, path_of(address, desk.person(who)))
        for who in ROLES
        for address in pages()
        if not lacks(address) and address.declares("GET")
    ]


def forms(desk: Any, to: list[Visit]) -> list[Form]:
    """Every form that anybody sees, once."""
    found: dict[tuple[str, ...], Form] = {}
    for visit in to:
        response = desk.client(visit.who).get(visit.path)
        if response.status_code != 200 or not is_page(response):
            continue
        for element in lxml.html.fromstring(response.content.decode()).xpath(
            "//form[translate(@method, 'POST', 'post')='post']"
        ):
            form = Form(visit.who, visit.path, element.get("action") or visit.path, element)
            if not _is_left_alone(form.action):
                found.setdefault(form.key, form)
    return list(found.values())


def plant(desk: Any, to: list[Visit]) -> Iterator[tuple[Form, Any]]:
    """Post hostile text to every form, and yield what each was answered with in the end."""
    for form in forms(desk, to):
        for typed in (False, True):
            data = filled(form, typed=typed)
            yield form, desk.client(form.who).post(form.action, data, follow=True)


def _is_left_alone(action: str) -> bool:
    try:
        return resolve(action.partition("?")[0]).view_name.startswith(LEFT_ALONE)
    except Resolver404:
        return True


def filled(form: Form, *, typed: bool) -> dict[str, Any]:
    """The fields with hostile text; ``typed`` gives dates, numbers and the like what they want."""
    data: dict[str, Any] = {}
    for control in form.element.xpath(".//input|.//select|.//textarea"):
        name, kind = control.get("name"), control.get("type", "text")
        if not name or kind in ("submit", "button", "image", "reset"):
            continue
        if control.tag == "select":
            choices = [each.get("value", "") for each in control.xpath(".//option")]
            data[name] = next(filter(None, choices), "") if typed else PAYLOAD
        elif kind == "hidden":
            data[name] = control.get("value", "")
        elif kind in ("checkbox", "radio"):
            data.setdefault(name, control.get("value", "on"))
        elif kind == "password":
            data[name] = PASSWORD
        elif kind == "file":
            data[name] = SimpleUploadedFile(f"{SHORT}.txt", PAYLOAD.encode(), "text/plain")
        elif typed and kind in PLAIN:
            data[name] = PLAIN[kind]
        elif kind == "url":
            data[name] = "javascript:alert(4)"
        else:
            data[name] = PAYLOAD if int(control.get("maxlength") or 10**6) >= 200 else SHORT
    return data


def traces(content: str) -> list[str]:
    """Where hostile text came alive in a page."""
    page = lxml.html.fromstring(content)
    found = [f"the element <{ELEMENT}> at line {each.sourceline}" for each in page.iter(ELEMENT)]
    found += [f"{each}=... is alive" for each in page.xpath("//@onfocus|//@onerror")]
    found += [f"a link to {each}" for each in page.xpath("//@href|//@src") if "alert(" in each]
    found += ["a text was rendered as a template"] if RENDERED in content else []
    return found
