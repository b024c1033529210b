"""The rules of amount, `at_least` and `at_most`: what was measured, how it is said, and whether it is enough."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from builder.judge import licensing
from builder.judge.dates import in_words
from builder.judge.facts import Read, excerpt
from builder.judge.phrases import counted, figure, label, listed
from builder.judge.policy import DATED_SHARES
from builder.judge.ruled import UNMEASURED, Ruled, cannot_tell, dates_only_records, not_complete, not_offered, proved
from builder.model.evidence import Seen
from builder.model.framework import AtLeast, AtMost
from builder.model.observation import Value


@dataclass(frozen=True, slots=True)
class _Amount:
    """A measured amount, whether it is a share, how it is said, whether as a figure, and the proof of its parts."""

    value: float
    share: bool
    words: str
    numeric: bool
    proofs: tuple[Seen | None, ...]


def _number(value: Value | None) -> float | None:
    """What is countable: numbers themselves, yes and no as 1 and 0, lists by length, words as one if there are any."""
    if isinstance(value, bool | int | float):
        return float(value)
    return None if value is None else float(len(value) > 0 if isinstance(value, str) else len(value))


def _amount(names: Sequence[str], of: str | None, asked: float, read: Read) -> _Amount | Ruled:
    found = [(number, name) for name in names if (number := _number(read.value(name))) is not None]
    if not found:
        return not_offered(UNMEASURED.format(listed([label(name) for name in names], "or")))
    number, name = max(found, key=lambda pair: pair[0])
    if of is None:
        share = read.observation.measurements[name].unit == "1"
        # Where several were asked for, the others that fell short are part of the proof.
        others = tuple(read.seen(other) for _, other in found if other != name)
        value = read.value(name)
        numeric = isinstance(value, int | float) and not isinstance(value, bool)
        return _Amount(number, share, _told(name, number, share, asked, read), numeric, (read.seen(name), *others))
    whole = _number(read.value(of))
    if whole is None:
        return not_offered(UNMEASURED.format(label(of)))
    if whole <= 0:
        return cannot_tell(f"There is no share of {label(of)} to speak of: it is {figure(whole)}.")
    part = figure(number / whole, share=True, beside=asked)
    words = f"there were {figure(number)} {counted(name)} among {figure(whole)} {counted(of)} ({part})"
    return _Amount(number / whole, True, words, True, (read.seen(name), read.seen(of)))


def _told(name: str, number: float, share: bool, asked: float, read: Read) -> str:
    value = read.value(name)
    if isinstance(value, bool):
        return f"the answer to “{label(name)}” was {'yes' if value else 'no'}"
    if isinstance(value, str | list | dict):
        items = [value] if isinstance(value, str) else [str(one) for one in value]
        return f"it named its {label(name)}: {excerpt(listed(items))}" if number else f"it named no {label(name)}"
    return f"the {label(name)} was {figure(number, share, asked)}"


def _in_part(read: Read) -> str:
    return (
        ""
        if read.observation.complete
        else f" Only a part was read: {read.observation.scope or 'we do not know which'}."
    )


def _against(amount: _Amount, asked: str, read: Read) -> str:
    """What was measured, on which day, and what is asked of it."""
    return f"On {in_words(read.at)} {amount.words}{asked}.{_in_part(read)}"


def at_least(rule: AtLeast, read: Read) -> Ruled:
    """Whether the largest of the measurements, or its share, is at least what is asked."""
    names = (rule.measurement,) if isinstance(rule.measurement, str) else rule.measurement
    amount = _amount(names, rule.of, rule.value, read)
    if isinstance(amount, Ruled):
        return amount
    holds = amount.value >= rule.value
    if not holds and not read.observation.complete:
        return not_complete(read)
    # That there is one of anything at all needs no figure.
    asked = f"; we ask for at least {figure(rule.value, amount.share)}" if amount.numeric or rule.value > 1 else ""
    words = _against(amount, asked, read)
    if not holds and names == (licensing.OPEN_SHARE,):
        undecided = licensing.undecided_share(read)
        if undecided is None:
            return cannot_tell(f"{words} Which licences the others state our reading does not show.")
        if amount.value + undecided >= rule.value:
            rest = figure(undecided, share=True)
            return cannot_tell(f"{words} But {rest} state a licence of which we do not know whether it is open.")
    if not holds and not DATED_SHARES.isdisjoint(names) and dates_only_records(read):
        return cannot_tell(f"{words} But the catalogue dates only its descriptions; its data may be newer.")
    return proved(holds, words, *amount.proofs)


def at_most(rule: AtMost, read: Read) -> Ruled:
    """Whether a measurement, or its share, is at most what is allowed."""
    amount = _amount((rule.measurement,), rule.of, rule.value, read)
    if isinstance(amount, Ruled):
        return amount
    holds = amount.value <= rule.value
    # A share of a part stands for that part; a count of a part can only grow, so that it is small proves nothing, and
    # that it is too large already needs no more reading.
    if not read.observation.complete and holds != amount.share:
        return not_complete(read)
    words = _against(amount, f"; we allow at most {figure(rule.value, amount.share)}", read)
    return proved(holds, words, *amount.proofs)
