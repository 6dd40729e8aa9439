"""Search: English words, Chinese words of two characters, names, hashes; hostile queries."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from declarant.desk.search import indexing
from declarant.desk.search.finding import find, hit
from declarant.desk.search.sources import Searchable, version_of
from declarant.desk.search.terms import asked_terms, terms_of


@pytest.fixture
def texts(db, monkeypatch):
    held: dict[str, tuple[str, str]] = {}

    def source():
        for key, (title, text) in held.items():
            yield Searchable(
                key, version_of(title, text), "Record", title, f"/{key}/", lambda text=text: text
            )

    monkeypatch.setattr(indexing, "SOURCES", {"test": source})
    return held


def found(query):
    return [row.key for row in find(query)]


def test_english_and_chinese(texts):
    texts["a"] = ("Atlas 2", "pre-training on the Phoenix cluster")
    texts["b"] = ("權重保護", "模型權重之實體與網路安全措施；運算叢集位於鳳凰城")
    texts["c"] = ("Weights", "who holds the model weights")
    indexing.refresh()
    assert found("phoenix") == ["a"]
    assert found("權重") == ["b"]
    assert found("叢集") == ["b"]
    assert found("運算叢集") == ["b"]
    assert found("weights") == ["c"]
    assert found("權叢") == []
    assert found("重") == ["b"]


def test_all_words_must_be_there_and_the_last_may_be_a_beginning(texts):
    texts["a"] = ("one", "cluster in Arizona")
    texts["b"] = ("two", "cluster in Texas")
    indexing.refresh()
    assert found("cluster ari") == ["a"]
    assert found("clus ter") == []
    assert set(found("clus")) == {"a", "b"}


def test_the_title_weighs_more(texts):
    texts["a"] = ("Other", "phoenix phoenix phoenix")
    texts["b"] = ("Phoenix", "a cluster")
    indexing.refresh()
    assert found("phoenix") == ["b", "a"]


def test_width_and_case_make_no_difference(texts):
    texts["a"] = ("ＡＴＬＡＳ－２", "Ｈ１００")
    indexing.refresh()
    assert found("atlas") == ["a"]
    assert found("h100") == ["a"]


def test_what_changes_is_read_again_and_what_goes_is_forgotten(texts):
    texts["a"] = ("one", "alpha")
    assert indexing.refresh() == 1
    assert indexing.refresh() == 0
    texts["a"] = ("one", "beta")
    assert indexing.refresh() == 1
    assert (found("alpha"), found("beta")) == ([], ["a"])
    del texts["a"]
    indexing.refresh()
    assert found("beta") == []


def test_an_excerpt_marks_and_escapes(texts):
    texts["a"] = ("one", "before <script>alert(1)</script> the weights & after")
    indexing.refresh()
    shown = str(hit(find("weights").get(), "weights").excerpt)
    assert "<mark>weights</mark>" in shown
    assert "<script>" not in shown
    assert "&lt;script&gt;" in shown


@pytest.mark.django_db
@pytest.mark.parametrize("query", ["%", "'; drop table", "\x00", '"', "a" * 5000, "  ", "_", "🙂"])
def test_odd_queries_are_answered(client_of, query):
    assert client_of("auditor").get("/search/", {"q": query}).status_code == 200


@given(st.text(alphabet=st.characters(codec="utf-8"), max_size=60))
def test_every_text_is_found_by_itself(text):
    held = set(terms_of(text))
    assert set(asked_terms(text)) <= held


@given(st.text(alphabet="運算叢集權重模型", min_size=2, max_size=8), st.integers(0, 6))
def test_every_pair_of_neighbours_is_found(text, at):
    pair = text[at : at + 2]
    if len(pair) == 2:
        assert set(asked_terms(pair)) <= set(terms_of(text))


@pytest.mark.django_db
def test_the_example_register_can_be_searched(cedar_ridge, client_of):
    indexing.refresh()
    page = client_of("auditor").get("/search/", {"q": "phoenix"}).content.decode()
    assert "/register/clusters/phoenix/" in page
