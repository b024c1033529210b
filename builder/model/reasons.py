"""Why a reading came out as it did: one closed list, each reason with its side, its words and whether we try again.

A reason decides the outcome, so no code can turn a fault of the network into a failing of the city.
"""

from __future__ import annotations

from enum import StrEnum


class Outcome(StrEnum):
    """The five outcomes of W3C EARL; there is no sixth."""

    PASSED = "passed"
    FAILED = "failed"
    CANT_TELL = "cantTell"
    INAPPLICABLE = "inapplicable"
    UNTESTED = "untested"


class Side(StrEnum):
    """On which side the fault lies, in the words a reader sees."""

    NONE = "no fault"
    THEM = "the source"
    BETWEEN = "between us and the source"
    US = "us"


class Reason(StrEnum):
    """The closed list of DESIGN section 5; ``.outcome``, ``.side``, ``.words`` and ``.retried`` say the rest."""

    outcome: Outcome
    side: Side
    words: str
    retried: bool

    def __new__(cls, value: str, outcome: Outcome, side: Side, words: str, retried: bool = False) -> Reason:
        self = str.__new__(cls, value)
        self._value_ = value
        self.outcome, self.side, self.words, self.retried = outcome, side, words, retried
        return self

    OK = "ok", Outcome.PASSED, Side.NONE, "It answered in the form it declares."

    EMPTY = "empty", Outcome.FAILED, Side.THEM, "It answered in the right form, but holds nothing."
    NOT_THE_DECLARED_FORMAT = (
        "not-the-declared-format",
        Outcome.FAILED,
        Side.THEM,
        "It answered with something other than what it says it is.",
    )
    MALFORMED = "malformed", Outcome.FAILED, Side.THEM, "It answered in the right form, but broken."
    NOT_FOUND = "not-found", Outcome.FAILED, Side.THEM, "The server answers, but says there is nothing at this address."
    GONE = "gone", Outcome.FAILED, Side.THEM, "The server says this was removed for good."
    CLIENT_ERROR = "client-error", Outcome.FAILED, Side.THEM, "The server refused the request as a bad one."
    API_ERROR = "api-error", Outcome.FAILED, Side.THEM, "The interface answered, but with an error message of its own."
    STALE = "stale", Outcome.FAILED, Side.THEM, "It is older than it should be."

    AUTH_REQUIRED = "auth-required", Outcome.CANT_TELL, Side.BETWEEN, "It asks for a login we do not have."
    FORBIDDEN = "forbidden", Outcome.CANT_TELL, Side.BETWEEN, "The server would not let us in."
    BOT_CHALLENGE = "bot-challenge", Outcome.CANT_TELL, Side.BETWEEN, "A gate against robots stood in our way."
    RATE_LIMITED = "rate-limited", Outcome.CANT_TELL, Side.BETWEEN, "The server asked us to come back later.", True
    SERVER_ERROR = "server-error", Outcome.CANT_TELL, Side.BETWEEN, "The server had a fault of its own that day.", True
    TIMEOUT = "timeout", Outcome.CANT_TELL, Side.BETWEEN, "It did not finish answering in the time we give."
    CONNECTION_FAILED = ("connection-failed", Outcome.CANT_TELL, Side.BETWEEN, "No connection could be made.", True)
    PROTOCOL_ERROR = (
        "protocol-error",
        Outcome.CANT_TELL,
        Side.BETWEEN,
        "The answer broke off, or broke the rules of the web.",
    )
    TOO_LARGE = "too-large", Outcome.CANT_TELL, Side.US, "The answer is larger than we read."
    TOO_MANY_REDIRECTS = ("too-many-redirects", Outcome.CANT_TELL, Side.BETWEEN, "It sent us on more than five times.")
    BLOCKED_ADDRESS = "blocked-address", Outcome.CANT_TELL, Side.US, "The name leads to an address we do not dial."
    BLOCKED_SCHEME = "blocked-scheme", Outcome.CANT_TELL, Side.US, "The address is not one of the web (http or https)."
    TLS_ERROR = "tls-error", Outcome.CANT_TELL, Side.BETWEEN, "No safe connection could be made."
    ROBOTS_DISALLOWED = (
        "robots-disallowed",
        Outcome.CANT_TELL,
        Side.US,
        "Its robots.txt asks programs like ours to stay away, so we did.",
    )
    ROBOTS_UNAVAILABLE = (
        "robots-unavailable",
        Outcome.CANT_TELL,
        Side.BETWEEN,
        "Its robots.txt could not be read, so we stayed away.",
    )
    OUR_ERROR = "our-error", Outcome.CANT_TELL, Side.US, "Our own program failed while reading it."

    NOT_CAPTURED = "not-captured", Outcome.UNTESTED, Side.US, "Nobody has read this yet."
    NEEDS_KEY = "needs-key", Outcome.UNTESTED, Side.US, "It needs a key that we do not have yet."
    OFFLINE = "offline", Outcome.UNTESTED, Side.US, "We had no network when we tried."
