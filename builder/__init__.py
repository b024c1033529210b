"""Cityproof: public city scorecards whose every claim can be followed to its proof."""

__version__ = "0.1.0"
