"""The wiring behind ``cityproof pin``: a form in, the line for the city's file and what it changes out."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime
from pathlib import Path

from builder.errors import FilesRefused, InputError
from builder.judge.meant import catalogues_at, kind_of, meant
from builder.model.city import City
from builder.model.framework import Indicator
from builder.model.kinds import CATALOGUE_KINDS, KINDS
from builder.model.scorecard import Answer, Scorecard, Thing
from builder.publish.everything import Everything, framework_of, read
from builder.store import atomic, words
from builder.store.insertion import flow, scalar, with_item
from builder.store.link_form import address_of, city_of, indicator_of, read_form
from builder.store.people import load_frameworks, read_city
from builder.store.sayings import questions


def pin_from(
    form: str, *, by: str | None, on: date, write: bool, cities: Path, results: Path, frameworks: Path,
    now: datetime | None = None,
) -> Iterator[str]:  # fmt: skip
    """Say in lines what a form pins and what that changes, and with ``write`` put it into the city's file.

    Raises ``InputError`` for a form that cannot be understood, ``FilesRefused`` where the line would break the file.
    """
    asked = read_form(form)
    everything, framework = (
        read(cities=cities, results=results, frameworks=frameworks, now=now),
        framework_of(frameworks),
    )
    city = city_of(asked, everything.people)
    id, url = indicator_of(asked, framework), address_of(asked)
    indicator = next(one for one in framework.indicators if one.id == id)
    who = by or asked.by
    if not who.strip():
        raise InputError("the form gives no name to print: say with --by who knew the link")
    path = cities / f"{city.id}.yml"
    thing = _thing(url, city, indicator, everything)
    if thing is None:
        yield from _unknown(url, city, indicator, path)
        if write:
            raise InputError(f"{path}: nothing is written: add the source first, with its publisher")
        return
    fields = {"indicator": id, "source": thing.source.id}
    if thing.dataset is not None:
        fields["dataset"] = thing.dataset.id
    fields |= {"by": words.printable(who.strip()), "on": on.isoformat()}
    _refuse_twice(city, fields, path)
    text = _text(path)
    after = with_item(text, "pins", fields, str(path))
    changed = read_city(path, text=after, questions=questions(load_frameworks(frameworks).values()))
    if isinstance(changed, list):
        raise FilesRefused(changed)
    yield f"In {path}, under 'pins':"
    yield f"  - {flow(fields)}"
    yield f"It means {_named(thing)}."
    yield from _difference(everything.card(city, framework), everything.card(changed, framework))
    if write:
        atomic.write(path, after.encode())
        yield f"Written to {path}."


def _thing(url: str, city: City, indicator: Indicator, everything: Everything) -> Thing | None:
    """The one thing that an address means for a question, None where we know none."""
    lists = everything.known(city).datasets
    found = meant(url, city.sources, lists)
    # Two catalogues of one city often list the same dataset: the city file says which of them is the copy.
    ids = {one.source.id for one in found}
    found = [one for one in found if one.source.same_as not in ids]
    if len(found) > 1:
        names = "; ".join(sorted(f"{one.source.id}: {_named(one)}" for one in found)[:5])
        raise InputError(f"{words.quoted(url)} may be {len(found)} things ({words.cut(names, 200)}): pin one by hand")
    if not found:
        return None
    thing = found[0]
    kind = thing.source.kind
    if thing.dataset is None and kind in CATALOGUE_KINDS and kind not in indicator.kinds:
        raise InputError(
            f"{words.quoted(url)} is the whole catalogue '{thing.source.id}', and {indicator.id} asks for one of its "
            "datasets: give the address of that dataset's page"
        )
    return thing


def _refuse_twice(city: City, fields: dict[str, str], path: Path) -> None:
    thing = (fields["indicator"], fields["source"], fields.get("dataset"))
    for pin in city.pins:
        if (pin.indicator, pin.source, pin.dataset) == thing:
            raise InputError(f"{path}: this is pinned already, by {words.printable(pin.by)} on {pin.on}")
    for one in city.rejects:
        if (one.indicator, one.source, one.dataset) == thing:
            said = f"{words.printable(one.by)} said on {one.on} that it is not meant"
            raise InputError(f"{path}: {said}: take that line out first, if it is wrong")


def _unknown(url: str, city: City, indicator: Indicator, path: Path) -> Iterator[str]:
    """What to do with an address of nothing that we know; who publishes it nobody but a person can say."""
    there = catalogues_at(url, city.sources)
    yield f"{url} is of no source that we know of {words.printable(city.name)}."
    if there:
        ids = ", ".join(one.id for one in there)
        yield f"It lies where the catalogue {ids} does, whose list, as we read it, has no such dataset: read it again."
    kind = kind_of(url)
    yield f"If it is a source of its own, add it to 'sources' in {path}:"
    yield "  - id:         # a short name of your own, such as trees"
    yield f"    kind: {kind}    # {KINDS[kind].words}, as the address looks"
    yield f"    url: {scalar(url)}"
    yield "    publisher:  # who publishes it, as the page itself says"
    yield "    tier:       # city, metropolitan, regional or national"
    answers = kind in indicator.kinds
    yield (
        f"A source of this kind may answer {indicator.id} by itself: it needs no pin."
        if answers
        else f"Then run this command again: a source of this kind answers {indicator.id} only where it is pinned."
    )


def _difference(before: Scorecard, after: Scorecard) -> Iterator[str]:
    """Every answer that the line changes, before and after, in words."""
    pairs = [(one, two) for one, two in zip(before.answers, after.answers, strict=True) if _told(one) != _told(two)]
    if not pairs:
        yield "It changes no answer today."
    for one, two in pairs:
        yield f"{one.indicator.id}: {one.indicator.question}"
        yield f"  before, {_state(one)}: {words.printable(one.words)}"
        yield f"  after, {_state(two)}: {words.printable(two.words)}"
    if pairs and before.score != after.score:
        yield f"Known: {before.score.known} of {before.score.applicable}, then {after.score.known}."


def _told(answer: Answer) -> tuple[object, ...]:
    thing = answer.thing
    return answer.state, answer.words, thing and (thing.source.id, thing.dataset and thing.dataset.id), answer.findings


def _state(answer: Answer) -> str:
    return answer.state.value.replace("_", " ")


def _named(thing: Thing) -> str:
    where = f"the {KINDS[thing.source.kind].words} of {words.printable(thing.source.publisher)}"
    return where if thing.dataset is None else f"“{words.printable(thing.dataset.title)}” in {where}"


def _text(path: Path) -> str:
    """The file's text with its own line ends, so that what is written back differs in one line only."""
    try:
        return path.read_bytes().decode()
    except (OSError, UnicodeDecodeError) as fault:
        raise InputError(f"{path}: cannot be read: {getattr(fault, 'strerror', None) or fault}") from fault
