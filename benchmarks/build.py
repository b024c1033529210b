"""Building the site beside Hugo: invented cities, built cold, built again unchanged, and after one city changed.

Run it as ``python benchmarks/build.py [CITIES ...]``. The same for both: the cities, their facts as our scorecards
state them (Hugo is given our JSON twins as its content), the theme's frame around each page. Not the same: Hugo's
template is small, so its pages are about half the size of ours (the table says); we read people's files, check them,
judge every city, and write the JSON twin and the pages in which all cities have their say; Hugo gets the verdicts
ready and writes a page for each city. Without Hugo on this machine only our own figures are printed.
"""

from __future__ import annotations

import re
import shutil
import sys
import tempfile
from datetime import UTC, datetime
from pathlib import Path

from invented import invent
from measuring import Cost, cost, row

from builder.publish import frame
from builder.publish.site import build

PROJECT = Path(__file__).parents[1]
BASE = "http://127.0.0.1:8000/"
_PAGE = """{{- with .Params -}}
<h1>{{ .city.names.en }}</h1><p>{{ .sentence }}</p>
{{- range .areas }}<section id="{{ .id }}"><h2>{{ .name }}</h2>
{{- range .answers }}<article id="{{ .indicator }}"><h3>{{ .question }}</h3>
<p class="cp-mark cp-mark--{{ .state }}">{{ .state }}</p><p>{{ .words }}</p><table>
{{- range .findings }}<tr><th scope="row">{{ .test }}</th><td>{{ .outcome }}</td><td>{{ .words }}
{{- range .evidence }} <a href="{{ with .capture }}{{ .final_url }}{{ else }}{{ .url }}{{ end }}">proof</a>
{{- with .pointer }} <code>{{ . }}</code>{{ end }}
{{- with .excerpt }} <q>{{ . }}</q>{{ end }}{{ end }}</td></tr>{{ end }}
</table><ul>{{ range .looked }}<li>{{ .source }}: {{ .reason }}, {{ .last_read }}</li>{{ end }}</ul></article>{{ end }}
</section>{{ end }}<table>{{ range .sources }}<tr><th scope="row">{{ .id }}</th><td>{{ .kind }}</td>
<td><a href="{{ .url }}">{{ .url }}</a></td><td>{{ .publisher }}</td><td>{{ .last_read }}</td><td><dl>
{{- range $name, $value := .measurements }}<dt>{{ $name }}</dt>
<dd>{{ $value.value }} <code>{{ $value.pointer }}</code></dd>
{{- end }}</dl></td></tr>{{ end }}</table>{{- end -}}
"""


def ours(folder: Path) -> None:
    """Build as ``cityproof build`` does, in a project that ``invent`` wrote, and say what was written."""
    data = folder / "data"
    report = build(
        folder, cities=data / "cities", results=data / "results", frameworks=data / "frameworks",
        out=folder / "site", base_url=BASE, now=datetime(2026, 11, 21, tzinfo=UTC),
    )  # fmt: skip
    print(f"{report.written} written, {report.skipped} unchanged")


def hugo_site(folder: Path) -> Path:
    """Make of a site that we built one for Hugo: a twin becomes a page's front matter, our frame its layout."""
    peer = folder / "hugo"
    for name in ("content/cities", "layouts/cities"):
        (peer / name).mkdir(parents=True)
    (peer / "config.json").write_text(f'{{"baseURL": "{BASE}", "disableKinds": ["taxonomy", "term", "RSS", "home"]}}')
    values = {"slug": "{{ .File.ContentBaseName }}", "title": "{{ .Params.city.names.en }}", "head": "", "body": _PAGE,
              "description": "{{ .Params.sentence }}"}  # fmt: skip
    pieces = frame.cut(folder / ".cache/prose")["city"].pieces
    layout = "".join(values[piece] if i % 2 else piece for i, piece in enumerate(pieces))
    (peer / "layouts/cities/single.html").write_text(layout)
    (peer / "layouts/cities/list.html").write_text("{{ range .Pages }}<a href='{{ .RelPermalink }}'></a>{{ end }}")
    for twin in (folder / "site/api/v1/cities").glob("*.json"):
        shutil.copy(twin, peer / f"content/cities/{twin.stem}.md")
    return peer


def change(folder: Path) -> None:
    """Rename one city."""
    path = min((folder / "data/cities").glob("*.yml"))
    path.write_text(re.sub(r"\n  en: .*\n", "\n  en: Renamed\n", path.read_text("utf-8"), count=1), "utf-8")


def size(folder: Path) -> float:
    """The mean size of its city pages in KB."""
    pages = list(folder.glob("cities/*/index.html"))
    return sum(page.stat().st_size for page in pages) / len(pages) / 1000


def main(numbers: list[int]) -> None:
    """Measure each number of cities and print the table."""
    per_city: list[float] = []
    for number in numbers:
        with tempfile.TemporaryDirectory() as name:
            folder = Path(name)
            invent(PROJECT, folder, number)
            run = [sys.executable, __file__, "ours", folder]
            cold = cost(run)
            again = cost(run)
            change(folder)
            changed = cost(run)
            peer: Cost | None = None
            said = ""
            if shutil.which("hugo"):
                site = hugo_site(folder)
                peer = cost(["hugo", "--quiet", "--source", site])
                said = f"; pages of {size(folder / 'site'):.0f} KB, Hugo's of {size(site / 'public'):.0f} KB"
            print(f"{number} cities{said}")
            if peer:
                print(row("Hugo, pages of cities alone", peer))
            print(row("ours, cold", cold, peer))
            print(row("ours, nothing changed", again, peer))
            print(row("ours, one city renamed", changed, peer), changed.said, end="")
            per_city.append(cold.cpu / number)
    if len(per_city) > 1:
        print(f"CPU per city, the most to the fewest cities: {per_city[-1] / per_city[0]:.2f}x (1 is linear)")
    print("budget at 10,000: cold 0.5x Hugo, <= 1,024 MiB, one city changed <= 1 s")


if __name__ == "__main__":
    match sys.argv[1:]:
        case ["ours", folder]:
            ours(Path(folder))
        case numbers:
            main(sorted(map(int, numbers)) or [100, 1000])
