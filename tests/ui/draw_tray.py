"""`python3 -m tests.ui.draw_tray`: draw the pictures anew that the icons of the tray come from."""

from __future__ import annotations

import os

if __name__ == "__main__":
    os.environ["QT_QPA_PLATFORM"] = "offscreen"

    # Only now, since Qt reads that.
    from wodesk.display import make_application
    from wodesk.ui.tokens import Mark
    from wodesk.ui.tray_drawing import draw_row
    from wodesk.ui.tray_icon import file_of

    app = make_application()
    for mark in Mark:
        draw_row(mark).save(str(file_of(mark)), quality=0)
