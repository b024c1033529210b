"""Open licences: the ids of those that the Open Definition accepts; probes recognise them in a publisher's words."""

from __future__ import annotations

# SPDX ids where there is one, else the id in common use; from the Open Definition's list of conformant licences
# and the governments' own licences that state compatibility with CC BY 4.0.
OPEN_LICENCES: dict[str, str] = {
    "CC0-1.0": "https://creativecommons.org/publicdomain/zero/1.0/",
    "CC-BY-4.0": "https://creativecommons.org/licenses/by/4.0/",
    "CC-BY-3.0": "https://creativecommons.org/licenses/by/3.0/",
    "CC-BY-2.5": "https://creativecommons.org/licenses/by/2.5/",
    "CC-BY-2.0": "https://creativecommons.org/licenses/by/2.0/",
    "CC-BY": "https://creativecommons.org/licenses/by/",
    "CC-BY-SA-4.0": "https://creativecommons.org/licenses/by-sa/4.0/",
    "CC-BY-SA-3.0": "https://creativecommons.org/licenses/by-sa/3.0/",
    "CC-BY-SA-2.5": "https://creativecommons.org/licenses/by-sa/2.5/",
    "CC-BY-SA-2.0": "https://creativecommons.org/licenses/by-sa/2.0/",
    "CC-BY-SA": "https://creativecommons.org/licenses/by-sa/",
    "CC-PDM-1.0": "https://creativecommons.org/publicdomain/mark/1.0/",
    "PDDL-1.0": "https://opendatacommons.org/licenses/pddl/1-0/",
    "ODC-By-1.0": "https://opendatacommons.org/licenses/by/1-0/",
    "ODbL-1.0": "https://opendatacommons.org/licenses/odbl/1-0/",
    "OGL-UK-1.0": "https://www.nationalarchives.gov.uk/doc/open-government-licence/version/1/",
    "OGL-UK-2.0": "https://www.nationalarchives.gov.uk/doc/open-government-licence/version/2/",
    "OGL-UK-3.0": "https://www.nationalarchives.gov.uk/doc/open-government-licence/version/3/",
    "OGL-UK": "https://www.nationalarchives.gov.uk/doc/open-government-licence/",
    "OGL-Canada-2.0": "https://open.canada.ca/en/open-government-licence-canada",
    "etalab-2.0": "https://www.etalab.gouv.fr/licence-ouverte-open-licence/",
    "etalab-1.0": "https://www.etalab.gouv.fr/licence-ouverte-open-licence/",
    "etalab": "https://www.etalab.gouv.fr/licence-ouverte-open-licence/",
    "DL-DE-BY-2.0": "https://www.govdata.de/dl-de/by-2-0",
    "DL-DE-ZERO-2.0": "https://www.govdata.de/dl-de/zero-2-0",
    "NLOD-1.0": "https://data.norge.no/nlod/no/1.0",
    "NLOD-2.0": "https://data.norge.no/nlod/no/2.0",
    "IODL-2.0": "https://www.dati.gov.it/iodl/2.0/",
    "KOGL-1": "https://www.kogl.or.kr/info/licenseType1.do",
    "US-PD": "https://www.usa.gov/government-works",
    "other-pd": "https://opendefinition.org/guide/data/",
    "other-open": "https://opendefinition.org/guide/data/",
}

_BY_FOLDED = {id.lower(): id for id in OPEN_LICENCES}


def open_licence(id: str | None) -> str | None:
    """Return the canonical id when ``id`` names an open licence (whatever its case), else None.

    >>> open_licence("cc-by-4.0")
    'CC-BY-4.0'
    >>> open_licence("CC-BY-NC-4.0") is None
    True
    """
    return _BY_FOLDED.get((id or "").strip().lower())
