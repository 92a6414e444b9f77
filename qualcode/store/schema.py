"""The tables, checks and triggers of the project file.

``SCHEMA`` is schema 1; what later schemas change is a text of its own below it, which a new file is
given after it and an old one as a numbered step in ``migrations``. A text that has been released is
never edited.

``pk`` is local to the file; ``id`` is a UUIDv7 and the only key in the log. No check or trigger
uses JSON functions or full-text search: SQLite refuses both under ``trusted_schema=OFF``.
"""

from __future__ import annotations

APPLICATION_ID = 0x51434F44
"""``QCOD``, in the header of every project file."""

USER_VERSION = 2
"""The schema this copy of qualcode reads and writes."""

MIN_READER = 1
"""The oldest schema whose readers can still make sense of a file written now."""

FINGERPRINTS = {
    1: "2f894669a0f98baf13805dd451eceb0964c4b835e861800400b6704f23d7bdec",
    2: "f679c33f23022e014e20f00a5f822a97367f67b23b20700bde11bae1d1f1d062",
}
"""Schema version → SHA-256 of its tables, indexes and triggers, as ``fingerprint`` makes it."""

NOT_FINGERPRINTED = (
    "turn_fts_config", "turn_fts_data", "turn_fts_docsize", "turn_fts_idx", "_sqlite_migrations",
    "idx__sqlite_migrations_migration_set_name",
)  # fmt: skip
"""Made by SQLite's full-text search and by sqlite-utils, whose wording differs by version."""

SCHEMA = """
CREATE TABLE project (pk INTEGER PRIMARY KEY CHECK (pk = 1), id TEXT NOT NULL UNIQUE,
  title TEXT NOT NULL,
  min_reader INTEGER NOT NULL DEFAULT 1, created_at TEXT NOT NULL,
  rev INTEGER NOT NULL DEFAULT 1) STRICT;
CREATE TABLE replica (pk INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, label TEXT NOT NULL,
  here INTEGER NOT NULL DEFAULT 0) STRICT;
CREATE TABLE coder (pk INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE,
  name TEXT NOT NULL UNIQUE COLLATE NOCASE,
  kind TEXT NOT NULL DEFAULT 'human' CHECK (kind IN ('human','machine')),
  rev INTEGER NOT NULL DEFAULT 1) STRICT;
CREATE TABLE document (pk INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE,
  name TEXT NOT NULL COLLATE NOCASE,
  kind TEXT NOT NULL DEFAULT '', language TEXT NOT NULL DEFAULT 'en', importer TEXT NOT NULL,
  metadata TEXT NOT NULL DEFAULT '{}',
  collected_on TEXT,
  n_chars INTEGER NOT NULL, sha256 TEXT NOT NULL CHECK (length(sha256) = 64),
  replaces_pk INTEGER REFERENCES document,
  removed INTEGER NOT NULL DEFAULT 0 CHECK (removed IN (0,1)), purged_at TEXT,
  rev INTEGER NOT NULL DEFAULT 1,
  text TEXT NOT NULL,
  CHECK (n_chars = length(text)), CHECK (instr(CAST(text AS BLOB), x'00') = 0),
  CHECK (instr(text, char(13)) = 0)) STRICT;
CREATE UNIQUE INDEX document_name ON document(name) WHERE removed = 0;
CREATE TABLE source (document_pk INTEGER PRIMARY KEY REFERENCES document, name TEXT NOT NULL,
  media_type TEXT NOT NULL,
  sha256 TEXT NOT NULL, bytes BLOB NOT NULL) STRICT;
CREATE TABLE participant (pk INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE,
  label TEXT NOT NULL UNIQUE, rev INTEGER NOT NULL DEFAULT 1) STRICT;
CREATE TABLE speaker (pk INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE,
  name TEXT NOT NULL UNIQUE COLLATE NOCASE,
  role TEXT NOT NULL DEFAULT 'participant' CHECK (role IN ('participant','moderator','other')),
  participant_pk INTEGER REFERENCES participant, rev INTEGER NOT NULL DEFAULT 1) STRICT;
CREATE TABLE label (pk INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE,
  document_pk INTEGER NOT NULL REFERENCES document, label TEXT NOT NULL,
  kind TEXT NOT NULL DEFAULT 'speaker' CHECK (kind IN ('speaker','not a speaker','joint')),
  rev INTEGER NOT NULL DEFAULT 1, UNIQUE (document_pk, label)) STRICT;
CREATE TABLE label_speaker (label_pk INTEGER NOT NULL REFERENCES label,
  speaker_pk INTEGER NOT NULL REFERENCES speaker, PRIMARY KEY (label_pk, speaker_pk)) STRICT,
  WITHOUT ROWID;
CREATE TABLE turn (document_pk INTEGER NOT NULL REFERENCES document, n INTEGER NOT NULL,
  label_pk INTEGER REFERENCES label,
  start INTEGER NOT NULL, stop INTEGER NOT NULL, start_ms INTEGER, stop_ms INTEGER,
  flags TEXT NOT NULL DEFAULT '',
  PRIMARY KEY (document_pk, n), CHECK (0 <= start AND start < stop)) STRICT, WITHOUT ROWID;
CREATE TABLE anchor (document_pk INTEGER NOT NULL REFERENCES document,
  position INTEGER NOT NULL CHECK (position >= 0), ms INTEGER NOT NULL,
  PRIMARY KEY (document_pk, position, ms)) STRICT, WITHOUT ROWID;
CREATE TABLE segmentation (pk INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, kind TEXT NOT NULL,
  maker TEXT NOT NULL,
  created_at TEXT NOT NULL, rev INTEGER NOT NULL DEFAULT 1) STRICT;
CREATE TABLE unit (segmentation_pk INTEGER NOT NULL REFERENCES segmentation,
  document_pk INTEGER NOT NULL REFERENCES document,
  n INTEGER NOT NULL, start INTEGER NOT NULL, stop INTEGER NOT NULL,
  CHECK (0 <= start AND start < stop),
  PRIMARY KEY (segmentation_pk, document_pk, n)) STRICT, WITHOUT ROWID;
CREATE TABLE attribute (pk INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE,
  name TEXT NOT NULL UNIQUE COLLATE NOCASE,
  kind TEXT NOT NULL DEFAULT 'text' CHECK (kind IN ('text','number','date','choice')),
  levels TEXT NOT NULL DEFAULT '[]', rev INTEGER NOT NULL DEFAULT 1) STRICT;
CREATE TABLE attribute_value (pk INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE,
  attribute_pk INTEGER NOT NULL REFERENCES attribute,
  participant_pk INTEGER REFERENCES participant, document_pk INTEGER REFERENCES document,
  value TEXT NOT NULL, rev INTEGER NOT NULL DEFAULT 1,
  CHECK ((participant_pk IS NULL) <> (document_pk IS NULL)), UNIQUE (attribute_pk,
  participant_pk), UNIQUE (attribute_pk, document_pk)) STRICT;
CREATE TABLE code (pk INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE,
  parent_pk INTEGER REFERENCES code, code TEXT NOT NULL, name TEXT NOT NULL DEFAULT '',
  brief TEXT NOT NULL DEFAULT '', full TEXT NOT NULL DEFAULT '',
  use_when TEXT NOT NULL DEFAULT '', not_when TEXT NOT NULL DEFAULT '',
  example TEXT NOT NULL DEFAULT '[]', near_miss TEXT NOT NULL DEFAULT '[]',
  kind TEXT NOT NULL DEFAULT '', origin TEXT NOT NULL DEFAULT '',
  since TEXT NOT NULL DEFAULT '', status TEXT NOT NULL DEFAULT '',
  codable INTEGER NOT NULL DEFAULT 1 CHECK (codable IN (0,1)),
  colour TEXT NOT NULL DEFAULT '#888888' CHECK (length(colour) = 7 AND colour GLOB '#*' AND
  substr(colour,2) NOT GLOB '*[^0-9a-fA-F]*'),
  key TEXT, position INTEGER NOT NULL DEFAULT 0, merged_into_pk INTEGER REFERENCES code,
  removed INTEGER NOT NULL DEFAULT 0 CHECK (removed IN (0,1)), rev INTEGER NOT NULL DEFAULT 1,
  CHECK (parent_pk IS NOT pk), CHECK (merged_into_pk IS NOT pk)) STRICT;
CREATE UNIQUE INDEX code_code ON code(code COLLATE NOCASE) WHERE removed = 0 AND merged_into_pk
  IS NULL;
CREATE UNIQUE INDEX code_key ON code(key COLLATE NOCASE) WHERE key IS NOT NULL AND removed = 0
  AND merged_into_pk IS NULL;
CREATE TABLE codebook_version (pk INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE,
  label TEXT NOT NULL, body TEXT NOT NULL,
  sha256 TEXT NOT NULL, frozen_at TEXT NOT NULL, coder_pk INTEGER NOT NULL REFERENCES coder,
  purged_at TEXT) STRICT;
CREATE TABLE round (pk INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE,
  name TEXT NOT NULL UNIQUE COLLATE NOCASE,
  purpose TEXT NOT NULL DEFAULT 'reliability' CHECK (purpose IN
  ('training','reliability','recode','solo','import')),
  codebook_version_pk INTEGER REFERENCES codebook_version, segmentation_pk INTEGER REFERENCES
  segmentation,
  blind INTEGER NOT NULL DEFAULT 1 CHECK (blind IN (0,1)), state TEXT NOT NULL DEFAULT 'open'
  CHECK (state IN ('open','closed')),
  rev INTEGER NOT NULL DEFAULT 1) STRICT;
CREATE TABLE assignment (pk INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE,
  round_pk INTEGER NOT NULL REFERENCES round,
  document_pk INTEGER NOT NULL REFERENCES document, coder_pk INTEGER NOT NULL REFERENCES coder,
  finished_at TEXT,
  rev INTEGER NOT NULL DEFAULT 1, UNIQUE (round_pk, document_pk, coder_pk)) STRICT;
CREATE TABLE coding (pk INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE,
  document_pk INTEGER NOT NULL, coder_pk INTEGER NOT NULL,
  round_pk INTEGER NOT NULL, code_pk INTEGER NOT NULL REFERENCES code, start INTEGER NOT NULL,
  stop INTEGER NOT NULL,
  created_at TEXT NOT NULL, valence TEXT CHECK (valence IN ('facilitator','barrier','mixed')),
  weight REAL,
  exemplar INTEGER NOT NULL DEFAULT 0 CHECK (exemplar IN (0,1)),
  disconfirming INTEGER NOT NULL DEFAULT 0 CHECK (disconfirming IN (0,1)),
  made_by TEXT NOT NULL DEFAULT 'hand' CHECK (made_by IN ('hand','search','suggestion','import')),
  rev INTEGER NOT NULL DEFAULT 1, CHECK (0 <= start AND start < stop),
  UNIQUE (document_pk, coder_pk, round_pk, code_pk, start, stop),
  FOREIGN KEY (round_pk, document_pk, coder_pk) REFERENCES assignment (round_pk, document_pk,
  coder_pk)) STRICT;
CREATE INDEX coding_freq ON coding(code_pk, document_pk, coder_pk, round_pk, start, stop);
CREATE TABLE memo (pk INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE,
  coder_pk INTEGER NOT NULL REFERENCES coder, body TEXT NOT NULL,
  created_at TEXT NOT NULL,
  kind TEXT NOT NULL DEFAULT 'note' CHECK (kind IN
  ('note','negative-case-search','proposed-code','summary')),
  private INTEGER NOT NULL DEFAULT 0 CHECK (private IN (0,1)),
  document_pk INTEGER REFERENCES document, code_pk INTEGER REFERENCES code,
  coding_pk INTEGER REFERENCES coding, participant_pk INTEGER REFERENCES participant,
  round_pk INTEGER REFERENCES round,
  memo_pk INTEGER REFERENCES memo, rev INTEGER NOT NULL DEFAULT 1,
  CHECK ((document_pk IS NOT NULL)+(code_pk IS NOT NULL)+(coding_pk IS NOT NULL)+(participant_pk
  IS NOT NULL)+(round_pk IS NOT NULL)+(memo_pk IS NOT NULL) <= 1)) STRICT;
CREATE INDEX memo_coding ON memo(coding_pk) WHERE coding_pk IS NOT NULL;
CREATE TABLE discussed (pk INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE,
  round_pk INTEGER NOT NULL REFERENCES round, document_pk INTEGER NOT NULL REFERENCES document,
  discussed_at TEXT NOT NULL, rev INTEGER NOT NULL DEFAULT 1, UNIQUE (round_pk,
  document_pk)) STRICT;
CREATE TABLE adjudication (pk INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE,
  round_pk INTEGER NOT NULL REFERENCES round,
  document_pk INTEGER NOT NULL REFERENCES document, code_pk INTEGER NOT NULL REFERENCES code,
  start INTEGER NOT NULL, stop INTEGER NOT NULL,
  decision TEXT NOT NULL CHECK (decision IN ('present','absent','recode')),
  new_code_pk INTEGER REFERENCES code, reason TEXT NOT NULL DEFAULT '',
  decided_by_pk INTEGER NOT NULL REFERENCES coder, decided_at TEXT NOT NULL,
  codebook_version_pk INTEGER REFERENCES codebook_version,
  rev INTEGER NOT NULL DEFAULT 1, CHECK (0 <= start AND start < stop),
  CHECK ((decision = 'recode') = (new_code_pk IS NOT NULL)),
  UNIQUE (round_pk, document_pk, code_pk, start, stop)) STRICT;
CREATE TABLE redaction (pk INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE,
  document_pk INTEGER NOT NULL REFERENCES document,
  start INTEGER NOT NULL, stop INTEGER NOT NULL, label TEXT NOT NULL, kind TEXT NOT NULL,
  status TEXT NOT NULL DEFAULT 'suggested' CHECK (status IN ('suggested','accepted','rejected')),
  coder_pk INTEGER NOT NULL REFERENCES coder, at TEXT NOT NULL, rev INTEGER NOT NULL DEFAULT 1,
  CHECK (0 <= start AND start < stop),
  UNIQUE (document_pk, start, stop)) STRICT;
CREATE TABLE event (pk INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE,
  coder_pk INTEGER NOT NULL REFERENCES coder, kind TEXT NOT NULL,
  reason TEXT NOT NULL, at TEXT NOT NULL, rev INTEGER NOT NULL DEFAULT 1) STRICT;
CREATE TABLE setting (pk INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, name TEXT NOT NULL UNIQUE,
  value TEXT NOT NULL, rev INTEGER NOT NULL DEFAULT 1) STRICT;
CREATE TABLE outside_id (row_id TEXT NOT NULL, origin TEXT NOT NULL, guid TEXT NOT NULL,
  PRIMARY KEY (origin, guid, row_id)) STRICT, WITHOUT ROWID;
CREATE TABLE kept_xml (pk INTEGER PRIMARY KEY, origin TEXT NOT NULL, guid TEXT NOT NULL,
  parent TEXT NOT NULL, xml TEXT NOT NULL) STRICT;
CREATE TABLE action (pk INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE,
  replica_pk INTEGER NOT NULL REFERENCES replica, stream TEXT NOT NULL,
  seq INTEGER NOT NULL CHECK (seq > 0), clock INTEGER NOT NULL, at TEXT NOT NULL,
  coder_pk INTEGER NOT NULL REFERENCES coder,
  verb TEXT NOT NULL, act TEXT NOT NULL, undoes TEXT, redoes TEXT, schema INTEGER NOT NULL,
  n_changes INTEGER NOT NULL,
  prev_hash TEXT NOT NULL, hash TEXT NOT NULL CHECK (length(hash) = 64), UNIQUE (replica_pk,
  stream, seq)) STRICT;
CREATE INDEX action_act ON action(act);
CREATE TABLE change (action_pk INTEGER NOT NULL REFERENCES action, n INTEGER NOT NULL,
  row_id TEXT NOT NULL, line TEXT NOT NULL,
  PRIMARY KEY (action_pk, n)) STRICT, WITHOUT ROWID;
CREATE VIRTUAL TABLE turn_fts USING fts5(text, content='',
  tokenize='unicode61 remove_diacritics 2');
-- triggers
CREATE TRIGGER action_keep_u BEFORE UPDATE ON action BEGIN SELECT
  RAISE(ABORT,'the log is append-only'); END;
CREATE TRIGGER action_keep_d BEFORE DELETE ON action BEGIN SELECT
  RAISE(ABORT,'the log is append-only'); END;
CREATE TRIGGER change_keep_d BEFORE DELETE ON change BEGIN SELECT
  RAISE(ABORT,'the log is append-only'); END;
CREATE TRIGGER change_keep_u BEFORE UPDATE ON change
  WHEN NOT (NEW.line GLOB '{"d":"*"}' AND length(NEW.line) = 72 AND OLD.line NOT GLOB '{"d":*'
    AND NEW.action_pk = OLD.action_pk AND NEW.n = OLD.n AND NEW.row_id = OLD.row_id)
  BEGIN SELECT RAISE(ABORT,'the log is append-only'); END;
CREATE TRIGGER document_text BEFORE UPDATE OF pk, id, text, n_chars, sha256 ON document
  WHEN (NEW.text IS NOT OLD.text OR NEW.n_chars IS NOT OLD.n_chars OR NEW.sha256 IS NOT
  OLD.sha256 OR NEW.id IS NOT OLD.id OR NEW.pk IS NOT OLD.pk)
    AND NOT (NEW.purged_at IS NOT NULL AND NEW.n_chars = OLD.n_chars AND NEW.id IS OLD.id AND
    NEW.pk IS OLD.pk)
  BEGIN SELECT RAISE(ABORT,'a document''s text never changes'); END;
CREATE TRIGGER document_keep BEFORE DELETE ON document BEGIN SELECT
  RAISE(ABORT,'documents are removed by a mark, not deleted'); END;
CREATE TRIGGER code_keep BEFORE DELETE ON code BEGIN SELECT
  RAISE(ABORT,'codes are removed by a mark, not deleted'); END;
CREATE TRIGGER version_keep_u BEFORE UPDATE ON codebook_version WHEN NEW.purged_at IS NULL OR
  length(NEW.body) <> length(OLD.body) OR NEW.id IS NOT OLD.id
  BEGIN SELECT RAISE(ABORT,'a frozen codebook never changes'); END;
CREATE TRIGGER version_keep_d BEFORE DELETE ON codebook_version BEGIN SELECT
  RAISE(ABORT,'a frozen codebook never changes'); END;
CREATE TRIGGER coding_i BEFORE INSERT ON coding BEGIN
  SELECT RAISE(ABORT,'span outside the text') WHERE NEW.stop > (SELECT n_chars FROM document
  WHERE pk = NEW.document_pk);
  SELECT RAISE(ABORT,'round is closed') WHERE (SELECT state FROM round WHERE pk = NEW.round_pk) =
  'closed'; END;
CREATE TRIGGER coding_u BEFORE UPDATE ON coding BEGIN
  SELECT RAISE(ABORT,'span outside the text') WHERE NEW.stop > (SELECT n_chars FROM document
  WHERE pk = OLD.document_pk);
  SELECT RAISE(ABORT,'round is closed') WHERE (SELECT state FROM round WHERE pk = OLD.round_pk) =
  'closed';
  SELECT RAISE(ABORT,'a coding keeps its document, coder and round') WHERE NEW.id IS NOT OLD.id
  OR NEW.document_pk IS NOT OLD.document_pk
    OR NEW.coder_pk IS NOT OLD.coder_pk OR NEW.round_pk IS NOT OLD.round_pk; END;
CREATE TRIGGER coding_d BEFORE DELETE ON coding WHEN (SELECT state FROM round WHERE pk =
  OLD.round_pk) = 'closed'
  BEGIN SELECT RAISE(ABORT,'round is closed'); END;
CREATE TRIGGER code_tree BEFORE UPDATE OF parent_pk ON code WHEN NEW.parent_pk IS NOT NULL BEGIN
  SELECT RAISE(ABORT,'a code cannot be its own ancestor') WHERE NEW.pk IN (WITH RECURSIVE up(k)
  AS (SELECT NEW.parent_pk
    UNION SELECT parent_pk FROM code JOIN up ON code.pk = up.k WHERE parent_pk IS NOT NULL)
    SELECT k FROM up); END;
CREATE TRIGGER code_alias BEFORE UPDATE OF merged_into_pk ON code WHEN NEW.merged_into_pk IS NOT
  NULL BEGIN
  SELECT RAISE(ABORT,'codes merged in a circle') WHERE NEW.pk IN (WITH RECURSIVE up(k) AS (SELECT
  NEW.merged_into_pk
    UNION SELECT merged_into_pk FROM code JOIN up ON code.pk = up.k WHERE merged_into_pk IS NOT
    NULL) SELECT k FROM up); END;
CREATE TRIGGER anchor_i BEFORE INSERT ON anchor WHEN NEW.position > (SELECT n_chars FROM document
  WHERE pk = NEW.document_pk)
  BEGIN SELECT RAISE(ABORT,'position outside the text'); END;
CREATE TRIGGER turn_i BEFORE INSERT ON turn WHEN NEW.stop > (SELECT n_chars FROM document WHERE
  pk = NEW.document_pk)
  BEGIN SELECT RAISE(ABORT,'span outside the text'); END;
CREATE TRIGGER unit_i BEFORE INSERT ON unit WHEN NEW.stop > (SELECT n_chars FROM document WHERE
  pk = NEW.document_pk)
  BEGIN SELECT RAISE(ABORT,'span outside the text'); END;
CREATE TRIGGER adjudication_i BEFORE INSERT ON adjudication WHEN NEW.stop > (SELECT n_chars FROM
  document WHERE pk = NEW.document_pk)
  BEGIN SELECT RAISE(ABORT,'span outside the text'); END;
CREATE TRIGGER adjudication_u BEFORE UPDATE ON adjudication WHEN NEW.stop > (SELECT n_chars FROM
  document WHERE pk = NEW.document_pk)
  BEGIN SELECT RAISE(ABORT,'span outside the text'); END;
CREATE TRIGGER redaction_i BEFORE INSERT ON redaction WHEN NEW.stop > (SELECT n_chars FROM
  document WHERE pk = NEW.document_pk)
  BEGIN SELECT RAISE(ABORT,'span outside the text'); END;
CREATE TRIGGER redaction_u BEFORE UPDATE ON redaction WHEN NEW.stop > (SELECT n_chars FROM
  document WHERE pk = NEW.document_pk)
  BEGIN SELECT RAISE(ABORT,'span outside the text'); END;
CREATE TRIGGER round_reopen BEFORE UPDATE OF state, blind ON round
  WHEN (OLD.state = 'closed' AND NEW.state = 'open' AND NEW.blind = 1) OR (OLD.blind = 0 AND
  NEW.blind = 1 AND EXISTS (SELECT 1 FROM coding WHERE round_pk = OLD.pk))
  BEGIN SELECT RAISE(ABORT,'a closed round has been seen: it reopens only as not blind'); END;
"""

SUMMARIES = (
    "ALTER TABLE memo RENAME TO memo_1",
    """CREATE TABLE memo (pk INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE,
  coder_pk INTEGER NOT NULL REFERENCES coder, body TEXT NOT NULL,
  created_at TEXT NOT NULL,
  kind TEXT NOT NULL DEFAULT 'note' CHECK (kind IN
  ('note','negative-case-search','proposed-code','summary')),
  private INTEGER NOT NULL DEFAULT 0 CHECK (private IN (0,1)),
  document_pk INTEGER REFERENCES document, code_pk INTEGER REFERENCES code,
  coding_pk INTEGER REFERENCES coding, participant_pk INTEGER REFERENCES participant,
  round_pk INTEGER REFERENCES round,
  memo_pk INTEGER REFERENCES memo, rev INTEGER NOT NULL DEFAULT 1,
  CHECK ((document_pk IS NOT NULL)+(coding_pk IS NOT NULL)+(participant_pk IS NOT NULL)+(round_pk
  IS NOT NULL)+(memo_pk IS NOT NULL)+(code_pk IS NOT NULL) <= 1 OR (kind = 'summary' AND code_pk
  IS NOT NULL AND (document_pk IS NOT NULL)+(participant_pk IS NOT NULL) = 1 AND coding_pk IS
  NULL AND round_pk IS NULL AND memo_pk IS NULL))) STRICT""",
    "INSERT INTO memo SELECT pk, id, coder_pk, body, created_at, kind, private, document_pk,"
    " code_pk, coding_pk, participant_pk, round_pk, memo_pk, rev FROM memo_1",
    "DROP TABLE memo_1",
    "CREATE INDEX memo_coding ON memo(coding_pk) WHERE coding_pk IS NOT NULL",
)
"""Schema 2: a summary hangs on a code and on the document or participant it sums up."""
