"""Benchmarks: one file per question, ours and a peer's interleaved. Nothing here is a test."""
