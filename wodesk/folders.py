"""Where wodesk keeps what is a person's own."""

from __future__ import annotations

from pathlib import Path

import platformdirs


def config_folder() -> Path:
    """The folder of settings."""
    return platformdirs.user_config_path("wodesk", appauthor=False)
