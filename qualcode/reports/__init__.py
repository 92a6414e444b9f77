"""The questions a researcher asks, one function each: a project in, a table out."""
