"""The parts of pages, as template tags. The page /style/ shows each with its call."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from django import template
from django.core.paginator import Page
from django.templatetags.static import static
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext

from declarant.desk.site import table_markup
from declarant.desk.site.parts import Figure, Moment
from declarant.desk.site.tables import Table

register = template.Library()

STATUS_ICONS = {
    "success": "check_circle",
    "warning": "warning",
    "error": "error",
    "info": "info",
    "neutral": "radio_button_unchecked",
}
_ALERTS = {"success", "warning", "error", "info"}
_LEVELS = {"debug": "info"}


@register.simple_tag
def icon(name: str) -> SafeString:
    """Return a picture beside a word that says the same; unseen by screen readers."""
    return format_html(
        '<svg class="usa-icon" aria-hidden="true" focusable="false"><use href="{}#{}"></use></svg>',
        static("desk/icons.svg"),
        name,
    )


@register.simple_tag
def status(kind: str, text: Any, picture: str = "") -> SafeString:
    """Return a status: a sign and a word. Kinds: success, warning, error, info, neutral."""
    if kind not in STATUS_ICONS:
        raise ValueError(f"there is no status {kind!r}; known: {', '.join(STATUS_ICONS)}")
    return format_html(
        '<span class="desk-status desk-status--{}">{}{}</span>',
        kind,
        icon(picture or STATUS_ICONS[kind]),
        text,
    )


@register.simple_tag
def alert(kind: str, text: Any, heading: Any = "", live: bool = False) -> SafeString:
    """Return a notice: success, warning, error or info; `live` reads it aloud when it appears."""
    kind = _LEVELS.get(kind, kind)
    if kind not in _ALERTS:
        raise ValueError(f"there is no alert {kind!r}; known: {', '.join(sorted(_ALERTS))}")
    role = format_html(' role="{}"', "alert" if kind == "error" else "status") if live else ""
    head = format_html('<h2 class="usa-alert__heading">{}</h2>', heading) if heading else ""
    slim = "" if heading else " usa-alert--slim"
    return format_html(
        '<div class="usa-alert usa-alert--{}{}"{}><div class="usa-alert__body">{}'
        '<p class="usa-alert__text">{}</p></div></div>',
        kind,
        slim,
        role,
        head,
        text,
    )


@register.simple_block_tag(takes_context=True)
def keep(context: template.Context, content: str, name: str) -> str:
    """Show what stands inside, and keep it as `name` for the rest of the page."""
    context.dicts[0][name] = content
    return content


@register.simple_block_tag
def summary(content: str, title: Any) -> SafeString:
    """Frame what a reader must know before anything else on the page."""
    return format_html(
        '<div class="usa-summary-box" role="region" aria-label="{0}">'
        '<div class="usa-summary-box__body"><h2 class="usa-summary-box__heading">{0}</h2>'
        '<div class="usa-summary-box__text">{1}</div></div></div>',
        title,
        content,
    )


@register.simple_tag
def table(data: Table) -> SafeString:
    """Show a `tables.Table`; on a phone each row becomes a card."""
    return table_markup.markup(data, status)


@register.simple_block_tag
def datatable(content: str, caption: Any, hide_caption: bool = False) -> SafeString:
    """Frame the rows of a table written by hand: thead with scope="col", td with data-label."""
    return table_markup.frame(caption, content, hide_caption=hide_caption)


@register.inclusion_tag("site/components/empty.html")
def empty(title: Any, text: Any, url: str = "", label: Any = "", level: int = 2) -> dict[str, Any]:
    """Show that there is nothing yet, what would stand here, and the next step towards it."""
    return {"title": title, "text": text, "url": url, "label": label, "level": level}


@register.inclusion_tag("site/components/facts.html")
def facts(rows: Iterable[tuple[Any, Any]]) -> dict[str, Any]:
    """Show (term, description) pairs."""
    return {"rows": rows}


@register.inclusion_tag("site/components/figures.html")
def figures(cards: Sequence[Figure]) -> dict[str, Any]:
    """Show a few figures on cards."""
    return {"cards": cards}


@register.inclusion_tag("site/components/timeline.html")
def timeline(moments: Iterable[Moment]) -> dict[str, Any]:
    """Show what happened and what is due, in the order given."""
    return {"moments": moments}


@register.inclusion_tag("site/components/steps.html")
def steps(names: Sequence[Any], current: int) -> dict[str, Any]:
    """Show the steps of a task, the one of number `current` (from 1) as the one being done."""
    return {
        "steps": [(at, name) for at, name in enumerate(names, start=1)],
        "current": current,
        "name": names[current - 1],
        "count": len(names),
    }


@register.inclusion_tag("site/components/progress.html")
def progress(
    title: Any,
    done: int,
    total: int | None,
    text: Any = "",
    url: str = "",
    cancel: str = "",
    token: Any = "",
) -> dict[str, Any]:
    """Show work in the background.

    Args:
        title: what is being done.
        done: how much of it.
        total: of how much; None or 0 while that is not known.
        text: what happens now.
        url: gives this part again; it is asked every two seconds. Leave it out once work ended.
        cancel: a POST to it ends the work.
        token: `csrf_token` of the page, needed with `cancel`.
    """
    return {
        "title": title,
        "done": done,
        "total": total,
        "text": text,
        "url": url,
        "cancel": cancel,
        "csrf_token": token,
    }


@register.inclusion_tag("site/components/pages.html", takes_context=True)
def pages(context: template.Context, page: Page[Any], name: str = "page") -> dict[str, Any]:
    """Show which part of a list is shown, and links to the others; keeps the rest of the query."""
    request = context.get("request")
    query = request.GET.copy() if request else None
    if query is not None:
        query.pop(name, None)
    kept = f"{query.urlencode()}&" if query else ""
    numbers = page.paginator.get_elided_page_range(page.number, on_each_side=1, on_ends=1)
    return {"page": page, "numbers": list(numbers), "base": f"?{kept}{name}=", "gap": "…"}


@register.simple_tag
def breadcrumbs(*steps: Any) -> SafeString:
    """Show the way to this page: label, url, label, url, ..., and the label of the page itself."""
    labels, urls = steps[::2], steps[1::2]
    if len(labels) != len(urls) + 1:
        raise ValueError("breadcrumbs are label, url, ..., label of this page")
    above = format_html_join(
        "",
        '<li class="usa-breadcrumb__list-item"><a class="usa-breadcrumb__link" href="{}">'
        "<span>{}</span></a></li>",
        zip(urls, labels, strict=False),
    )
    return format_html(
        '<nav class="usa-breadcrumb usa-breadcrumb--wrap" aria-label="{}">'
        '<ol class="usa-breadcrumb__list">{}<li class="usa-breadcrumb__list-item usa-current" '
        'aria-current="page"><span>{}</span></li></ol></nav>',
        gettext("Breadcrumbs"),
        above,
        labels[-1],
    )


@register.inclusion_tag("site/components/confirm.html", takes_context=True)
def confirm(
    context: template.Context,
    key: str,
    button: Any,
    title: Any,
    text: Any,
    action: str,
    yes: Any,
    danger: bool = True,
) -> dict[str, Any]:
    """Ask before something that cannot be undone, then POST to `action`.

    Args:
        context: of the page.
        key: an id, unique on the page.
        button: what the button in the page says.
        title: the question.
        text: what will happen.
        action: where the answer is sent.
        yes: what the button that does it says; say the deed, not "yes".
        danger: shows that button in red.
    """
    return {
        "key": key,
        "button": button,
        "title": title,
        "text": text,
        "action": action,
        "yes": yes,
        "danger": danger,
        "csrf_token": context.get("csrf_token"),
    }
