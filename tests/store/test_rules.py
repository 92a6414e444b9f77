"""The rules that the file itself keeps: every constraint and trigger, met through plain SQL."""

from __future__ import annotations

import sqlite3

import pytest

from tests.store.conftest import Study

DOC = "(id, name, importer, n_chars, sha256, text)"
SHA = "'" + "0" * 64 + "'"
CODING = "(id, document_pk, coder_pk, round_pk, code_pk, start, stop, created_at, exemplar)"
ADJ = "(id, round_pk, document_pk, code_pk, start, stop, decision, decided_by_pk, decided_at)"

FORBIDDEN = [
    # documents
    (f"INSERT INTO document {DOC} VALUES ('d', 'x', '{{}}', 9, {SHA}, 'short')", "CHECK"),
    (f"INSERT INTO document {DOC} VALUES ('d', 'x', '{{}}', 3, {SHA}, 'a' || char(13) || 'b')", "CHECK"),
    (f"INSERT INTO document {DOC} VALUES ('d', 'x', '{{}}', 1, {SHA}, 'a' || char(0) || 'b')", "CHECK"),
    (f"INSERT INTO document {DOC} VALUES ('d', 'HARBOUR', '{{}}', 1, {SHA}, 'a')", "UNIQUE"),
    (f"INSERT INTO document {DOC} VALUES ('d', 'x', '{{}}', 1, 'abc', 'a')", "CHECK"),
    ("UPDATE document SET text = 'other', n_chars = 5", "a document's text never changes"),
    (f"UPDATE document SET sha256 = {SHA}", "a document's text never changes"),
    ("UPDATE document SET id = 'x'", "a document's text never changes"),
    ("UPDATE document SET removed = 2", "CHECK"),
    ("DELETE FROM document", "removed by a mark"),
    ("INSERT OR REPLACE INTO document SELECT * FROM document", "removed by a mark"),
    # codes
    ("DELETE FROM code", "removed by a mark"),
    ("INSERT INTO code (id, code) VALUES ('c', 'HANDOFF')", "UNIQUE"),
    ("INSERT INTO code (id, code, key) VALUES ('c', 'new', '1')", "UNIQUE"),
    ("INSERT INTO code (id, code, colour) VALUES ('c', 'new', '#12345g')", "CHECK"),
    ("INSERT INTO code (id, code, colour) VALUES ('c', 'new', 'red')", "CHECK"),
    ("INSERT INTO code (id, code, codable) VALUES ('c', 'new', 2)", "CHECK"),
    ("UPDATE code SET parent_pk = pk", "CHECK|ancestor"),
    ("UPDATE code SET parent_pk = (SELECT pk FROM code WHERE code = 'timing') WHERE code = 'handoff'", "its own ancestor"),
    ("UPDATE code SET merged_into_pk = pk", "CHECK|circle"),
    ("UPDATE code SET merged_into_pk = 1 WHERE pk = 2; UPDATE code SET merged_into_pk = 2 WHERE pk = 1", "circle"),
    # codings
    (f"INSERT INTO coding {CODING} SELECT 'n', document_pk, coder_pk, round_pk, code_pk, 5, 5, '', 0 FROM coding", "CHECK"),
    (f"INSERT INTO coding {CODING} SELECT 'n', document_pk, coder_pk, round_pk, code_pk, -1, 5, '', 0 FROM coding", "CHECK"),
    (f"INSERT INTO coding {CODING} SELECT 'n', document_pk, coder_pk, round_pk, code_pk, 1, 9999, '', 0 FROM coding", "outside the text"),
    (f"INSERT INTO coding {CODING} SELECT 'n', document_pk, coder_pk, round_pk, code_pk, start, stop, '', 0 FROM coding", "UNIQUE"),
    (f"INSERT INTO coding {CODING} SELECT 'n', document_pk, coder_pk, round_pk, code_pk, 1, 5, '', 2 FROM coding", "CHECK"),
    (f"INSERT INTO coding {CODING} SELECT 'n', document_pk, 2, round_pk, code_pk, 1, 5, '', 0 FROM coding", "FOREIGN KEY"),
    (f"INSERT INTO coding {CODING} SELECT 'n', document_pk, coder_pk, round_pk, 99, 1, 5, '', 0 FROM coding", "FOREIGN KEY"),
    ("UPDATE coding SET valence = 'good'", "CHECK"),
    ("UPDATE coding SET disconfirming = 2", "CHECK"),
    ("UPDATE coding SET stop = 9999", "outside the text"),
    ("UPDATE coding SET coder_pk = 2", "keeps its document, coder and round"),
    ("UPDATE coding SET id = 'x'", "keeps its document, coder and round"),
    ("UPDATE round SET state = 'closed'; DELETE FROM coding", "round is closed"),
    ("UPDATE round SET state = 'closed'; UPDATE coding SET exemplar = 1", "round is closed"),
    (f"UPDATE round SET state = 'closed'; INSERT INTO coding {CODING} SELECT 'n', document_pk, coder_pk, round_pk, code_pk, 1, 5, '', 0 FROM coding", "round is closed"),
    # rounds, assignments, people
    ("UPDATE round SET state = 'ajar'", "CHECK"),
    ("UPDATE round SET purpose = 'fun'", "CHECK"),
    ("UPDATE round SET blind = 1", "seen"),
    ("UPDATE round SET state = 'closed', blind = 0; UPDATE round SET state = 'open', blind = 1", "seen"),
    ("INSERT INTO round (id, name) VALUES ('r', 'SOLO')", "UNIQUE"),
    ("INSERT INTO assignment (id, round_pk, document_pk, coder_pk) SELECT 'a', round_pk, document_pk, coder_pk FROM assignment", "UNIQUE"),
    ("DELETE FROM assignment", "FOREIGN KEY"),
    ("INSERT INTO coder (id, name) VALUES ('c', 'ANA')", "UNIQUE"),
    ("INSERT INTO coder (id, name, kind) VALUES ('c', 'x', 'robot')", "CHECK"),
    ("INSERT INTO speaker (id, name, role) VALUES ('s', 'x', 'chair')", "CHECK"),
    ("INSERT INTO label (id, document_pk, label, kind) VALUES ('l', 1, 'x', 'other')", "CHECK"),
    ("INSERT INTO label (id, document_pk, label) VALUES ('l', 1, 'P1')", "UNIQUE"),
    ("INSERT INTO attribute (id, name, kind) VALUES ('a', 'x', 'colour')", "CHECK"),
    ("INSERT INTO attribute (id, name) VALUES ('a', 'x'); INSERT INTO attribute_value (id, attribute_pk, value) VALUES ('v', 1, 'y')", "CHECK"),
    # layers
    ("UPDATE turn SET start = stop", "CHECK"),
    ("INSERT INTO turn (document_pk, n, start, stop) VALUES (1, 99, 1, 9999)", "outside the text"),
    ("INSERT INTO unit (segmentation_pk, document_pk, n, start, stop) VALUES (1, 1, 99, 1, 9999)", "outside the text"),
    ("INSERT INTO unit (segmentation_pk, document_pk, n, start, stop) VALUES (1, 1, 99, 5, 5)", "CHECK"),
    ("INSERT INTO anchor (document_pk, position, ms) VALUES (1, 9999, 0)", "outside the text"),
    ("INSERT INTO anchor (document_pk, position, ms) VALUES (1, -1, 0)", "CHECK"),
    # decisions and redactions
    (f"INSERT INTO adjudication {ADJ} VALUES ('a', 1, 1, 1, 1, 9999, 'present', 1, '')", "outside the text"),
    (f"INSERT INTO adjudication {ADJ} VALUES ('a', 1, 1, 1, 5, 5, 'present', 1, '')", "CHECK"),
    (f"INSERT INTO adjudication {ADJ} VALUES ('a', 1, 1, 1, 1, 5, 'maybe', 1, '')", "CHECK"),
    (f"INSERT INTO adjudication {ADJ} VALUES ('a', 1, 1, 1, 1, 5, 'recode', 1, '')", "CHECK"),
    (f"INSERT INTO adjudication {ADJ} VALUES ('a', 1, 1, 1, 1, 5, 'absent', 1, ''); UPDATE adjudication SET stop = 9999", "outside the text"),
    ("INSERT INTO redaction (id, document_pk, start, stop, label, kind, coder_pk, at) VALUES ('r', 1, 1, 9999, '', '', 1, '')", "outside the text"),
    ("INSERT INTO redaction (id, document_pk, start, stop, label, kind, coder_pk, at) VALUES ('r', 1, 1, 5, '', '', 1, ''); UPDATE redaction SET stop = 9999", "outside the text"),
    ("INSERT INTO redaction (id, document_pk, start, stop, label, kind, status, coder_pk, at) VALUES ('r', 1, 1, 5, '', '', 'perhaps', 1, '')", "CHECK"),
    ("INSERT INTO redaction (id, document_pk, start, stop, label, kind, coder_pk, at) VALUES ('r', 1, 5, 5, '', '', 1, '')", "CHECK"),
    # memos and versions
    ("INSERT INTO memo (id, coder_pk, body, created_at, document_pk, code_pk) VALUES ('m', 1, 'b', '', 1, 1)", "CHECK"),
    ("UPDATE codebook_version SET body = '[]'", "never changes"),
    ("DELETE FROM codebook_version", "never changes"),
    # the log and the project
    ("UPDATE action SET verb = 'x'", "append-only"),
    ("DELETE FROM action", "append-only"),
    ("UPDATE change SET line = '{}'", "append-only"),
    ("UPDATE change SET n = n + 100", "append-only"),
    ("DELETE FROM change", "append-only"),
    ("INSERT INTO action SELECT pk + 100, id || 'x', replica_pk, stream, 0, clock, at, coder_pk, verb, act, undoes, redoes, schema, n_changes, prev_hash, hash FROM action WHERE pk = 1", "CHECK"),
    ("INSERT INTO project (pk, id, title, created_at) VALUES (2, 'p', 't', '')", "CHECK"),
    ("UPDATE document SET n_chars = 'many'", "cannot store TEXT"),
    # each of these meets one rule alone
    ("INSERT INTO action SELECT pk + 100, id || 'x', replica_pk, 'z', seq, clock, at, coder_pk, verb, act, undoes, redoes, schema, 0, prev_hash, hash FROM action WHERE pk = 1; DELETE FROM action WHERE pk > 100", "append-only"),
    ("INSERT INTO action SELECT pk + 100, id || 'x', replica_pk, 'z', seq, clock, at, coder_pk, verb, act, undoes, redoes, schema, 0, prev_hash, 'abc' FROM action WHERE pk = 1", "CHECK"),
    ("DELETE FROM code WHERE code = 'housing'", "removed by a mark"),
    ("UPDATE code SET removed = 2 WHERE code = 'housing'", "CHECK"),
    ("INSERT INTO code (pk, id, code, parent_pk) VALUES (77, 'c', 'new', 77)", "CHECK"),
    ("INSERT INTO code (pk, id, code, merged_into_pk) VALUES (77, 'c', 'new', 77)", "CHECK"),
    ("INSERT INTO round (id, name, blind) VALUES ('r', 'x', 2)", "CHECK"),
    ("UPDATE coding SET made_by = 'ghost'", "CHECK"),
    ("INSERT INTO memo (id, coder_pk, body, created_at, kind) VALUES ('m', 1, 'b', '', 'poem')", "CHECK"),
    ("INSERT INTO memo (id, coder_pk, body, created_at, private) VALUES ('m', 1, 'b', '', 2)", "CHECK"),
]  # fmt: skip


def prepared(study: Study) -> sqlite3.Connection:
    """The connection of a project with a coding and a frozen version, for plain SQL."""
    study.project.codings.apply(
        study.document.id, study.span("her name"), study.code("handoff"), by=study.ana
    )
    study.project.codebook.freeze("v1", by=study.ana)
    connection = study.project._db.connection
    connection.execute("PRAGMA query_only = OFF")
    connection.execute("BEGIN")
    return connection


@pytest.mark.parametrize(("sql", "says"), FORBIDDEN, ids=lambda value: str(value)[:60])
def test_the_file_refuses(study: Study, sql: str, says: str) -> None:
    connection = prepared(study)
    *before, last = sql.split("; ")
    for statement in before:
        connection.execute(statement)
    with pytest.raises(sqlite3.IntegrityError, match=says):
        connection.execute(last)
    connection.execute("ROLLBACK")


ALLOWED = [
    "UPDATE document SET removed = 1",
    "UPDATE code SET parent_pk = NULL",
    "UPDATE coding SET start = 1, stop = 5, valence = 'mixed'",
    "DELETE FROM coding",
    "UPDATE round SET state = 'closed'",
    "UPDATE assignment SET finished_at = '2026-01-01T00:00:00Z'",
    "INSERT INTO memo (id, coder_pk, body, created_at) VALUES ('m', 1, 'on the project', '')",
    "UPDATE code SET removed = 1, code = 'x' WHERE code = 'housing'",
]


@pytest.mark.parametrize("sql", ALLOWED)
def test_the_file_allows(study: Study, sql: str) -> None:
    connection = prepared(study)
    connection.execute(sql)
    connection.execute("ROLLBACK")
