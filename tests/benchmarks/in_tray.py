"""Programs that begin in the tray, with no window on the screen."""

from __future__ import annotations

import signal
import sys


def bare() -> None:
    """The least that a Qt program in the tray can be."""
    # Nothing else may be loaded where the other function runs.
    from PySide6.QtGui import QColor, QIcon, QPixmap  # noqa: PLC0415
    from PySide6.QtWidgets import QApplication, QSystemTrayIcon  # noqa: PLC0415

    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    app = QApplication([])
    app.setQuitOnLastWindowClosed(False)
    dot = QPixmap(22, 22)
    dot.fill(QColor("green"))
    icon = QSystemTrayIcon(QIcon(dot))
    icon.show()
    sys.exit(app.exec())


def own() -> None:
    """wodesk with the saved servers."""
    # Tools of the tests, which httpx would load for a command of its own; a user has none of them.
    sys.modules.update(dict.fromkeys(("click", "pygments", "rich")))  # type: ignore[arg-type]
    from wodesk.launch import main  # noqa: PLC0415

    sys.exit(main(["--tray"]))
