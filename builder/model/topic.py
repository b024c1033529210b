"""A topic: the words by which a dataset is recognised as the answer to a question, language by language."""

from __future__ import annotations

from enum import IntFlag

from pydantic import BaseModel, ConfigDict, Field, model_validator

from builder.model.city import Day, Language


class _Written(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Role(IntFlag):
    """What a word does for its topic; a field of a dataset has the roles of all words found in it.

    The letters of a stored set of roles are the first letters of these names, in this order.
    """

    NAMES = 1
    ALONE = 2
    THINGS = 4
    SIGNS = 8
    UNLESS = 16
    HINTS = 32

    @property
    def letters(self) -> str:
        """The roles as letters: ``Role.NAMES | Role.SIGNS`` is ``ns``."""
        return "".join(str(role.name)[0].lower() for role in Role if role in self)

    @classmethod
    def of(cls, letters: str) -> Role:
        """The roles that letters stand for; unknown letters stand for nothing."""
        return cls(sum(role for role in cls if str(role.name)[0].lower() in letters))


class Words(_Written):
    """The words of one topic in one language.

    A word matches whole words, whatever their case, accents and hyphens; a star at its beginning or end stands for
    any rest of a word (`park*`, `*baum`), and several words match in that order. `$live` stands for a shared group.
    In scripts without spaces (Chinese, Japanese, and Korean, whose endings stick) a word matches anywhere.
    """

    names: tuple[str, ...] = Field(default=(), description="in a title these say it by themselves")
    alone: tuple[str, ...] = Field(default=(), description="enough where the title says nothing else, else as `things`")
    things: tuple[str, ...] = Field(default=(), description="enough in a title together with a sign")
    signs: tuple[str, ...] = Field(default=(), description="what makes a thing enough: in title or keywords")
    unless: tuple[str, ...] = Field(default=(), description="in a title these rule it out")
    hints: tuple[str, ...] = Field(default=(), description="for the wide net only")


class Themes(_Written):
    """The subject lists under which such a dataset is filed."""

    eu: tuple[str, ...] = Field(default=(), description="EU data themes, such as TRAN: a candidate's order, no more")
    inspire: tuple[str, ...] = Field(default=(), description="INSPIRE themes, narrow enough for the wide net")


class Topic(_Written):
    """One ``frameworks/topics/<area>.<name>.yml``; its id is the indicator's."""

    id: str = Field(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*\.[a-z0-9]+(-[a-z0-9]+)*$")
    counts: str = Field(description="what counts, in words")
    not_counts: str = Field(description="what is near and does not count")
    themes: Themes = Themes()
    formats: tuple[str, ...] = Field(default=(), description="formats that say it by themselves, such as GTFS")
    signs: tuple[str, ...] = Field(default=(), description="shared groups that are signs in every language")
    unless: tuple[str, ...] = Field(default=(), description="shared groups that rule it out in every language")
    words: dict[Language, Words] = Field(min_length=1)


class Change(_Written):
    """What changed in a version of the vocabulary, and why."""

    version: str
    on: Day
    what: str
    why: str


class Shared(_Written):
    """``frameworks/topics/shared.yml``: the version of the whole vocabulary and the words that many topics share."""

    version: str = Field(pattern=r"^\d+\.\d+(\.\d+)?$")
    changes: tuple[Change, ...] = Field(min_length=1)
    general: dict[Language, tuple[str, ...]] = Field(description="words of a title that say nothing about its subject")
    places: dict[Language, tuple[str, ...]] = Field(description="words after which a title names a place")
    groups: dict[str, dict[Language, tuple[str, ...]]]

    @model_validator(mode="after")
    def _newest_first(self) -> Shared:
        if self.changes[0].version != self.version:
            raise ValueError(f"'changes' begins with the newest version, which is {self.version}")
        return self


class Vocabulary(_Written):
    """All topics with what they share."""

    shared: Shared
    topics: tuple[Topic, ...]

    @model_validator(mode="after")
    def _groups_exist(self) -> Vocabulary:
        for topic in self.topics:
            named = {*topic.signs, *topic.unless}
            for words in topic.words.values():
                named |= {one for role in words for one in role[1] if one.startswith("$")}
            lost = sorted(name for name in named if name.removeprefix("$") not in self.shared.groups)
            if lost:
                raise ValueError(f"{topic.id}: no such shared group: {', '.join(lost)}")
        return self

    @property
    def version(self) -> str:
        """The version of the vocabulary as a whole."""
        return self.shared.version
