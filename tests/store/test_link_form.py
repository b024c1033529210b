"""The form "I know the link": what is read from an issue's text, and what is refused in one clear line."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml

from builder.errors import InputError
from builder.model.city import City
from builder.store.link_form import (
    BY,
    CITY,
    LINK,
    QUESTION,
    LinkForm,
    address_of,
    city_of,
    indicator_of,
    read_form,
)
from builder.store.people import load_frameworks

ROOT = Path(__file__).parents[2]
FRAMEWORK = load_frameworks(ROOT / "frameworks")["capability"]


def issue(
    city: str = "xx-a", question: str = "nature.trees", url: str = "https://a.example.org/", rest: str = ""
) -> str:
    """An issue's text as the form makes it."""
    return f"### {CITY}\n\n{city}\n\n### {QUESTION}\n\n{question}\n\n### {LINK}\n\n{url}\n\n{rest}"


def form(**fields: str) -> LinkForm:
    """What is read from such a text."""
    return read_form(issue(**fields))


def place(id: str, **names: str) -> City:
    """A city of a few names."""
    return City.model_validate({"id": id, "names": names, "languages": ["en"], "country": "XX", "location": [1, 1]})


CITIES = {
    one.id: one
    for one in (place("xx-umea", en="Umea", sv="Umeå"), place("xx-a", en="Two"), place("xx-b", en="Two", fr="Deux"))
}


def test_our_own_form_asks_for_what_we_read() -> None:
    """The headings that we look for are the labels of the form, and the fields that pages fill are there."""
    body = yaml.safe_load((ROOT / ".github/ISSUE_TEMPLATE/link.yml").read_text())["body"]
    labels = {one["id"]: one["attributes"]["label"] for one in body if "id" in one}
    assert labels["city"] == CITY and labels["indicator"] == QUESTION and labels["url"] == LINK and labels["by"] == BY


def test_a_form_is_read() -> None:
    """The answers stand below their headings; a field left empty is empty."""
    assert form() == LinkForm("xx-a", "nature.trees", "https://a.example.org/", "")
    assert form(rest=f"### {BY}\n\n_No response_\n").by == ""
    assert form(rest=f"### {BY}\r\n\r\nAna Lima\r\n").by == "Ana Lima"


def test_free_text_cannot_answer_for_another_field() -> None:
    """A heading that somebody wrote into the last field comes too late."""
    assert form(rest=f"### Anything else\n\n### {LINK}\n\nhttps://evil.example/").url == "https://a.example.org/"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "the form has no 'City'"),
        (issue(url="_No response_"), "the form has no 'Link'"),
        (issue(city="a\nb"), "the form's 'City' has several lines"),
        (issue(url="https://a.example.org/\n  - {indicator: x}"), "the form's 'Link' has several lines"),
        (issue(rest="x" * 70000), "more than 64 KB"),
    ],
)
def test_a_bad_form_is_one_line(text: str, said: str) -> None:
    """What is missing or too much is named by its heading."""
    with pytest.raises(InputError, match=said) as told:
        read_form(text)
    assert "\n" not in str(told.value)


@pytest.mark.parametrize(
    ("city", "id"),
    [
        ("xx-umea", "xx-umea"), ("Umeå, Sweden", "xx-umea"), ("umea", "xx-umea"), ("Deux", "xx-b"),
        ("https://cityproof.example/x/cities/xx-a/#nature.trees", "xx-a"), ("/cities/xx-a/", "xx-a"),
    ],
)  # fmt: skip
def test_a_city_goes_by_id_name_or_address(city: str, id: str) -> None:
    """However people call it, in whichever of its languages."""
    assert city_of(form(city=city), CITIES).id == id


@pytest.mark.parametrize(("city", "said"), [("Two", "may be any of xx-a, xx-b"), ("xx-ume", "did you mean 'xx-umea'")])
def test_a_city_that_is_not_clear_is_asked_about(city: str, said: str) -> None:
    """Namesakes are listed, a slip gets a guess."""
    with pytest.raises(InputError, match=said):
        city_of(form(city=city), CITIES)


def test_a_question_goes_by_id_address_or_its_words() -> None:
    """What stands in the address of a claim, or the question itself."""
    question = next(one.question for one in FRAMEWORK.indicators if one.id == "nature.trees")
    for said in ("nature.trees", "/cities/xx-a/#nature.trees", "/indicators/nature.trees/", question, question.upper()):
        assert indicator_of(form(question=said), FRAMEWORK) == "nature.trees"
    with pytest.raises(InputError, match=r"did you mean 'nature\.trees'"):
        indicator_of(form(question="nature.tree"), FRAMEWORK)


@pytest.mark.parametrize(
    "url", ["javascript:alert(1)", "http://127.0.0.1/", "https://a:b@x.example/", "trees", "ftp://x.y/"]
)
def test_an_address_that_nobody_may_open_is_refused(url: str) -> None:
    """Only the public web, without a name or password."""
    with pytest.raises(InputError, match="the form's 'Link'"):
        address_of(form(url=url))
