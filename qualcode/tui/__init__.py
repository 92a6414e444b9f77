"""The terminal screens: what researchers see and press. Nothing here decides what is stored."""
