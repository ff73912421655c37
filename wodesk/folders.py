"""Where wodesk keeps what is a person's own."""

from __future__ import annotations

from pathlib import Path

import platformdirs


def config_folder() -> Path:
    """The folder of settings."""
    return platformdirs.user_config_path("wodesk", appauthor=False)


def data_folder() -> Path:
    """The folder of what wodesk remembers by itself."""
    return platformdirs.user_data_path("wodesk", appauthor=False)


def alert_journal() -> Path:
    """The file of what happened to alerts."""
    return data_folder() / "alerts.db"
