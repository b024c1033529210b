"""Reads an organisation that publishes software: how many repositories, how many say they may be used, the newest push.

**What it asks.** For `https://github.com/<organisation>` the list `https://api.github.com/orgs/<organisation>/repos`
(where there is no such organisation, `/users/<organisation>/repos`), a hundred a page. For the address of a group on
any other host GitLab's `<host>/api/v4/groups/<group>/projects`, with its subgroups, a hundred a page. The address of
such a list itself, and that of a JSON file, is read as given. A key, where the source names one, goes with it in a
header; without one GitHub answers sixty questions an hour. An address that ends in `publiccode.yml` is that one file,
which describes one piece of software.

**What it measures.** Public repositories only, for others are not listed. A fork is a copy of somebody else's work, so
it counts in `fork_count` and nowhere else; an archived repository is still published, so it counts.

- `repository_count`: repositories without forks. `archived_count`: those of them that are archived.
- `fork_count`: the forks.
- `licensed_share` (0 to 1): those in which GitHub recognised a licence by its SPDX name; a licence file that it did not
  recognise (`NOASSERTION`) counts as none. Absent for GitLab, whose lists do not say.
- `pushed_latest` (instant, UTC): the newest push to any of them (GitLab: the newest activity).

The reading is complete when a page came that was not full, or nothing new; two thousand repositories are read at most.
`publiccode.yml` files are not looked for. Of one that is named: `name`, `version` (of the
form), `repository_count` 1, `licensed_share` (whether it states `legal.license`) and `released_latest`; it is never
the whole of what an organisation publishes.

**What each reason means here.** `empty`: an organisation without a repository of its own. `not-found`: no organisation,
user or group of that name. `forbidden` and `rate-limited`: the hour's questions are used up. `not-the-declared-format`:
an address that names no organisation, or an answer that is no list of repositories.

**A worked example.** Three repositories, one of them a fork, one with `"license": {"spdx_id": "MIT"}`, one without:
`repository_count` 2, `fork_count` 1, `licensed_share` 0.5.

**The standard.** [GitHub's REST interface](https://docs.github.com/en/rest/repos/repos) and
[GitLab's](https://docs.gitlab.com/api/groups/). The samples in our tests are made from their documentation.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote, unquote, urlunsplit

import yaml

from builder.errors import Unreadable
from builder.model.capture import Request
from builder.model.observation import Reading, Target
from builder.model.reasons import Reason
from builder.model.web import Web
from builder.probes._address import split
from builder.probes._asking import Asking
from builder.probes._dates import read_date
from builder.probes._facts import Facts, Newest
from builder.probes._json import mapping, not_what_was_asked, read_json, records, text
from builder.probes._paging import why
from builder.probes._text import counted

VERSION = 1
DEADLINE_SECONDS = 60

_PAGE = 100
_MOST_PAGES = 20
_GITHUB_LIST = re.compile(r"/(?:orgs|users)/[^/]+/repos/?")
_GITLAB_LIST = re.compile(r"/api/v4/groups/[^/]+/projects/?")
_PUBLICCODE = re.compile(r"/publiccode\.ya?ml$")
_PUBLICCODE_BYTES = 256 * 1024
_NO_LICENCE = frozenset({"", "NOASSERTION", "NONE"})


@dataclass(frozen=True, slots=True)
class _List:
    """A list to ask for: its address, its parameters beside paging, the header a key goes in."""

    url: str
    params: dict[str, str]
    headers: dict[str, str]


async def read(target: Target, web: Web) -> Reading:
    """Read the organisation's or group's list to its end."""
    asking = Asking(web)
    if _PUBLICCODE.search(split(target.url).path):
        return await _read_publiccode(asking, target.url)
    fault: Unreadable | None = None
    for wanted in _lists(target):
        try:
            return await _read(asking, wanted)
        except Unreadable as error:
            fault = fault or error
            if error.reason is not Reason.NOT_FOUND:
                raise
    assert fault is not None  # there is at least one list
    raise fault


def _lists(target: Target) -> list[_List]:
    """The lists that the address may mean, the likeliest first."""
    parts = split(target.url)
    path, host = parts.path.rstrip("/"), (parts.hostname or "").removeprefix("www.")
    origin = f"{parts.scheme}://{parts.netloc}"
    github = {"Authorization": f"Bearer {target.key}"} if target.key else {}
    gitlab = {"PRIVATE-TOKEN": target.key} if target.key else {}
    as_given = urlunsplit((parts.scheme, parts.netloc, path, "", ""))
    if _GITHUB_LIST.search(path):
        return [_List(as_given, {}, github)]
    if _GITLAB_LIST.search(path):
        return [_List(as_given, {"include_subgroups": "true"}, gitlab)]
    if path.endswith(".json"):  # no organisation's name has a dot
        return [_List(as_given, {}, {})]
    names = [quote(unquote(name), safe="") for name in path.split("/") if name]
    if not names:
        raise Unreadable(Reason.NOT_THE_DECLARED_FORMAT, "The address names no organisation or group.")
    if host in {"github.com", "api.github.com"}:
        # `github.com/orgs/<name>` is the same organisation's other page.
        name = names[1] if names[0] in {"orgs", "users"} and len(names) > 1 else names[0]
        return [_List(f"https://api.github.com/{whose}/{name}/repos", {}, github) for whose in ("orgs", "users")]
    names = names[1:] if names[0] == "groups" and len(names) > 1 else names
    group = "%2F".join(names)
    return [_List(f"{origin}/api/v4/groups/{group}/projects", {"include_subgroups": "true"}, gitlab)]


async def _read(asking: Asking, wanted: _List) -> Reading:
    found: dict[str, tuple[dict[str, Any], int]] = {}
    fault: Unreadable | None = None
    ended = False
    for page in range(1, _MOST_PAGES + 1):
        params = {**wanted.params, "per_page": str(_PAGE), "page": str(page)}
        try:
            answer, capture = await asking.get(
                Request(wanted.url, params, accept="application/json", headers=wanted.headers)
            )
            listed = read_json(answer)
            if not isinstance(listed, list) or any(not _is_repository(one) for one in listed):
                raise not_what_was_asked(answer, listed, "list of repositories")
        except Unreadable as error:
            if page == 1:
                raise
            fault = error
            break
        before = len(found)
        for one in records(listed):
            found.setdefault(text(one.get("id")) or str(len(found)), (one, capture))
        ended = len(listed) < _PAGE or len(found) == before
        if ended:
            break
    own = [(one, capture) for one, capture in found.values() if not _is_fork(one)]
    return Reading(
        _facts(own, len(found) - len(own)),
        complete=ended, empty=ended and not own,
        scope=counted(len(found), "repository", "repositories")
        + (f" ({why(fault)})" if fault else "" if ended else ", and there are more"),
        message="" if own or not ended else "It lists no repository of its own.",
    )  # fmt: skip


async def _read_publiccode(asking: Asking, url: str) -> Reading:
    """The reading of one ``publiccode.yml``, all its values as words; raises ``Unreadable`` where it is none."""
    answer, capture = await asking.get(Request(url, limit_bytes=_PUBLICCODE_BYTES))
    try:
        # The base loader makes words of everything: no dates, no numbers, no objects.
        said = mapping(yaml.load(answer.body, Loader=yaml.CBaseLoader))
    except (yaml.YAMLError, ValueError, RecursionError):
        raise Unreadable(Reason.MALFORMED, "The YAML is broken.", answer.capture) from None
    if "publiccodeYmlVersion" not in said:
        words = "The answer is no publiccode.yml, which states its `publiccodeYmlVersion`."
        raise Unreadable(Reason.NOT_THE_DECLARED_FORMAT, words, answer.capture)
    facts, newest = Facts(), Newest()
    facts.say_words("name", said.get("name"), "$.name", capture)
    facts.say_words("version", said.get("publiccodeYmlVersion"), "$.publiccodeYmlVersion", capture, 40)
    facts.say("repository_count", 1, "$", capture)
    licence = text(mapping(said.get("legal")).get("license"))
    facts.say("licensed_share", float(licence is not None), "$.legal.license", capture, unit="1")
    newest.see([read_date(said.get("releaseDate"))], "$.releaseDate", capture)
    newest.tell(facts, "released_latest")
    return Reading(facts, complete=False, scope="the publiccode.yml of one piece of software")


def _facts(own: list[tuple[dict[str, Any], int]], forks: int) -> Facts:
    facts, newest = Facts(), Newest()
    last = own[-1][1] if own else 0
    facts.say("repository_count", len(own), "$[*]", last)
    facts.say("archived_count", sum(one.get("archived") is True for one, _ in own), "$[*].archived", last)
    facts.say("fork_count", forks, "$[*].fork", last)
    stating = [one for one, _ in own if "license" in one]
    if stating:
        licensed = sum(
            (text(mapping(one["license"]).get("spdx_id")) or "").upper() not in _NO_LICENCE for one in stating
        )
        facts.say("licensed_share", licensed / len(own), "$[*].license.spdx_id", last, unit="1")
    for name in ("pushed_at", "last_activity_at"):
        for one, capture in own:
            newest.see([read_date(one.get(name))], f"$[*].{name}", capture)
    newest.tell(facts, "pushed_latest")
    return facts


def _is_repository(value: object) -> bool:
    """Whether a list's item is a repository: all of both softwares have a name, and when they were last worked on."""
    one = mapping(value)
    return "name" in one and ("pushed_at" in one or "last_activity_at" in one)


def _is_fork(one: dict[str, Any]) -> bool:
    return one.get("fork") is True or bool(one.get("forked_from_project"))
