"""The tables of `var/polypress.db`; any of them may be lost, the catalogs are the truth."""

from __future__ import annotations

VERSION = 6
"""The schema's number, kept in `PRAGMA user_version`; tables are only ever added."""

SCHEMA = """
CREATE TABLE IF NOT EXISTS segment_cache (
  key BLOB PRIMARY KEY,
  answer TEXT NOT NULL
) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS memory_sources (
  id INTEGER PRIMARY KEY,
  locale TEXT NOT NULL,
  source TEXT NOT NULL
);
CREATE UNIQUE INDEX IF NOT EXISTS memory_sources_by_text ON memory_sources (locale, source);
CREATE TABLE IF NOT EXISTS memory_texts (
  source INTEGER NOT NULL,
  place TEXT NOT NULL,
  unit INTEGER NOT NULL,
  position INTEGER NOT NULL,
  target TEXT NOT NULL,
  PRIMARY KEY (source, place, unit, position)
) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS memory_texts_by_unit ON memory_texts (place, unit);
CREATE TABLE IF NOT EXISTS memory_words (
  key INTEGER NOT NULL,
  source INTEGER NOT NULL,
  length INTEGER NOT NULL,
  PRIMARY KEY (key, source)
) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS memory_learned (
  locale TEXT NOT NULL,
  collection TEXT NOT NULL,
  digest BLOB NOT NULL,
  PRIMARY KEY (locale, collection)
) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS memory_versions (
  locale TEXT PRIMARY KEY,
  version INTEGER NOT NULL
) WITHOUT ROWID;

CREATE TABLE IF NOT EXISTS jobs (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  created TEXT NOT NULL,
  request TEXT NOT NULL,
  state TEXT NOT NULL
);
CREATE TABLE IF NOT EXISTS failures (
  job INTEGER NOT NULL,
  locale TEXT NOT NULL,
  unit TEXT NOT NULL,
  reason TEXT NOT NULL,
  PRIMARY KEY (job, locale, unit, reason)
) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS chunks (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  job INTEGER NOT NULL,
  urgent INTEGER NOT NULL,
  settled INTEGER NOT NULL DEFAULT 0,
  segments INTEGER NOT NULL,
  units INTEGER NOT NULL,
  machine INTEGER NOT NULL DEFAULT 0,
  withheld INTEGER NOT NULL DEFAULT 0,
  note TEXT NOT NULL DEFAULT '',
  work TEXT NOT NULL
);
CREATE INDEX IF NOT EXISTS chunks_to_settle ON chunks (settled, urgent DESC, id);
CREATE INDEX IF NOT EXISTS chunks_by_job ON chunks (job, settled);
CREATE TABLE IF NOT EXISTS batches (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  job INTEGER NOT NULL,
  package TEXT NOT NULL,
  urgent INTEGER NOT NULL,
  state TEXT NOT NULL,
  segments INTEGER NOT NULL,
  attempt INTEGER NOT NULL DEFAULT 1,
  crashes INTEGER NOT NULL DEFAULT 0,
  alone INTEGER NOT NULL DEFAULT 0,
  note TEXT NOT NULL DEFAULT '',
  question TEXT NOT NULL
);
CREATE INDEX IF NOT EXISTS batches_to_send ON batches (state, package, urgent DESC, id);
CREATE INDEX IF NOT EXISTS batches_by_job ON batches (job, state);
CREATE TABLE IF NOT EXISTS asked (
  key INTEGER PRIMARY KEY,
  batch INTEGER NOT NULL
);
CREATE TABLE IF NOT EXISTS waits (
  batch INTEGER NOT NULL,
  chunk INTEGER NOT NULL,
  PRIMARY KEY (batch, chunk)
) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS waits_by_chunk ON waits (chunk);
CREATE TABLE IF NOT EXISTS aside (
  key BLOB PRIMARY KEY,
  reason TEXT NOT NULL
) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS history_identity (
  token TEXT NOT NULL
);
CREATE TABLE IF NOT EXISTS history_catalogs (
  name TEXT PRIMARY KEY,
  generation INTEGER NOT NULL
) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS history_base (
  catalog TEXT NOT NULL,
  key BLOB NOT NULL,
  generation INTEGER NOT NULL,
  state BLOB NOT NULL,
  unheard INTEGER NOT NULL,
  PRIMARY KEY (catalog, key)
) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS history_versions (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  key BLOB NOT NULL,
  catalog TEXT NOT NULL,
  generation INTEGER NOT NULL,
  state BLOB NOT NULL,
  body TEXT NOT NULL
);
CREATE INDEX IF NOT EXISTS history_versions_by_key ON history_versions (key, generation);
CREATE INDEX IF NOT EXISTS history_versions_by_generation ON history_versions (catalog, generation);
CREATE TABLE IF NOT EXISTS reviews (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  locale TEXT NOT NULL,
  unit TEXT NOT NULL,
  revision TEXT NOT NULL,
  review TEXT NOT NULL,
  by TEXT NOT NULL,
  at TEXT NOT NULL,
  why TEXT NOT NULL
);
CREATE INDEX IF NOT EXISTS reviews_by_unit ON reviews (unit, id);
CREATE TABLE IF NOT EXISTS snapshot (
  name TEXT PRIMARY KEY,
  body TEXT NOT NULL
) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS traces (
  collection TEXT NOT NULL,
  locale TEXT NOT NULL,
  inputs TEXT NOT NULL,
  drafted TEXT NOT NULL,
  memory INTEGER NOT NULL,
  told TEXT NOT NULL,
  PRIMARY KEY (collection, locale)
) WITHOUT ROWID;
"""
