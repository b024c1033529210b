"""Words compiled for one pass: whole words, stars, phrases whose words change, and languages."""

from __future__ import annotations

import pytest

from builder.judge.folding import field
from builder.judge.terms import Terms, term, unmasked
from builder.model.topic import Role

from .words import nets, vocabulary


@pytest.mark.parametrize(
    ("languages", "text", "roles"),
    [
        (["en"], "Street trees of today", "na"),
        (["en"], "Streetcar trees", "a"),
        (["en"], "Treetops", ""),
        (["en"], "Arboretum", "h"),
        (["en"], "Straßenbäume", ""),
        (["de"], "Straßenbäume", "a"),
        (["de"], "Das Straßenbaumkataster 2020", "n"),
        (["de-CH"], "Trees", "a"),
        (["pl"], "Inwentaryzacja miejskich drzew", "n"),
        (["pl"], "Drzewa miejskie", ""),
        (["ja"], "世田谷区の街路樹データ", "n"),
        ([], "Straßenbäume", "a"),
        (["qq"], "Straßenbäume", "a"),
    ],
)
def test_words_are_found_in_the_languages_asked(languages: list[str], text: str, roles: str) -> None:
    """English stands beside every language; for no language, or one without words, all are looked for."""
    terms = nets().terms
    found = dict(unmasked(terms.finder(languages).mask(field([text]))))
    assert Role(found.get(0, 0)).letters == roles


def test_a_shared_group_stands_for_its_words() -> None:
    """`$list` brings the group's words of each language, for one language or for all of a topic."""
    terms = nets().terms
    assert list(unmasked(terms.finder(["en"]).mask(" inventory "))) == [(0, Role.SIGNS)]
    assert list(unmasked(terms.finder(["en"]).mask(" live "))) == [(1, Role.SIGNS)]


def test_a_group_that_does_not_exist_is_refused() -> None:
    """A vocabulary that names a lost group is not a vocabulary."""
    with pytest.raises(ValueError, match=r"nature\.trees: no such shared group: \$list"):
        vocabulary(groups={"live": {"en": ("live",)}})


def test_nothing_is_left_of_a_star() -> None:
    """A word of stars and signs alone would match everything, so it matches nothing."""
    assert term("*") is None and term(" - ") is None


def test_the_digest_is_that_of_the_words() -> None:
    """Two vocabularies with the same words have the same digest, another word makes another."""
    assert Terms(vocabulary()).digest == Terms(vocabulary()).digest
    assert Terms(vocabulary()).digest != Terms(vocabulary(general={"en": ("data",)})).digest


def test_roles_are_kept_as_letters() -> None:
    """What is stored of a description reads back as it was."""
    every = Role(63)
    assert every.letters == "natsuh" and Role.of("natsuh") == every and Role.of("x") == Role(0)
