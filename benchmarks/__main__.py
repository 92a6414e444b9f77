"""``python -m benchmarks NAME [--size S|M|L]``: run one benchmark and print its ratios."""

from __future__ import annotations

import argparse
from importlib import import_module

NAMES = {
    "start": "P1: the cost of --help",
    "apply_coding": "P2: applying one coding, durable",
    "themes": "P3, P7: theme frequencies and co-occurrence",
    "kappa": "P4: kappa of all codes for two coders, character by character",
    "agreement": "A-D, P5, P6: alpha, kappa and intervals from arrays",
    "word_export": "P8: excerpts to Word",
    "tables": "P9: excerpts to CSV, XLSX, HTML",
    "import": "P11: importing transcripts; 100 of 10,000 words are --size M",
    "projects": "P10: REFI-QDA out and in",
    "captions": "5,000 cues of captions",
    "cursor_move": "P12: a cursor move in a transcript, and its first paint",
    "coding_screen": "P12: the whole coding screen: a move, a code applied and stored",
    "first_screen": "P13: the first screen",
}

MODULES = {"import": "importing"}  # a module cannot be called as Python's own words are

parser = argparse.ArgumentParser(prog="python -m benchmarks")
parser.add_argument("name", choices=NAMES, help="; ".join(f"{k}: {v}" for k, v in NAMES.items()))
parser.add_argument("--size", choices=["S", "M", "L"], default="S")
chosen = parser.parse_args()
import_module(f"benchmarks.{MODULES.get(chosen.name, chosen.name)}").main(chosen.size)
