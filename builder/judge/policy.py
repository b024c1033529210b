"""The lines we drew ourselves, each with its reason beside it; everything else in this floor only applies them."""

from __future__ import annotations

from builder.model.reasons import Reason

# Below this share of answers known, a score would say more about what we read than about the city. As a fraction,
# so that exactly 60 % counts as 60 %.
SCORED_FROM = (3, 5)

# Clocks that were never set write 1970 or 1980; no city published open data before the web was public.
FIRST_HONEST_YEAR = 1990

# A page that a person read may have changed since; a year is how long its own budget or plan usually lasts.
PERSON_MONTHS = 12

# A server under repair says "not found" too, so one such day proves nothing; two different days do.
VANISHING = frozenset({Reason.NOT_FOUND, Reason.GONE})

# Feeds of a region hold many cities: only a stop or a vehicle near this one shows that it is among them.
FEEDS_OF_A_PLACE = frozenset({"gtfs", "gtfs_rt", "siri", "netex", "gbfs", "datex2"})
WIDE_TIERS = frozenset({"regional", "national"})
SERVES = ("stop_count_near", "vehicle_count_near")

# Written for people to read: that it answers does not make it something a program can use.
FOR_PEOPLE = frozenset({"webpage", "accessibility_statement", "https"})

# May be data or a page, whichever its publisher chose: the answer itself says which of the two was read.
DATA_OR_PAGE = frozenset({"algorithm_register"})

# Forms that only people can read. Any other form that we do not know (an archive, say) may hold data: no "no" there.
FORMS_FOR_PEOPLE = frozenset({"PDF", "DOC", "DOCX", "ODT", "PPT", "PPTX", "HTML", "JPG", "JPEG", "PNG", "GIF"})

# What the kinds call the licence they state.
LICENCE_MEASUREMENTS = ("license_id", "license")

# Words with which software says that nobody chose a licence: no licence is stated, whatever the field holds.
NO_LICENCE = frozenset({"", "none", "notspecified", "not specified", "license not specified", "no license"})

# Licences whose own text forbids what the Open Definition asks (selling, changing), by the parts of their ids.
CLOSED_PARTS = frozenset({"nc", "nd"})
CLOSED_LICENCES = frozenset({"other-closed", "other-nc", "proprietary", "all rights reserved"})

# What must be at most so many days old is a live stream: its record in a catalogue stays as it is while values flow.
LIVE_DAYS = 2

# Shares counted by dates of change: where a catalogue dates only its descriptions they are a floor, not the truth.
DATED_SHARES = frozenset({"modified_within_year_share", "in_cadence_share"})

# A net may claim presence from this precision and absence from this recall: one wrong claim in twenty is as many as a
# reader forgives, and a wrong "missing" is worse than that. As fractions, so that 19 of 20 is exactly 95 %.
COUNTS_FROM = (19, 20)
ABSENCE_FROM = (97, 100)
# Fewer judged datasets say too little: of ten right catches the true share may still be 74 %, of none anything at all.
# Pooled over languages more are asked for, because another language's words are other words.
ENOUGH = 10
ENOUGH_POOLED = 20

# How many candidates a page offers with "is this it?": more than a reader checks would be a search result.
PROPOSED = 5

# Bands of population in which cities are peers: below 100,000 few run a portal of their own, a million is where most
# run many; in between a step of five is about as much as one budget differs from another.
BANDS = (20_000, 100_000, 500_000, 1_000_000)

# From this weight on a catch is worth asking about: its title names the subject or its keywords name the very thing. A
# word in a description alone makes "is this it?" a joke: a study of lead in blood mentions the tap.
ASKED_FROM = 6
