"""The hand-written pages and the frames, rendered by mkdocs as a command that a successor can take the place of."""

from __future__ import annotations

import hashlib
import re
import shutil
import subprocess
import sys
from collections.abc import Mapping
from html import unescape
from importlib.metadata import version
from itertools import count
from pathlib import Path

import yaml

from builder.errors import InputError
from builder.publish.frame import is_frame
from builder.publish.links import resolve
from builder.publish.mends import mend

# What decides how a page looks, besides our own files.
_PACKAGES = ("mkdocs", "mkdocs-material", "Markdown", "pymdown-extensions", "Jinja2")
# What the theme brings along and no page of ours loads.
_UNUSED = re.compile(r"(^|/)(sitemap\.xml(\.gz)?|search/.*|assets/javascripts/.*|assets/images/favicon\.png|.*\.map)$")
_TITLE = re.compile(r"<title>(.*) - [^-<]*</title>")


def render_prose(project: Path, *, base_url: str, cache: Path) -> Path:
    """Render ``site_src`` below ``project`` and return the folder of the result, inside ``cache``.

    ``base_url`` ends in a slash. Nothing is done where mkdocs.yml, site_src, the address and the packages are
    those of the last time. Raises InputError with mkdocs' own first complaint where it fails.
    """
    if not (project / "mkdocs.yml").is_file():
        raise InputError(f"{project}: no mkdocs.yml here; run this in a checkout of the repository")
    prose, stamp = cache / "prose", cache / "prose.digest"
    digest = _digest(project, base_url)
    if prose.is_dir() and stamp.is_file() and stamp.read_text("utf-8") == digest:
        return prose
    stamp.unlink(missing_ok=True)
    shutil.rmtree(prose, ignore_errors=True)
    cache.mkdir(parents=True, exist_ok=True)
    done = subprocess.run(
        # Not --quiet: it silences the warnings that --strict counts, and a dead link would pass.
        [sys.executable, "-m", "mkdocs", "build", "--strict", "--config-file", str(project / "mkdocs.yml")],
        cwd=project,
        # Only this: the same pages come out whatever the machine's language, clock or settings.
        env={
            "SITE_URL": base_url,
            "FRAME_DIR": str(prose.resolve()),
            "NO_MKDOCS_2_WARNING": "1",
            "SOURCE_DATE_EPOCH": "0",
            "PYTHONHASHSEED": "0",
            "PYTHONUTF8": "1",
            "LC_ALL": "C.UTF-8",
            "TZ": "UTC",
        },
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        raise InputError(f"the pages in site_src could not be rendered: {_complaint(done.stdout + done.stderr)}")
    shutil.copytree(project / "site_src" / "assets", prose / "assets", dirs_exist_ok=True)
    stamp.write_text(digest, "utf-8")
    return prose


def prose_pages(prose: Path, known: Mapping[str, str], *, refuse: bool = True) -> dict[str, bytes]:
    """Every file of the rendered prose that readers get, by its path from the site's root.

    Pages are mended and their links to generated pages resolved (``known`` and ``refuse`` as in ``links.resolve``);
    assets are as they were. Frames, the theme's scripts and its sitemap are left out.
    """
    files: dict[str, bytes] = {}
    for path in sorted(prose.rglob("*")):
        name = path.relative_to(prose).as_posix()
        if not path.is_file() or _UNUSED.search(name):
            continue
        data = path.read_bytes()
        if path.suffix == ".html":
            text = data.decode("utf-8")
            if is_frame(text):
                continue
            data = resolve(_reachable(mend(text, name)), name, known, refuse=refuse).encode("utf-8")
        files[name] = data
    return files


def titles(prose: Path) -> list[tuple[str, str]]:
    """Address (from the site's root) and title of each hand-written page, for the search; the 404 page is nowhere."""
    found = []
    for path in sorted(prose.rglob("index.html")):
        text = path.read_text("utf-8")
        title = _TITLE.search(text)
        if title is not None and not is_frame(text):
            found.append((path.relative_to(prose).as_posix().removesuffix("index.html"), unescape(title[1]).strip()))
    return found


def addresses(prose: Path) -> list[str]:
    """The address of each hand-written page, for the sitemap."""
    return [address for address, _ in titles(prose)]


def repository(project: Path) -> str:
    """The address of the source code, which mkdocs.yml alone names (`extra: repository:`)."""
    path = project / "mkdocs.yml"
    found = yaml.load(path.read_text("utf-8"), Loader=_MkdocsLoader)
    address = (found.get("extra") or {}).get("repository")
    if not isinstance(address, str) or not address.startswith("https://"):
        raise InputError(f"{path}: extra.repository: the https:// address of the source code is missing")
    return address.rstrip("/")


class _MkdocsLoader(yaml.SafeLoader):
    """YAML as mkdocs reads it; what it takes from the environment is not our business here."""


_MkdocsLoader.add_constructor("!ENV", lambda loader, node: None)


def _reachable(text: str) -> str:
    """Put each table into a box that scrolls by itself and that the keyboard reaches; let it reach wide code too."""
    number = count(1)
    text = text.replace("<pre><code", '<pre><code tabindex="0"').replace("</table>", "</table></div>")
    return re.sub(
        "<table>",
        lambda _: f'<div class="cp-table" role="region" aria-label="Table {next(number)}" tabindex="0"><table>',
        text,
    )


def _digest(project: Path, base_url: str) -> str:
    """One hash over everything that the rendering depends on."""
    whole = hashlib.sha256()
    files = [project / "mkdocs.yml", *sorted(p for p in (project / "site_src").rglob("*") if p.is_file())]
    for path in files:
        data = path.read_bytes()
        whole.update(f"{path.relative_to(project).as_posix()} {len(data)}\n".encode())
        whole.update(data)
    whole.update("\n".join([base_url, *(f"{name} {version(name)}" for name in _PACKAGES)]).encode())
    return whole.hexdigest()


def _complaint(output: str) -> str:
    """The first line in which mkdocs says what is wrong, or its last line."""
    lines = [line.strip() for line in output.splitlines() if line.strip()]
    named = [line for line in lines if re.match(r"(WARNING|ERROR|Error)\b", line)]
    line = (named or lines[-1:] or ["it said nothing; run 'mkdocs build --strict'"])[0]
    return re.sub(r"^(WARNING|ERROR)\s*-?\s*", "", line)
