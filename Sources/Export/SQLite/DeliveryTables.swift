internal import Storage

/// The tables of deliveries. The provider's own log has the tenant ''.
enum DeliveryTables {
  /// `destination.settings` is the serialised lockbox.common.v1.Destination; a dead letter keeps its
  /// event, since entries are kept for some days only.
  static let migration = Migration(
    """
    CREATE TABLE destination (
      id BLOB NOT NULL PRIMARY KEY, tenant_id TEXT NOT NULL, settings BLOB NOT NULL,
      next_index INTEGER NOT NULL DEFAULT 0, failures INTEGER NOT NULL DEFAULT 0,
      attempts INTEGER NOT NULL DEFAULT 0, not_before INTEGER,
      last_failure TEXT NOT NULL DEFAULT '', disabled INTEGER NOT NULL DEFAULT 0
    ) STRICT, WITHOUT ROWID
    """,
    "CREATE INDEX destination_by_tenant ON destination (tenant_id, id)",
    """
    CREATE TABLE destination_key (
      destination_id BLOB NOT NULL, place INTEGER NOT NULL, secret BLOB NOT NULL, expires INTEGER,
      PRIMARY KEY (destination_id, place)
    ) STRICT, WITHOUT ROWID
    """,
    """
    CREATE TABLE dead_letter (
      destination_id BLOB NOT NULL, log_index INTEGER NOT NULL, event BLOB NOT NULL,
      given_up INTEGER NOT NULL, attempts INTEGER NOT NULL, last_failure TEXT NOT NULL,
      retrying INTEGER NOT NULL DEFAULT 0,
      PRIMARY KEY (destination_id, log_index)
    ) STRICT, WITHOUT ROWID
    """,
    """
    CREATE INDEX dead_letter_to_retry ON dead_letter (destination_id, log_index)
      WHERE retrying = 1
    """)
}
