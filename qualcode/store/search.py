"""The index of words: which documents hold them all. Derived from the texts, never logged.

A row is a whole document's text, which never changes, so the index never runs behind; a purge
empties it. It says where to look, not what is found: the text itself decides that.
"""

from __future__ import annotations

from collections.abc import Sequence

from qualcode.store.session import Session


class Search:
    """The index of one project, made when it is first asked and kept up with new documents."""

    def __init__(self, session: Session) -> None:
        self._db = session.db

    def holding(self, words: Sequence[str]) -> set[str] | None:
        """Ids of the documents whose text holds all these words, any case, accents aside.

        Args:
            words: Of plain letters and digits.

        Returns:
            None where the index cannot say: no words are given, or the file is read-only and has
            not been indexed.
        """
        if not words or not self._is_ready():
            return None
        asked = " AND ".join(f'"{word}"' for word in words)
        rows = self._db.query(
            "SELECT document.id FROM turn_fts JOIN document ON document.pk = turn_fts.rowid"
            " WHERE turn_fts MATCH ?",
            asked,
        )
        return {id_ for (id_,) in rows}

    def _is_ready(self) -> bool:
        missing = self._db.query(
            "SELECT pk FROM document WHERE pk NOT IN (SELECT id FROM turn_fts_docsize) ORDER BY pk"
        )
        if not missing:
            return True
        if self._db.read_only:
            return False
        with self._db.maintenance() as connection:
            connection.execute("BEGIN IMMEDIATE")
            connection.execute(
                "INSERT INTO turn_fts (rowid, text) SELECT pk, text FROM document"
                " WHERE pk NOT IN (SELECT id FROM turn_fts_docsize)"
            )
            connection.execute("COMMIT")
        return True
