"""When a run must write nothing because the fault is on our side: here, a clock."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from builder.errors import ResultsError
from builder.gather.run import gather
from builder.model.observation import LedgerLine
from builder.model.reasons import Outcome, Reason
from builder.store.ledger import Ledger

from .test_run import DAY, Counting, World, city

pytestmark = pytest.mark.anyio


@pytest.mark.parametrize(("ahead", "refused"), [(timedelta(hours=20), False), (timedelta(days=400), True)])
async def test_a_ledger_from_the_future_is_told(tmp_path: Path, ahead: timedelta, refused: bool) -> None:
    """After a run with a clock far ahead nothing read now could count as news: that is said, not passed over."""
    when = datetime.fromtimestamp((DAY + ahead).timestamp(), UTC)
    line = LedgerLine(run=when, source="ckan-x-00000000", at=when, outcome=Outcome.FAILED, reason=Reason.NOT_FOUND)
    Ledger(tmp_path / "results").append([line])
    world, place = World(), city("de-a", "https://a.example/")

    async def run() -> None:
        probes = {"ckan": Counting()}
        await gather([place], probes, tmp_path / "results", world, clock=world.clock, cache=tmp_path / ".cache")

    if refused:
        with pytest.raises(ResultsError, match="set this machine's clock"):
            await run()
        assert world.asked == []
    else:
        await run()
        assert world.asked
