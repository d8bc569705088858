internal import Storage

/// The tables of notify. The provider has the tenant ''; times are nanoseconds since the epoch.
///
/// `lane` is as `Lane.key` says, `settings` and `access_request` the serialised messages of the same
/// names, `channel.settings` the serialised lockbox.common.v1.Channel with its secrets.
enum NotifyTables {
  static let migrations = [
    Migration(
      "CREATE TABLE begun (id INTEGER PRIMARY KEY CHECK (id = 1), moment INTEGER NOT NULL) STRICT",
      """
      CREATE TABLE tenant (id TEXT NOT NULL PRIMARY KEY, settings BLOB NOT NULL)
        STRICT, WITHOUT ROWID
      """,
      """
      CREATE TABLE request (
        id BLOB NOT NULL PRIMARY KEY, tenant_id TEXT NOT NULL, access_request BLOB NOT NULL,
        engineer_mail TEXT NOT NULL, phase INTEGER NOT NULL, stage INTEGER NOT NULL,
        side INTEGER NOT NULL, stage_name TEXT NOT NULL, deadline INTEGER,
        known_to_customer INTEGER NOT NULL, break_glass INTEGER NOT NULL, review_due INTEGER,
        decided_by TEXT NOT NULL, comment TEXT NOT NULL
      ) STRICT, WITHOUT ROWID
      """,
      "CREATE TABLE event (id BLOB NOT NULL PRIMARY KEY, bytes BLOB NOT NULL) STRICT, WITHOUT ROWID",
      """
      CREATE TABLE notice (
        place INTEGER PRIMARY KEY AUTOINCREMENT, id BLOB NOT NULL UNIQUE, lane TEXT NOT NULL,
        recipient_name TEXT NOT NULL, owner TEXT NOT NULL, tenant_id TEXT NOT NULL,
        request_id BLOB, event_id BLOB NOT NULL, kind INTEGER NOT NULL, audience INTEGER NOT NULL,
        language TEXT NOT NULL, detail INTEGER NOT NULL, time_zone TEXT NOT NULL, stage INTEGER,
        pointless INTEGER, not_before INTEGER NOT NULL, digest INTEGER NOT NULL,
        created INTEGER NOT NULL, state INTEGER NOT NULL, attempts INTEGER NOT NULL,
        last_failure TEXT NOT NULL, carrier BLOB, repeated INTEGER NOT NULL, finished INTEGER
      ) STRICT
      """,
      // Only what waits: most notices have been delivered.
      "CREATE INDEX notice_waiting ON notice (lane, place) WHERE state = 1",
      """
      CREATE INDEX notice_under_way ON notice (lane, place)
        WHERE state = 1 AND carrier IS NOT NULL
      """,
      "CREATE INDEX notice_dead ON notice (lane) WHERE state = 3",
      "CREATE INDEX notice_by_owner ON notice (owner, id)",
      "CREATE INDEX notice_by_request ON notice (request_id, id) WHERE request_id IS NOT NULL",
      "CREATE INDEX notice_by_event ON notice (event_id)",
      "CREATE INDEX notice_finished ON notice (finished) WHERE finished IS NOT NULL",
      """
      CREATE TABLE lane (
        id TEXT NOT NULL PRIMARY KEY, failures INTEGER NOT NULL, not_before INTEGER,
        last_failure TEXT NOT NULL
      ) STRICT, WITHOUT ROWID
      """,
      """
      CREATE TABLE channel (
        id BLOB NOT NULL PRIMARY KEY, owner TEXT NOT NULL, settings BLOB NOT NULL,
        disabled INTEGER NOT NULL DEFAULT 0
      ) STRICT, WITHOUT ROWID
      """,
      "CREATE INDEX channel_by_owner ON channel (owner, id)",
      """
      CREATE TABLE channel_key (
        channel_id BLOB NOT NULL, place INTEGER NOT NULL, secret BLOB NOT NULL, expires INTEGER,
        PRIMARY KEY (channel_id, place)
      ) STRICT, WITHOUT ROWID
      """)
  ]
}
