"""Scorecards made by hand: one with every state, outcome and kind of proof, small ones for counting, a hostile one."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

from builder.model.capture import Capture, RecordedCopy
from builder.model.catalogue import Dataset
from builder.model.city import Attestation, City, Pin, Population, Reject, Reply
from builder.model.evidence import ReadByPerson, Searched, Seen
from builder.model.finding import CantTell, Failed, Finding, Inapplicable, Passed, Test, Untested
from builder.model.framework import Framework, Indicator
from builder.model.measured import Row
from builder.model.observation import Measurement, Observation
from builder.model.reasons import Outcome, Reason
from builder.model.scorecard import Answer, AreaCard, LastSeen, Looked, Score, Scorecard, Search, State, Thing
from builder.model.source import Found, Source, Tier
from builder.publish.page import Registry, Site
from tests.publish.questions import QUESTIONS, D, F, L, M, P, W, framework, indicator

NOW = datetime(2026, 11, 21, 9, 30, tzinfo=UTC)
READ = datetime(2026, 11, 20, 6, 5, tzinfo=UTC)
LONG_AGO = datetime(2022, 7, 23, tzinfo=UTC)
REPOSITORY = "https://code.example.org/cityproof/cityproof"
SHA = "0123456789abcdef" * 4

# What a careless or malicious publisher may write anywhere.
HOSTILE = (
    "</bdi></p></script><script>alert(1)</script><img src=x onerror=alert(2)>\"' onmouseover='x {{ 7*7 }} {% raw %} "
    "cpxbody cpxtitle \u202egnihsif\u2066 \x00\x1b[31m &lt;b&gt; ${x}"
)
HOSTILE_LINK = 'javascript:alert(1)//"><script>alert(3)</script>'


def source(id: str = "portal", kind: str = "ckan", dirt: str = "", link: str = "", tier: Tier = "city") -> Source:
    """A source as a city file names it; ``dirt`` is added to every word, ``link`` takes every address's place."""
    return Source(
        id=id,
        kind=kind,
        url=link or f"https://{id}.example.org/",
        publisher=f"Town of Exampleton{dirt}",
        tier=tier,
        found=Found(
            registry=f"Portal list{dirt}", row=f"17{dirt}", link=link or "https://lists.example.org/17", on="2026-10-02"
        ),
        note=f"moved in May{dirt}",
    )


def capture(source: str = "portal", at: datetime = READ, link: str = "", copy: RecordedCopy | None = None) -> Capture:
    """One exchange that went well."""
    address = link or f"https://{source}.example.org/data"
    return Capture(url=address, final_url=address, status=200, sha256=SHA, bytes=5120, at=at, copy_of=copy)


def copied(dirt: str = "", link: str = "") -> Capture:
    """An exchange read from a recorded copy whose hour nobody wrote down."""
    copy = RecordedCopy(
        link=link or "https://github.com/example/recorded/blob/0a1b2c/bikes.json",
        fidelity=f"the list without its descriptions{dirt}",
        day_only=True,
    )
    return capture("bikes", LONG_AGO, link, copy)


def seen(capture: Capture, dirt: str = "", source: str = "portal") -> Seen:
    """A machine's proof."""
    return Seen(source, capture, f"$.result.count{dirt}", f"128 datasets{dirt}"[:200])


def searched(capture: Capture, dirt: str = "") -> Searched:
    """The proof of an absence."""
    return Searched("portal", capture, "2", ("narrow", "wide"), 1284, 1284, f"“trees” found 12{dirt}")


def figures(language: str, predicted: int, right: int, positives: int, found: int) -> Row:
    """How often the nets were right about contracts in a language."""
    return Row(
        topic="money.contracts", language=language, predicted=predicted, right=right, positives=positives, found=found,
        sample=99, on="2026-11-19",
    )  # fmt: skip


def observation(kind: str, captures: tuple[Capture, ...], dirt: str = "") -> Observation:
    """A good reading."""
    return Observation(
        kind=kind,
        url=captures[0].url,
        probe=f"{kind}/1",
        at=captures[0].at,
        outcome=Outcome.PASSED,
        reason=Reason.OK,
        complete=True,
        scope=f"everything{dirt}",
        measurements={"dataset_count": Measurement(value=128, pointer=f"$.result.count{dirt}")},
        captures=captures,
    )


def looked(
    source: Source,
    good: Observation | None = None,
    *,
    last_read: datetime | None = None,
    reason: Reason | None = None,
    failing_since: datetime | None = None,
    readable: bool = True,
) -> Looked:
    """One place where we looked; with a good reading alone it answered."""
    if good is not None and reason is None:
        last_read, reason = good.at, Reason.OK
    return Looked(source, readable, good, last_read, reason, failing_since)


def full(dirt: str = "", link: str = "") -> Scorecard:
    """Exampleton with every state, outcome, kind of proof and part of a page.

    ``dirt`` is added to every word that somebody else may write, ``link`` takes the place of every address.
    """
    portal, buses = source("portal", "ckan", dirt, link), source("buses", "gtfs", dirt, link, "metropolitan")
    bikes, air = source("bikes", "gbfs", dirt, link), source("air", "sensorthings", dirt, link, "national")
    budget = source("budget", "dcat_us", dirt, link)
    read, copy = capture(link=link), copied(dirt, link)
    gone = tuple(capture("buses", READ - timedelta(days=back), link) for back in (1, 0))
    trees = Dataset(id=f"trees{dirt}", title=f"Street trees{dirt}", url=link or "https://x.example.org/t", pointer="$")

    tenders = Dataset(
        id=f"tenders{dirt}", title=f"Tenders & awards{dirt}", url=link or "https://x.example.org/d?a=1&b=2", pointer="$"
    )

    at_portal = looked(portal, observation("ckan", (read,), dirt))
    at_buses = looked(
        buses, last_read=READ, reason=Reason.NOT_FOUND, failing_since=datetime(2026, 11, 19, 6, 5, tzinfo=UTC)
    )
    at_bikes = looked(bikes, observation("gbfs", (copy,), dirt))
    at_budget = looked(
        budget, last_read=READ, reason=Reason.CONNECTION_FAILED, failing_since=datetime(2026, 5, 3, tzinfo=UTC)
    )
    at_air = looked(air, readable=False)

    def passed(test: Test, words: str) -> Passed:
        return Passed(test, (seen(read, dirt),), words + dirt)

    answers = {
        "open-data.portal": Answer(
            QUESTIONS["open-data.portal"],
            State.PRESENT,
            (
                passed(P, "It lists 128 datasets."),
                passed(M, "120 of them are readable by programs."),
                passed(L, "97 % have an open licence."),
                Inapplicable(D, f"It explains itself.{dirt}"),
            ),
            f"Exampleton has one place with all open data.{dirt}",
            thing=Thing(portal),
            others=(Thing(air), Thing(portal, trees)),
            at=READ,
            until=READ + timedelta(days=30),
            looked=(at_portal,),
        ),
        "open-data.fresh": Answer(
            QUESTIONS["open-data.fresh"],
            State.PARTIAL,
            (
                passed(P, "It lists 128 datasets."),
                Failed(F, (seen(read, dirt),), f"The newest change is of 3 May 2024.{dirt}"),
            ),
            f"It is published, but not up to date.{dirt}",
            thing=Thing(portal, trees),
            at=READ,
            until=READ + timedelta(days=30),
            looked=(at_portal,),
        ),
        "transit.timetable": Answer(
            QUESTIONS["transit.timetable"],
            State.MISSING,
            (Failed(P, (searched(read, dirt),), f"No dataset is about bus times.{dirt}"), Untested(M, "Not there.")),
            f"We searched all 1,284 datasets and found none.{dirt}",
            looked=(at_portal,),
        ),
        "transit.live": Answer(
            QUESTIONS["transit.live"],
            State.MISSING,
            (
                Failed(P, tuple(seen(one, dirt, "buses") for one in gone), f"Nothing was there on two days.{dirt}"),
                Untested(W, "Not there."),
            ),
            f"The address led to nothing twice.{dirt}",
            thing=Thing(buses),
            looked=(at_buses,),
        ),
        "transit.bikes": Answer(
            QUESTIONS["transit.bikes"],
            State.UNKNOWN,
            (
                Untested(P, f"The last reading is too old.{dirt}"),
                Untested(L, f"The last reading is too old.{dirt}"),
                Untested(F, f"The last reading is too old.{dirt}"),
            ),
            f"Nobody has read it since 23 July 2022.{dirt}",
            thing=Thing(bikes),
            last_seen=LastSeen(
                LONG_AGO,
                State.PARTIAL,
                Thing(bikes),
                (
                    Passed(P, (seen(copy, dirt, "bikes"),), f"It answered.{dirt}"),
                    Failed(L, (seen(copy, dirt, "bikes"),), f"It names no licence.{dirt}"),
                    CantTell(F, None, f"It says no date.{dirt}"),
                ),
            ),
            looked=(at_bikes,),
        ),
        "money.budget": Answer(
            QUESTIONS["money.budget"],
            State.UNKNOWN,
            (CantTell(P, Reason.CONNECTION_FAILED, f"No connection could be made.{dirt}"),),
            f"We could not read it: no connection could be made.{dirt}",
            looked=(at_budget,),
        ),
        "money.contracts": Answer(
            QUESTIONS["money.contracts"],
            State.UNKNOWN,
            (Untested(P, f"Nobody has checked this yet.{dirt}"),),
            f"Nobody has checked this yet: do you know where it is?{dirt}",
            looked=(at_air,),
            searches=(
                Search(portal, READ, 1284, True, 1, 2, False, ("de", "en")),
                Search(budget, LONG_AGO, 17, False, 0, 0, False, ("de", "en")),
            ),
            proposals=(Thing(portal, tenders), Thing(portal, trees)),
            named=(Thing(portal, trees),),
            measured=(figures("en", 12, 11, 9, 8), figures("*", 24, 23, 30, 29)),
        ),
        "money.harbour": Answer(
            QUESTIONS["money.harbour"],
            State.NOT_APPLICABLE,
            (Inapplicable(P, f"Exampleton lies on no water.{dirt}"),),
            f"Exampleton lies on no water.{dirt}",
        ),
        "voice.meetings": Answer(
            QUESTIONS["voice.meetings"],
            State.PRESENT,
            (
                Passed(
                    P,
                    (
                        ReadByPerson(
                            link or "https://council.example.org/",
                            f"A neighbour{dirt}",
                            date(2026, 9, 1),
                            f"Next meeting: 9 September{dirt}"[:200],
                        ),
                    ),
                    f"A person read the dates.{dirt}",
                ),
                Inapplicable(D, "A date explains itself."),
            ),
            f"The dates of meetings are published.{dirt}",
            looked=(),
        ),
    }
    city = City(
        id="xx-exampleton",
        names={"en": f"Exampleton{dirt}", "de": f"Beispielstadt{dirt}", "ar": f"مثال{dirt}"},
        languages=("en", "de", "ar"),
        country="XX",
        subdivision="XX-E",
        location=(10.5, -20.25),
        population=Population(value=52100, year=None, source=f"town hall{dirt}"),
        site=link or "https://www.exampleton.example/",
        sources=(portal, buses, bikes, air, budget),
        pins=(
            Pin(
                indicator="open-data.fresh",
                source="portal",
                dataset=f"trees{dirt}",
                by=f"A neighbour{dirt}",
                on="2026-10-04",
                why=f"It has every tree{dirt}",
            ),
            Pin(indicator="transit.live", source="buses", by=f"A neighbour{dirt}", on="2026-10-03"),
        ),
        rejects=(
            Reject(
                indicator="money.contracts",
                source="portal",
                dataset=f"trees{dirt}",
                by=f"A neighbour{dirt}",
                on="2026-10-05",
                why=f"Trees are no contracts.{dirt}",
            ),
        ),
        attestations=(
            Attestation(
                indicator="voice.meetings",
                test="published",
                outcome="passed",
                by=f"A neighbour{dirt}",
                url=link or "https://council.example.org/",
                on="2026-09-01",
                words=f"Next meeting: 9 September{dirt}"[:200],
            ),
            Attestation(
                indicator="voice.meetings",
                test="published",
                outcome="failed",
                by=f"Another one{dirt}",
                url=link or "https://council.example.org/old",
                on="2024-09-01",
                words=f"No dates at all{dirt}"[:200],
            ),
        ),
        not_applicable={"money.harbour": f"Exampleton lies on no water.{dirt}"},
        replies=(
            Reply(
                indicator="open-data.fresh",
                by=f"Town of Exampleton{dirt}",
                on="2026-11-20",
                words=f"We update it every spring.{dirt}"[:1000],
                url=link or "https://www.exampleton.example/reply",
            ),
        ),
    )
    return scorecard(city, framework(), answers, (at_portal, at_buses, at_bikes, at_air, at_budget))


def scorecard(
    city: City, framework: Framework, answers: dict[str, Answer], sources: tuple[Looked, ...] = ()
) -> Scorecard:
    """Put answers by indicator id into a card; the figures are counted, all weights taken as 1."""
    areas = []
    for area in framework.areas:
        chosen = tuple(answers[one.id] for one in framework.of_area(area.id))
        areas.append(AreaCard(area, chosen, score(*(one.state for one in chosen))))
    whole = score(*(answer.state for answer in answers.values()))
    return Scorecard(city, framework, NOW, tuple(areas), whole, sources)


def score(*states: State) -> Score:
    """Plain figures of a few states."""
    applicable = [state for state in states if state is not State.NOT_APPLICABLE]
    known = [state.score for state in applicable if state.known]
    unknown = len(applicable) - len(known)
    total = len(applicable) or 1
    value = sum(known) / len(known) if known and len(known) / total >= 0.6 else None
    return Score(len(known), len(applicable), value, sum(known) / total, (sum(known) + unknown) / total)


def tallied(**marks: int) -> Scorecard:
    """A small city with so many answers of each mark (``present partial missing seen unknown not_applicable``)."""
    asked: list[Indicator] = []
    answers: dict[str, Answer] = {}
    for mark, n in marks.items():
        for number in range(n):
            one = indicator(f"open-data.{mark.replace('_', '-')}-{number}", f"Question {mark} {number}?", P)
            state = State.UNKNOWN if mark == "seen" else State(mark)
            finding: Finding = Untested(P, "Nobody has checked this yet.")
            last = LastSeen(LONG_AGO, State.PRESENT, Thing(source()), (finding,)) if mark == "seen" else None
            asked.append(one)
            answers[one.id] = Answer(one, state, (finding,), "Said.", last_seen=last)
    whole = framework().model_copy(
        update={"areas": framework().areas[:1], "indicators": tuple(asked)},
    )
    city = City(
        id="xx-smallton", names={"en": "Smallton"}, languages=("en",), country="XX", location=(1, 2), population=None
    )
    return scorecard(city, whole, answers)


def site(*cards: Scorecard) -> Site:
    """A site of cards that share a framework; with none Exampleton's. The first source's registry is credited."""
    shown = cards or (full(),)
    found = next((one.source.found for one in shown[0].sources if one.source.found), None)
    return Site(
        {card.city.id: card for card in shown},
        shown[0].framework,
        NOW,
        REPOSITORY,
        (Registry(found.registry, "https://lists.example.org/", "CC0"),) if found else (),
    )
