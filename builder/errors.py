"""What can go wrong, as people should hear it: one clear line that says what, where and what to do.

The tree:

    CityproofError                 anything we expected to be able to go wrong
    ├── InputError                 a file or an argument written by a person is wrong
    │   └── FilesRefused           many such faults at once, each with its place
    ├── ResultsError               a machine-written file is damaged or from another version
    ├── Busy                       another run holds the results
    ├── Offline                    the prober has no network; nothing was recorded
    ├── RunRefused                 the run's failures look like ours: nothing is published
    └── Unreadable                 a source could not be read; carries the closed-list reason
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from builder.model.capture import Capture
    from builder.model.reasons import Reason


class CityproofError(Exception):
    """Anything we expected to be able to go wrong; its text is one line for a person."""


class InputError(CityproofError):
    """A file or argument that a person wrote is wrong; nothing was changed."""


@dataclass(frozen=True, slots=True, order=True)
class Fault:
    """One mistake in one file: where it is (1-based line and column), which field, and what to do."""

    file: str
    line: int
    column: int
    field: str
    message: str

    def __str__(self) -> str:
        return f"{self.file}:{self.line}:{self.column}: {self.field}: {self.message}"


class FilesRefused(InputError):
    """Every fault found in people's files, in stable order."""

    def __init__(self, faults: list[Fault]) -> None:
        self.faults = sorted(faults)
        first = self.faults[0]
        more = f" (and {len(faults) - 1} more; run 'cityproof check')" if len(faults) > 1 else ""
        super().__init__(f"{first}{more}")


class ResultsError(CityproofError):
    """A machine-written file is damaged, or was written by another version."""


class Busy(CityproofError):
    """Another run is writing the same results."""


class Offline(CityproofError):
    """This machine has no network, so nothing was learned and nothing was recorded."""


class RunRefused(CityproofError):
    """More than 30 % of the hosts newly failed: that is us, not the cities."""


class Unreadable(CityproofError):
    """A source or one of its answers could not be read.

    ``reason`` is from the closed list of ``builder.model.reasons``; ``capture`` is the exchange
    that showed it, when there was one.
    """

    def __init__(self, reason: Reason, message: str, capture: Capture | None = None) -> None:
        super().__init__(message)
        self.reason = reason
        self.message = message
        self.capture = capture
