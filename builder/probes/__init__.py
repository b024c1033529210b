"""Floor 2, one file per kind of source: asks through the Web protocol, reports what it saw, never judges."""

from __future__ import annotations

import importlib
import pkgutil
from typing import cast

from builder.model.kinds import KINDS
from builder.model.observation import Probe


def discover() -> dict[str, Probe]:
    """Return every probe by its kind, which is its file's name; a name that begins with ``_`` is a shared room.

    Fails with ``ImportError`` when a file names no kind of ``builder.model.kinds``, lacks a part of the ``Probe``
    protocol, or when there is no probe at all: each means that the package is broken, not that a city is.
    """
    found: dict[str, Probe] = {}
    for module in pkgutil.iter_modules(__path__):
        if module.name.startswith("_"):
            continue
        file = f"builder/probes/{module.name}.py"
        if module.name not in KINDS:
            raise ImportError(f"{file}: {module.name!r} is not a kind; see builder/model/kinds.py")
        probe = importlib.import_module(f"{__name__}.{module.name}")
        for part in ("VERSION", "DEADLINE_SECONDS", "read"):
            if not hasattr(probe, part):
                raise ImportError(f"{file}: a probe needs {part}; see builder/model/observation.py")
        found[module.name] = cast(Probe, probe)
    if not found:
        raise ImportError("builder/probes: no probe was found; the package is incomplete")
    return found
