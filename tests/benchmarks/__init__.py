"""Speed and memory, as ratios between cases that are measured side by side in one run.

`python3 -m tests.benchmarks [--quick] [NAME...]` prints a table for each case.  Times alone mean
little on a busy machine, so each goal is a ratio to something that anybody can run: a bare Qt
window, stock pyqtgraph, a QPainter in a QWidget, uPlot in Chromium, `json`.
"""
