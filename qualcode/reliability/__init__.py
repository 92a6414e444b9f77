"""Agreement between coders: arrays in, numbers out. Nothing here knows a project or a file.

``units`` places codings on units, ``patterns`` counts what the coders said together,
``coefficients`` turn the counts into figures, ``intervals`` say how sure they are, and
``crosscheck`` recomputes alpha with a second implementation.
"""
