"""Has the worker do what the user wishes of alerts."""

from __future__ import annotations

from wodesk.ui.alerts.wishes import Wishes
from wodesk.worker import Worker


def grant(wishes: Wishes, worker: Worker) -> None:
    """Hand every wish to the worker, from here on."""
    wishes.snooze_wanted.connect(worker.snooze)
    wishes.unsnooze_wanted.connect(worker.unsnooze)
    wishes.acknowledge_wanted.connect(worker.acknowledge)
    wishes.do_not_disturb_wanted.connect(worker.do_not_disturb)
    wishes.seen_wanted.connect(worker.seen_away)
    wishes.history_wanted.connect(worker.ask_history)
