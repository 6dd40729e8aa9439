"""What every page must be, judged from its HTML: structure, labels, nothing inline, no dead end."""

from collections import Counter
from itertools import pairwise
from typing import Any

import lxml.html
from django.urls import Resolver404, resolve

_CONTROLS = "//input[not(@type='hidden' or @type='submit' or @type='button')]|//select|//textarea"


def is_page(response: Any) -> bool:
    """Whether a response is a whole page, not a part of one, a file or JSON."""
    return response["Content-Type"].startswith("text/html") and b"<html" in response.content[:2000]


def unguarded(response: Any) -> list[str]:
    """What a response lacks of the headers that keep a browser from being turned against people."""
    policy = response["Content-Security-Policy"]
    found = ["a policy with unsafe-..."] if "unsafe" in policy else []
    if not is_page(response):  # a file or a part of a page: shown by itself it may do nothing
        found += [] if {"sandbox", "default-src"} & set(policy.split()) else ["an empty policy"]
        framed = ("DENY", "SAMEORIGIN")
    else:
        found += (
            [] if "default-src 'self'" in policy or "default-src 'none'" in policy else [policy]
        )
        framed = ("DENY",)
    found += [] if response["X-Frame-Options"] in framed else ["framed by others"]
    found += [] if response["X-Content-Type-Options"] == "nosniff" else ["sniffed"]
    return found


def faults(response: Any, language: str) -> list[str]:
    """Everything that is wrong with a page, as text; ``language`` is that of the request."""
    page = lxml.html.fromstring(response.content.decode())
    return [
        *_structure(page, language),
        *_inline(page),
        *_forms(page),
        *_links(page),
    ]


def _structure(page: Any, language: str) -> list[str]:
    found = []
    if not (page.findtext(".//title") or "").strip():
        found.append("no <title>")
    headings = page.xpath("//h1")
    if len(headings) != 1:
        found.append(f"{len(headings)} <h1>, not one")
    if (page.get("lang") or "").lower() != language:
        found.append(f'<html lang="{page.get("lang")}"> in a page asked for in {language}')
    if len(page.xpath("//main")) != 1:
        found.append("not one <main>")
    twice = [name for name, times in Counter(page.xpath("//@id")).items() if times > 1]
    if twice:
        found.append(f"ids that stand twice: {', '.join(twice)}")
    levels = [int(heading.tag[1]) for heading in page.xpath("//h1|//h2|//h3|//h4|//h5|//h6")]
    found += [
        f"a heading jumps from h{before} to h{after}"
        for before, after in pairwise(levels)
        if after > before + 1
    ]
    return found


def _inline(page: Any) -> list[str]:
    found = [
        f"inline script at line {script.sourceline}"
        for script in page.xpath("//script[not(@src)]")
        if script.get("type") not in ("application/json", "application/ld+json")
        and not script.get("nonce")
    ]
    found += [f"inline style element at line {each.sourceline}" for each in page.xpath("//style")]
    for element in page.iter(lxml.etree.Element):
        for name in element.keys():  # noqa: SIM118 - an element, not a dictionary
            if name == "style" or name.startswith("on"):
                found.append(f"<{element.tag} {name}=...> at line {element.sourceline}")
        for name in ("href", "src", "action", "formaction"):
            if (element.get(name) or "").strip().lower().startswith(("javascript:", "data:text")):
                found.append(f"<{element.tag} {name}={element.get(name)!r}>")
    return found


def _forms(page: Any) -> list[str]:
    found = []
    for form in page.xpath("//form[translate(@method, 'POST', 'post')='post']"):
        if not form.xpath(".//input[@name='csrfmiddlewaretoken']"):
            found.append(f"a form to {form.get('action')!r} without csrf_token")
    labelled = set(page.xpath("//label/@for"))
    for control in page.xpath(_CONTROLS):
        if not (
            control.get("id") in labelled
            or control.get("aria-label")
            or control.get("aria-labelledby")
            or next(control.iterancestors("label"), None) is not None
        ):
            found.append(f"no label for {control.get('name')!r}")
    return found


def _links(page: Any) -> list[str]:
    found = []
    for link in {*page.xpath("//a/@href"), *page.xpath("//form/@action")}:
        path = link.partition("?")[0].partition("#")[0]
        if not path.startswith("/") or path.startswith(("//", "/static/")):
            continue
        try:
            resolve(path)
        except Resolver404:
            found.append(f"a link to {link}, which nothing answers")
    inner = {each[1:] for each in page.xpath("//a/@href") if each[:1] == "#" and len(each) > 1}
    lost = inner - set(page.xpath("//@id"))
    return found + [f"a link to #{each}, which is not there" for each in sorted(lost)]
