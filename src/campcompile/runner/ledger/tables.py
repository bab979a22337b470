"""A ledger's tables, as SQLite spells them; `postgres.py` spells three of the words its own way."""

from __future__ import annotations

FORMAT = 1
TABLES = (
    "CREATE TABLE IF NOT EXISTS facts (name TEXT PRIMARY KEY, value BLOB NOT NULL)",
    """CREATE TABLE IF NOT EXISTS sends (
  id INTEGER PRIMARY KEY,
  key BLOB NOT NULL UNIQUE,
  campaign TEXT NOT NULL,
  item TEXT NOT NULL,
  digest TEXT NOT NULL,
  layer TEXT NOT NULL,
  policy TEXT NOT NULL,
  consent TEXT NOT NULL,
  person BLOB NOT NULL,
  address BLOB NOT NULL,
  source_row INTEGER NOT NULL,
  planning INTEGER NOT NULL,
  planned_at INTEGER NOT NULL,
  send_at INTEGER NOT NULL,
  expires_at INTEGER NOT NULL,
  quiet_from INTEGER,
  quiet_until INTEGER,
  state TEXT NOT NULL,
  tries INTEGER NOT NULL DEFAULT 0,
  not_before INTEGER NOT NULL DEFAULT 0,
  writer TEXT NOT NULL DEFAULT '',
  changed_at INTEGER NOT NULL,
  reason TEXT NOT NULL DEFAULT ''
)""",
    "CREATE INDEX IF NOT EXISTS sends_open ON sends (state) WHERE state IN ('claimed', 'unknown')",
    "CREATE INDEX IF NOT EXISTS sends_counted ON sends (person, changed_at)"
    " WHERE state IN ('sent', 'claimed', 'unknown')",
    "CREATE INDEX IF NOT EXISTS sends_judged ON sends (changed_at, state)"
    " WHERE state IN ('sent', 'failed') AND length(address) > 0",
    """CREATE TABLE IF NOT EXISTS suppressions (
  address BLOB NOT NULL, layer TEXT NOT NULL, since INTEGER NOT NULL, source TEXT NOT NULL, PRIMARY KEY (address, layer)
)""",
    "CREATE INDEX IF NOT EXISTS suppressions_judged ON suppressions (since, source)"
    " WHERE source IN ('late bounce', 'complaint', 'person')",
    """CREATE TABLE IF NOT EXISTS consents (
  person BLOB NOT NULL, consent TEXT NOT NULL, given INTEGER NOT NULL, PRIMARY KEY (person, consent)
)""",
    "CREATE TABLE IF NOT EXISTS pauses (campaign TEXT PRIMARY KEY, since INTEGER NOT NULL, reason TEXT NOT NULL)",
    """CREATE TABLE IF NOT EXISTS stops (
  campaign TEXT NOT NULL, item TEXT NOT NULL, person BLOB NOT NULL, at INTEGER NOT NULL,
  PRIMARY KEY (campaign, item, person)
)""",
    """CREATE TABLE IF NOT EXISTS audit (
  chain TEXT NOT NULL, number INTEGER NOT NULL, at INTEGER NOT NULL, what TEXT NOT NULL, details TEXT NOT NULL,
  digest TEXT NOT NULL, PRIMARY KEY (chain, number)
)""",
)
