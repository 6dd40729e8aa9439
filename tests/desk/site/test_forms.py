"""A form as people and screen readers meet it."""

from html.parser import HTMLParser
from typing import Any

import pytest
from django import forms
from django.utils import translation

from declarant.desk.site.forms import DayInput, DayParts, UswdsRenderer
from declarant.desk.site.samples import SampleForm


class Elements(HTMLParser):
    """Every element of a page with its attributes, and the text of all."""

    def __init__(self, markup: str) -> None:
        super().__init__()
        self.found: list[tuple[str, dict[str, str | None]]] = []
        self.text = ""
        self.feed(markup)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, dict(attrs)))

    def handle_data(self, data: str) -> None:
        self.text += data

    @property
    def ids(self) -> list[str]:
        return [given["id"] for _, given in self.found if given.get("id")]

    def of(self, name: str) -> dict[str, str | None]:
        return next(given for _, given in self.found if given.get("name") == name)


def shown(form: forms.Form) -> Elements:
    return Elements(form.render())


def sample(data: dict[str, Any] | None = None) -> SampleForm:
    return SampleForm(data, renderer=UswdsRenderer())


def test_every_control_has_a_label_and_ids_stand_once() -> None:
    page = shown(sample())
    labels = {given.get("for") for tag, given in page.found if tag == "label"}
    controls = [
        given
        for tag, given in page.found
        if tag in ("input", "select", "textarea") and given.get("type") != "hidden"
    ]
    assert controls
    assert {given["id"] for given in controls} <= labels
    assert len(page.ids) == len(set(page.ids))


@pytest.mark.parametrize("data", [None, {}])
def test_what_describes_a_control_stands_on_the_page(data: dict[str, Any] | None) -> None:
    page = shown(sample(data))
    for _, given in page.found:
        assert set((given.get("aria-describedby") or "").split()) <= set(page.ids)
    described = page.of("name")["aria-describedby"]
    assert described == ("id_name_helptext" if data is None else "id_name_helptext id_name_error")


def test_each_error_stands_at_its_field_and_in_a_summary_that_leads_there() -> None:
    form = sample({"note": "x" * 501})
    page = shown(form)
    links = [
        str(given["href"])
        for tag, given in page.found
        if tag == "a" and str(given.get("href", "")).startswith("#")
    ]
    assert len(links) == len(form.errors)
    assert {link[1:] for link in links} <= set(page.ids)
    assert "at most 500 characters (it has 501)" in page.text
    assert page.of("name")["aria-invalid"] == "true"
    assert "usa-input--error" in str(page.of("name")["class"])


def test_a_form_that_was_not_sent_shows_no_error() -> None:
    page = shown(sample())
    assert not any("data-error-summary" in given for _, given in page.found)


def test_a_long_text_is_counted_and_never_cut_by_the_browser() -> None:
    given = shown(sample()).of("note")
    assert "maxlength" not in given
    assert given["data-limit"] == "500"
    assert given["data-count"] == "id_note_count"


def test_what_people_typed_is_text() -> None:
    hostile = '"><script>alert(1)</script>'

    class Named(forms.Form):
        kind = forms.ChoiceField(label=hostile, choices=[("a", hostile)], widget=forms.RadioSelect)
        name = forms.CharField(label=hostile)
        note = forms.CharField(widget=forms.Textarea, max_length=9)

    form = Named({"name": hostile, "note": hostile}, renderer=UswdsRenderer())
    form.add_error(None, hostile)
    form.add_error("name", hostile)
    assert not [tag for tag, _ in shown(form).found if tag == "script"]


def test_fields_stand_in_the_groups_that_a_form_names_and_the_rest_after_them() -> None:
    text = sample().render()
    assert text.index("The training run") < text.index("id_name") < text.index("id_kind")
    assert text.count("<legend") == 4  # the group, two sets of choices and a day in parts


def test_only_fields_that_must_be_filled_are_marked() -> None:
    class Two(forms.Form):
        must = forms.CharField()
        may = forms.CharField(required=False)

    class May(forms.Form):
        may = forms.CharField(required=False)

    assert Two(renderer=UswdsRenderer()).render().count("<abbr") == 1
    assert "asterisk" not in May(renderer=UswdsRenderer()).render()


class Days(forms.Form):
    picked = forms.DateField(widget=DayInput)
    known = forms.DateField(widget=DayParts, required=False)


@pytest.mark.parametrize(
    ("year", "month", "day", "read"),
    [
        ("2028", "2", "29", "2028-02-29"),
        ("2027", "2", "29", None),
        ("2027", "04", "", None),
        ("", "", "", "nothing"),
    ],
)
def test_a_day_in_parts_is_a_day_or_refused(year: str, month: str, day: str, read: Any) -> None:
    data = {"picked": "2027-04-15", "known_year": year, "known_month": month, "known_day": day}
    form = Days(data, renderer=UswdsRenderer())
    assert form.is_valid() == (read is not None)
    if read is not None:
        known = form.cleaned_data["known"]
        assert (f"{known:%Y-%m-%d}" if known else "nothing") == read
    assert f'value="{year}"' in form.render() or not year


def test_a_day_is_given_to_the_browser_as_it_reads_it_in_every_language() -> None:
    with translation.override("zh-hant"):
        form = Days({"picked": "2027-04-15"}, renderer=UswdsRenderer())
        assert form.is_valid()
        assert 'value="2027-04-15"' in form.render()
        assert 'type="date"' in form.render()


def test_forms_of_a_set_stand_apart_with_their_management() -> None:
    several = forms.formset_factory(Days, extra=2, renderer=UswdsRenderer())()
    text = several.render()
    assert text.count("desk-formset__row") == 2
    assert "form-TOTAL_FORMS" in text
