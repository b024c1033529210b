"""A crawl of a built folder: every internal link, fragment and loaded file resolves; nothing comes from elsewhere."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import unquote, urljoin, urlsplit

from builder.publish.frame import is_frame

_TOKEN = re.compile(r"cpx(slug|title|description|head|body)")
_CSS_URL = re.compile(r"""url\(\s*["']?([^"')]+)|@import\s+["']([^"']+)""")
_ELSEWHERE = ("https", "http", "mailto")
HOST = "http://crawl.invalid"  # stands for whatever host serves the folder; .invalid is nobody's


@dataclass
class _Page(HTMLParser):
    """What one page holds: its ids, the links it offers and the files it loads."""

    ids: list[str] = field(default_factory=list)
    links: list[str] = field(default_factory=list)
    loads: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        super().__init__(convert_charrefs=True)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = {name: value or "" for name, value in attrs}
        if "id" in values:
            self.ids.append(values["id"])
        if tag in ("a", "area") and "href" in values:
            self.links.append(values["href"])
        elif tag == "form" and "action" in values:
            self.links.append(values["action"])
        elif tag == "link" and values.get("rel") not in ("canonical", "prev", "next", "license"):
            self.loads.append(values.get("href", ""))
        elif tag in ("script", "img", "source", "iframe", "audio", "video", "embed") and "src" in values:
            self.loads.append(values["src"])
        for source in values.get("srcset", "").split(","):
            if source.strip():
                self.loads.append(source.split()[0])
        if "style" in values:
            self.loads += _urls(values["style"])


def crawl(folder: Path, base: str = "/") -> list[str]:
    """Every fault of the site in ``folder`` when it is served under the path ``base``, as ``page: what is wrong``."""
    pages = {path: _read(path) for path in sorted(folder.rglob("*.html"))}
    faults = [] if pages else [f"{folder}: no page at all"]
    for path, page in pages.items():
        name = path.relative_to(folder).as_posix()
        text = path.read_text("utf-8")
        here = f"{HOST}{base}{name.removesuffix('index.html')}"
        if _TOKEN.search(text) or is_frame(text):
            faults.append(f"{name}: a token of the frame is left")
        faults += [
            f"{name}: the id {one!r} is there twice" for one in sorted({i for i in page.ids if page.ids.count(i) > 1})
        ]
        for link in page.links:
            faults += [f"{name}: {why}" for why in _link(link, here, folder, base, pages)]
        for load in page.loads:
            faults += [f"{name}: {why}" for why in _load(load, here, folder, base)]
    for path in sorted(folder.rglob("*.css")):
        name = path.relative_to(folder).as_posix()
        for load in _urls(path.read_text("utf-8")):
            faults += [f"{name}: {why}" for why in _load(load, f"{HOST}{base}{name}", folder, base)]
    return faults


def _read(path: Path) -> _Page:
    page = _Page()
    page.feed(path.read_text("utf-8"))
    page.close()
    return page


def _urls(css: str) -> list[str]:
    return [one or two for one, two in _CSS_URL.findall(css)]


def _link(link: str, here: str, folder: Path, base: str, pages: dict[Path, _Page]) -> list[str]:
    target = urljoin(here, link)
    parts = urlsplit(target)
    if not target.startswith(HOST):
        return [] if parts.scheme in _ELSEWHERE else [f"the link {link!r} has a scheme no browser follows"]
    file = _file(parts.path, folder, base)
    if file is None:
        return [f"the link {link!r} leads to nothing"]
    if parts.fragment and file in pages and unquote(parts.fragment) not in pages[file].ids:
        return [f"the link {link!r} leads to a place that is not on its page"]
    return []


def _load(load: str, here: str, folder: Path, base: str) -> list[str]:
    if load.startswith(("data:", "#")):
        return []
    target = urljoin(here, load)
    if not target.startswith(HOST):
        return [f"{load!r} would be loaded from another host"]
    return [] if _file(urlsplit(target).path, folder, base) else [f"{load!r}, which the page loads, is not there"]


def _file(path: str, folder: Path, base: str) -> Path | None:
    """The file that a plain server gives for a path, or None."""
    if not path.startswith(base):
        return None
    file = folder / unquote(path[len(base) :])
    if path.endswith("/"):
        file = file / "index.html"
    return file if file.is_file() else None
