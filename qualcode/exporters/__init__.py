"""Writers: tables and records become files. They ask nothing of the project and compute nothing."""
