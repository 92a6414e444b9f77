"""Bytes in, records out: file formats shared by importers, exporters and codebook files."""
