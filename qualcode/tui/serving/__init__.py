"""The screens in a browser, on this machine only: who comes in, and the process each visit runs."""
