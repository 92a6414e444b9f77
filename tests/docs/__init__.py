"""The pages of ``docs/``: what they say is there, and what they show runs."""
