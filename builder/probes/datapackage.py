"""Reads a data package, also a fiscal one: its resources, their fields and rows, its licence and fiscal years.

## What it asks

The descriptor: the address as given (`datapackage.json` is added where the path is empty or ends in `/`). Then the CSV
files it lists, as long as there are at most 20 files in all, and a table schema kept in a file of its own; each at most
64 MB, read as a stream. Paths are read as the standard says: web addresses, or paths beside the descriptor that do
not lead out of its folder. Packed files and other formats are not opened.

## What it measures

- `name`: of the package, else its `title`. `profile`: as stated.
- `resource_count` (number): the resources listed. `field_count` (number): the fields of all their table schemas;
  absent where no resource has a schema.
- `license`: the first of the package's `licenses` (`name`, in older packages `id` or `type`, else `title`, else
  `path`), of its older `license`, or of its resources' licences, as stated.
- `row_count` (number): the rows of all CSV resources together, without headers and blank lines; rows written into the
  descriptor count too. Absent unless every CSV resource was read to its end.
- `fiscal_years` (list of numbers): the different years found in the column that the package says holds the fiscal
  year; where there is none or it was not read, the calendar years that its stated fiscal period touches.

The reading is complete when every CSV resource was read to its end, and every schema.

## What each reason means here

- `ok`: the descriptor was read, whatever became of the files; the scope names those that were not.
- `empty`: a package that lists no resource.
- `not-the-declared-format`: a web page, or JSON without a list of resources.
- `malformed`: broken JSON. All other reasons are those of the exchange for the descriptor.

## A worked example

`{"name": "budget", "resources": [{"path": "2026.csv", "schema": {"fields": [{"name": "year"}, {"name": "amount"}]}}]}`
with a `2026.csv` of a header and 40 lines is `resource_count` 1, `field_count` 2, `row_count` 40. Without the file,
`row_count` is absent and the reading is not complete.

## The standard

[Data Package](https://datapackage.org/standard/data-package/) 1 and 2, its table schema and table dialect, and the
[Fiscal Data Package](https://fiscal.datapackage.org/) with its older forms.
"""

from __future__ import annotations

import re
from typing import Any
from urllib.parse import urljoin

from builder.errors import Unreadable
from builder.model.capture import Answer, Request
from builder.model.observation import Reading, Target
from builder.model.reasons import Reason
from builder.model.web import Web
from builder.probes._address import with_standard_path
from builder.probes._asking import Asking
from builder.probes._facts import Facts, some
from builder.probes._json import listing, mapping, not_what_was_asked, read_object, records, text, texts
from builder.probes._licences import stated_licence
from builder.probes._table import Table, count_rows
from builder.probes._text import clean

VERSION = 1
DEADLINE_SECONDS = 60

MOST_FILES = 20
MOST_YEARS = 100
_PACKED = (".zip", ".gz", ".bz2", ".xz", ".7z")
# What the fiscal standard calls a column of years, in its column types.
_YEAR_TYPES = ("date:fiscal-year", "date:year", "date:fiscal:year")


async def read(target: Target, web: Web) -> Reading:
    """Read the descriptor and the CSV files it lists; raises ``Unreadable`` for the former only."""
    asking = Asking(web)
    url = with_standard_path(target.url, "datapackage.json")
    answer, capture = await asking.get(Request(url, accept="application/json, */*;q=0.5"))
    package = read_object(answer)
    resources = package.get("resources")
    if not isinstance(resources, list):
        raise not_what_was_asked(answer, package, "list of resources, as a data package does")
    files = _Files(asking, answer, package)
    for position, resource in enumerate(records(resources)):
        await files.read(resource, position)
    facts = Facts()
    named = "name" if text(package.get("name")) else "title"
    facts.say_words("name", package.get(named), f"$.{named}", capture)
    facts.say_words("profile", package.get("profile"), "$.profile", capture, 100)
    facts.say("resource_count", len(records(resources)), "$.resources[*]", capture)
    facts.say("field_count", files.fields, "$.resources[*].schema.fields[*]", capture)
    licence, where = _licence(package)
    facts.say("license", licence, where, capture)
    if files.rows is not None and not files.unread:
        facts.say("row_count", files.rows, "the rows of the CSV resources", files.capture)
    if files.years:
        facts.say("fiscal_years", sorted(files.years)[:MOST_YEARS], files.years_at, files.years_capture)
    elif years := _period(package):
        facts.say("fiscal_years", years, "$.fiscalPeriod", capture)
    return Reading(
        facts, complete=not files.unread, scope=files.scope(), empty=not resources,
        message="" if resources else "The package is in order, but lists no resource.",
    )  # fmt: skip


class _Files:
    """The files of one package as they are read: what they hold together, and which could not be read."""

    def __init__(self, asking: Asking, descriptor: Answer, package: dict[str, Any]) -> None:
        self.fields: int | None = None
        self.rows: int | None = None
        self.years: set[int] = set()
        self.years_at, self.years_capture, self.capture = "", 0, 0
        self.unread: list[str] = []
        self._asking = asking
        self._base = descriptor.capture.final_url
        self._year_columns = _year_columns(package)
        self._asked = 0
        self._other = 0

    def scope(self) -> str:
        words = f"the descriptor and {self._asked} file{'' if self._asked == 1 else 's'}"
        if self._other:
            words += f"; {self._other} resource{'' if self._other == 1 else 's'} in other formats not opened"
        return words + (f"; not read: {some(self.unread)}" if self.unread else "")

    async def read(self, resource: dict[str, Any], position: int) -> None:
        """Read one resource: its schema, and its rows where it is CSV."""
        name = clean(text(resource.get("name")) or f"resource {position + 1}", 60)
        fields = await self._fields(resource, name)
        data = resource.get("data")
        if isinstance(data, list):
            # Rows as lists begin with a header, rows as objects do not.
            self.rows = (self.rows or 0) + len(data) - bool(data and isinstance(data[0], list))
            return
        paths = texts(resource.get("path")) or texts(resource.get("url"))
        if not paths or not _is_csv(resource, paths[0]):
            self._other += 1
            return
        columns = self._year_columns | {
            text(field.get("name")) or "" for field in fields if text(field.get("columnType")) in _YEAR_TYPES
        }
        for part, path in enumerate(paths):
            try:
                table, capture = await self._table(resource, path, columns, first=part == 0)
            except Unreadable as error:
                self.unread.append(f"{name} ({error.reason})")
                return
            self.capture = capture if self.rows is None else self.capture
            self.rows = (self.rows or 0) + table.rows
            if table.years and not self.years:
                self.years_at, self.years_capture = f"{name}#{table.year_column}", capture
            self.years |= table.years

    async def _table(self, resource: dict[str, Any], path: str, columns: set[str], *, first: bool) -> tuple[Table, int]:
        answer, capture = await self._ask(path, "text/csv, */*;q=0.5", spool=True)
        dialect = mapping(resource.get("dialect"))
        header = first and dialect.get("header") is not False
        return await count_rows(answer, dialect, text(resource.get("encoding")), columns, header=header), capture

    async def _fields(self, resource: dict[str, Any], name: str) -> list[dict[str, Any]]:
        schema = resource.get("schema")
        if isinstance(schema, str) and schema.strip():
            try:
                answer, _ = await self._ask(schema.strip(), "application/json")
                schema = read_object(answer)
            except Unreadable as error:
                self.unread.append(f"schema of {name} ({error.reason})")
        fields = mapping(schema).get("fields")
        if not isinstance(fields, list):
            return []
        self.fields = (self.fields or 0) + len(records(fields))
        return records(fields)

    async def _ask(self, path: str, accept: str, *, spool: bool = False) -> tuple[Answer, int]:
        if self._asked >= MOST_FILES:
            raise Unreadable(Reason.TOO_LARGE, f"The package lists more than {MOST_FILES} files.")
        answer = await self._asking.get(Request(_address(self._base, path), accept=accept, spool=spool))
        self._asked += 1
        return answer


def _address(base: str, path: str) -> str:
    """A path of the package as an address; one that leads out of the package's folder is refused."""
    if re.match(r"https?://", path, re.IGNORECASE):
        return path
    if path.startswith(("/", "~")) or ".." in path.split("/") or re.match(r"[a-z][a-z0-9+.-]*:", path, re.IGNORECASE):
        raise Unreadable(Reason.BLOCKED_SCHEME, "A path of the package leads out of its folder.")
    # Without its beginning `./`, a name with a question mark or space in it would be taken for something else.
    return urljoin(base, path.replace("%", "%25").replace(" ", "%20").replace("?", "%3F").replace("#", "%23"))


def _is_csv(resource: dict[str, Any], path: str) -> bool:
    """Whether a resource says that it is CSV: by its format, else its media type, else its file's name."""
    stated = text(resource.get("format")) or text(resource.get("mediatype")) or path.partition("?")[0]
    packed = text(resource.get("compression")) not in (None, "no")
    # The format is that of the table; the name tells whether it is packed.
    packed = packed or path.partition("?")[0].lower().endswith(_PACKED)
    return not packed and stated.lower().endswith(("csv", "tsv", "tab-separated-values"))


def _licence(package: dict[str, Any]) -> tuple[str | None, str]:
    """The licence as stated, and where."""
    holders = [(package, "$")]
    holders += [(resource, f"$.resources[{at}]") for at, resource in enumerate(records(package.get("resources")))]
    for holder, where in holders:
        for key in ("licenses", "license", "licence"):
            for item in listing(holder.get(key)):
                said = (item.get(name) for name in ("name", "id", "type", "title", "path", "url")) if isinstance(
                    item, dict) else (item,)  # fmt: skip
                if words := stated_licence(*(text(value) for value in said)):
                    return words, f"{where}.{key}"
    return None, "$"


def _year_columns(package: dict[str, Any]) -> set[str]:
    """The columns that the mapping of a fiscal package (before version 1) says to hold the year."""
    dimensions = mapping(mapping(package.get("mapping")).get("dimensions"))
    columns = set()
    for name, dimension in dimensions.items():
        attributes = mapping(mapping(dimension).get("attributes"))
        dated = name in ("date", "year", "fiscalYear") or mapping(dimension).get("dimensionType") == "datetime"
        for attribute, stated in attributes.items():
            if dated and str(attribute).lower() in ("year", "fiscalyear", "fiscal_year"):
                columns.add(text(mapping(stated).get("source")) or "")
    return columns - {""}


def _period(package: dict[str, Any]) -> list[int]:
    """The calendar years that the stated fiscal period touches."""
    period = mapping(package.get("fiscalPeriod"))
    stated = [re.match(r"(?:19|20|21)\d\d", text(period.get(key)) or "") for key in ("start", "end")]
    years = [int(found[0]) for found in stated if found]
    return list(range(min(years), max(years) + 1))[:MOST_YEARS] if years else []
