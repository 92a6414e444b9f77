"""The project file: the only SQL on it, and the only writer."""
