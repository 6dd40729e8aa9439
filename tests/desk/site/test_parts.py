"""The parts of pages: what they show, what they refuse, and that text stays text."""

from datetime import date
from typing import Any

import pytest
from django.core.paginator import Paginator
from django.template import Context, Template
from django.test import RequestFactory
from django.utils import translation

from declarant.desk.site.parts import Figure, Moment
from declarant.desk.site.tables import Cell, Column, Table

HOSTILE = '"><script>alert(1)</script>'


def shown(text: str, **context: Any) -> str:
    return Template("{% load desk desk_amounts %}" + text).render(Context(context))


@pytest.mark.parametrize("kind", ["success", "warning", "error", "info", "neutral"])
def test_a_status_is_a_sign_and_a_word(kind: str) -> None:
    text = shown("{% status kind 'Signed' %}", kind=kind)
    assert "<use " in text
    assert "Signed" in text


def test_kinds_that_do_not_exist_are_refused() -> None:
    with pytest.raises(ValueError, match="no status 'bad'"):
        shown("{% status 'bad' 'x' %}")
    with pytest.raises(ValueError, match="no alert 'neutral'"):
        shown("{% alert 'neutral' 'x' %}")


def test_a_notice_is_read_aloud_only_where_it_appears() -> None:
    assert 'role="alert"' in shown("{% alert 'error' 'x' live=True %}")
    assert 'role="status"' in shown("{% alert 'success' 'x' live=True %}")
    assert "role=" not in shown("{% alert 'error' 'x' %}")


def test_a_table_says_what_it_shows_and_names_its_rows_and_columns() -> None:
    table = Table(
        "Runs",
        [Column("Run"), Column("Operations", numeric=True)],
        [[Cell("atlas", "/runs/1"), "1.2e26"], ["borealis", Cell("Open", kind="warning")]],
    )
    text = shown("{% table it %}", it=table)
    assert "<caption>Runs</caption>" in text
    assert text.count('<th scope="col"') == 2
    assert text.count('<th scope="row"') == 2
    assert '<td data-label="Operations"' in text
    assert '<a class="usa-link" href="/runs/1">atlas</a>' in text


def test_a_row_of_the_wrong_length_is_refused() -> None:
    with pytest.raises(ValueError, match="1 cells in a table of 2 columns"):
        Table("x", [Column("a"), Column("b")], [["only one"]])


@pytest.mark.parametrize(
    ("tag", "given"),
    [
        ("{% table it %}", Table(HOSTILE, [Column(HOSTILE)], [[Cell(HOSTILE, HOSTILE)]], HOSTILE)),
        ("{% figures it %}", [Figure(HOSTILE, HOSTILE, HOSTILE, HOSTILE, "info", HOSTILE)]),
        ("{% timeline it %}", [Moment(date(2027, 1, 1), HOSTILE, HOSTILE, HOSTILE)]),
        ("{% facts it %}", [(HOSTILE, HOSTILE)]),
        ("{% status 'info' it %}", HOSTILE),
        ("{% alert 'info' it it %}", HOSTILE),
        ("{% empty it it it it %}", HOSTILE),
        ("{% breadcrumbs it it it %}", HOSTILE),
        ("{% progress it 1 2 it it %}", HOSTILE),
        ("{% confirm 'key' it it it it it %}", HOSTILE),
        ("{% hash it %}", HOSTILE),
        ("{% summary it %}x{% endsummary %}", HOSTILE),
        ("{% datatable it %}x{% enddatatable %}", HOSTILE),
        ("{% steps it 1 %}", [HOSTILE, HOSTILE]),
    ],
)
def test_text_stays_text(tag: str, given: Any) -> None:
    text = shown(tag, it=given)
    assert "<script" not in text
    assert '">&lt;' not in text.replace("&quot;&gt;&lt;", "")
    assert "&lt;script&gt;" in text


def pages(number: int, query: str = "") -> str:
    request = RequestFactory().get(f"/runs/?{query}")
    page = Paginator(range(200), 10).get_page(number)
    return shown("{% pages it %}", it=page, request=request)


def test_pages_keep_the_rest_of_the_query() -> None:
    text = pages(3, "text=a%26b&page=3")
    assert 'href="?text=a%26b&amp;page=4"' in text
    assert "21 to 30 of 200" in text


def test_the_first_and_the_last_page_lead_nowhere_beyond() -> None:
    assert "Previous" not in pages(1)
    assert "Next" not in pages(20)


def test_a_list_of_one_page_has_no_links() -> None:
    page = Paginator(range(3), 10).get_page(1)
    assert "<nav" not in shown("{% pages it %}", it=page)


def test_breadcrumbs_end_with_the_page_itself() -> None:
    assert 'aria-current="page"><span>Here' in shown("{% breadcrumbs 'Up' '/' 'Here' %}")
    with pytest.raises(ValueError, match="label of this page"):
        shown("{% breadcrumbs 'Up' '/' %}")


def test_work_is_asked_after_only_while_it_goes_on() -> None:
    assert 'hx-get="/jobs/1"' in shown("{% progress 'Work' 1 2 '' '/jobs/1' %}")
    assert "hx-get" not in shown("{% progress 'Work' 2 2 %}")
    assert "value=" not in shown("{% progress 'Work' 0 None %}")  # how much there is is not known


def test_a_confirmation_posts_with_the_token_of_the_page() -> None:
    text = shown("{% confirm 'k' 'Go' 'Go?' 'All of it.' '/go' 'Go' %}", csrf_token="token")
    assert 'method="post" action="/go"' in text
    assert 'value="token"' in text


def test_steps_say_which_one_is_being_done() -> None:
    text = shown("{% steps it 2 %}", it=["One", "Two", "Three"])
    assert text.count('aria-current="step"') == 1
    assert "of 3" in text


def test_overdue_is_said_in_words() -> None:
    late = [Moment(date(2027, 2, 26), "Answers", kind="overdue")]
    assert "overdue</strong>" in shown("{% timeline it %}", it=late)
    with translation.override("zh-hant"):
        assert "2027年2月26日" in shown("{% timeline it %}", it=late)
