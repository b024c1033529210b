"""Asks OGC map services what they can do, and reads what every one of them says of itself: title, version, terms."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import unquote_plus
from xml.etree.ElementTree import Element

from builder.errors import Unreadable
from builder.model.capture import Answer, Request
from builder.model.observation import Measurement, Value
from builder.model.reasons import Reason
from builder.probes._address import split
from builder.probes._asking import Asking
from builder.probes._licences import licence_id
from builder.probes._text import clean, without_markup
from builder.probes._xml import child, descendants, local_name, read_xml, words

LIMIT_BYTES = 32 * 1024 * 1024
TERMS_LIMIT = 1000
EXCEPTIONS = ("ServiceExceptionReport", "ExceptionReport")
# What belongs to one call of the service; everything else in an address (`map=`, a token) chooses the service itself.
_OF_A_CALL = frozenset({
    "bbox", "count", "crs", "cql_filter", "featureid", "filter", "format", "height", "info_format", "i", "j", "layer",
    "layers", "maxfeatures", "namespaces", "outputformat", "propertyname", "query_layers", "request", "resourceid",
    "resulttype", "sortby", "srs", "srsname", "startindex", "styles", "transparent", "typename", "typenames", "width",
    "x", "y",
})  # fmt: skip
# A server that knows whole addresses only may still answer at the one given, to the letter.
_ELSEWHERE = frozenset({Reason.NOT_FOUND, Reason.NOT_CAPTURED})


@dataclass(frozen=True, slots=True)
class Document:
    """What a service answered: the root element of its XML and the position of the exchange's capture."""

    root: Element
    capture: int

    def fact(self, value: Value, pointer: str) -> Measurement:
        """A measurement of this document."""
        return Measurement(value=value, pointer=pointer, capture=self.capture)


def capabilities_url(url: str, service: str) -> str:
    """The address that asks what a service can do; parameters that choose the service are kept as they are.

    >>> capabilities_url("https://maps.example/cgi?map=/data/trees.map", "WFS")
    'https://maps.example/cgi?map=/data/trees.map&REQUEST=GetCapabilities&SERVICE=WFS'
    >>> capabilities_url("https://maps.example/wfs?service=WFS&request=GetFeature&typeName=trees", "WFS")
    'https://maps.example/wfs?service=WFS&REQUEST=GetCapabilities'
    >>> capabilities_url("https://maps.example/ows?service=wms&version=1.1.1&request=GetCapabilities", "WMS")
    'https://maps.example/ows?service=wms&version=1.1.1&request=GetCapabilities'
    """
    parts = split(url)._replace(fragment="")
    pieces = [piece for piece in parts.query.split("&") if piece]
    said = {_name(piece): piece.partition("=")[2].lower() for piece in pieces}
    if said.get("request") != "getcapabilities":
        pieces = [piece for piece in pieces if _name(piece) not in _OF_A_CALL]
        pieces.append("REQUEST=GetCapabilities")
    if "service" not in said:
        pieces.append(f"SERVICE={service}")
    return parts._replace(query="&".join(pieces)).geturl()


def _name(piece: str) -> str:
    return unquote_plus(piece.partition("=")[0]).lower()


async def ask(asking: Asking, url: str, service: str) -> tuple[Answer, int]:
    """Ask for the capabilities, and at the address to the letter where nothing answers to that question."""
    asked = capabilities_url(url, service)
    request = Request(asked, accept="application/xml, text/xml;q=0.9, */*;q=0.5", limit_bytes=LIMIT_BYTES)
    try:
        return await asking.get(request)
    except Unreadable as error:
        given = split(url)._replace(fragment="").geturl()
        if error.reason not in _ELSEWHERE or given == asked:
            raise
        return await asking.get(Request(given, limit_bytes=LIMIT_BYTES))


def document(answer: Answer, capture: int, roots: tuple[str, ...], what: str) -> Document:
    """Parse an answer whose root is one of these; an exception report is ``api-error`` in its own words."""
    root = read_xml(answer, *roots, *EXCEPTIONS, what=what)
    if local_name(root) in EXCEPTIONS:
        said = next(
            (said for one in descendants(root, "ServiceException", "ExceptionText") if (said := words(one))), ""
        )
        code = next((one.get(key) for one in root.iter() for key in ("code", "exceptionCode") if one.get(key)), "")
        line = clean(said or code or "an exception without words", 160)
        raise Unreadable(Reason.API_ERROR, f"The service answered with an error: {line}", answer.capture)
    return Document(root, capture)


def described(document: Document) -> dict[str, Measurement]:
    """Title, version and terms as the service states them; an element without words states nothing."""
    root = document.root
    values = {}
    if version := clean(root.get("version") or "", 40):
        values["version"] = document.fact(version, f"/{local_name(root)}/@version")
    name = "ServiceIdentification" if child(root, "ServiceIdentification") is not None else "Service"
    stated = []
    for field, measurement in (("Title", "title"), ("Fees", "fees"), ("AccessConstraints", "access_constraints")):
        said = words(root, name, field)
        limit = 300 if field == "Title" else TERMS_LIMIT
        if said and (line := clean(said, limit)):
            values[measurement] = document.fact(line, f"/{local_name(root)}/{name}/{field}")
            stated += [said] if field != "Title" else []
    if licence := licence_id(*(without_markup(said) for said in stated)):
        values["license_id"] = document.fact(licence, f"/{local_name(root)}/{name}/Fees or AccessConstraints")
    return values
