"""Make a checkout run on a bare machine: system libraries, a virtual environment, the packages.

`ensure` is the first thing that ``python3 -m wodesk`` and ``python3 -m tests`` call. Where all is
in place it only starts the same command again under the environment's own Python; otherwise it
first installs what is missing, with one line to stderr for each step.

Standard library only, and written so that a Python as old as 3.6 can import it: that one then
answers with a sentence instead of a traceback. The annotations are strings for its sake.
"""

from wodesk.bootstrap.start import ensure

__all__ = ["ensure"]
