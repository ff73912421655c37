"""The tests of wodesk; ``python3 -m tests`` runs them."""
