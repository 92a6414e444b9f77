"""Themes counted: records in, records out. Nothing here knows a project or a file.

``frequencies`` counts codes over what participants said, ``consensus`` makes one reading of
several coders' codings.
"""
