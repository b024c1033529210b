"""A sensor service of four settings, run by the peer's own Python: `python sensor_site.py PORT FOLDER`."""

from __future__ import annotations

import os
import sys
from datetime import UTC, datetime
from uuid import UUID

port, folder = sys.argv[1:]

import django  # noqa: E402
from django.conf import settings  # noqa: E402
from django.core.management import call_command  # noqa: E402
from django.urls import include, path  # noqa: E402

os.chdir(folder)
settings.configure(
    ROOT_URLCONF=__name__,
    SECRET_KEY="only on this machine",
    ALLOWED_HOSTS=["127.0.0.1"],
    USE_TZ=True,
    DATABASES={"default": {"ENGINE": "django.db.backends.sqlite3", "NAME": "sensors.db"}},
    DEFAULT_AUTO_FIELD="django.db.models.BigAutoField",
    INSTALLED_APPS=["sensorthings.versions.v1_1", "sensorthings.versions.v1_1.backends.django"],
    SENSORTHINGS_V1_1_SERVICE_URL=f"http://127.0.0.1:{port}/city",
    SENSORTHINGS_V1_1_BACKEND_ADAPTER="sensorthings.versions.v1_1.backends.django.adapter.DjangoBackendAdapter",
    SENSORTHINGS_V1_1_ID_TYPE=UUID,
    SENSORTHINGS_V1_1_ID_DELIMITER="'",
)
django.setup()
urlpatterns = [path("city/", include("sensorthings.versions.v1_1.urls"))]


def fill() -> None:
    """Two stations with three data streams, and one observation that lasted an hour."""
    from sensorthings.versions.v1_1.backends.django import models

    kind = models.ObservedProperty.objects.create(name="PM2.5", definition="https://pm25.example/", description="-")
    sensor = models.Sensor.objects.create(name="s", description="-", encoding_type="text/html", metadata="-")
    stations = [models.Thing.objects.create(name=name, description="-") for name in ("North", "South")]
    streams = [
        models.Datastream.objects.create(
            name="air", description="-",
            unit_of_measurement={"name": "microgram", "symbol": "ug/m3", "definition": "-"},
            observation_type=models.Datastream.OM_MEASUREMENT, thing=thing, sensor=sensor, observed_property=kind,
        )
        for thing in (*stations, stations[0])
    ]  # fmt: skip
    place = models.FeatureOfInterest.objects.create(
        name="here", description="-", feature={"type": "Point", "coordinates": [0.25, 51.5]},
        encoding_type="application/geo+json",
    )  # fmt: skip
    for hour in (9, 11, 10):
        models.Observation.objects.create(
            phenomenon_time_begin=datetime(2026, 11, 21, hour, tzinfo=UTC),
            phenomenon_time_end=datetime(2026, 11, 21, hour, 30, tzinfo=UTC) if hour == 11 else None,
            result_time=datetime(2026, 11, 21, 12, tzinfo=UTC), result=7.5, datastream=streams[0],
            feature_of_interest=place,
        )  # fmt: skip


call_command("migrate", verbosity=0)
fill()
call_command("runserver", f"127.0.0.1:{port}", use_reloader=False, skip_checks=True)
