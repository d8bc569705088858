internal import Storage

extension SQLiteApprovalsStore {
  /// Versions of settings are kept for ever: a request names those it was opened with (I10).
  static let migrations = [
    Migration(
      """
      CREATE TABLE tenant (
        tenant_id TEXT NOT NULL, version INTEGER NOT NULL, settings BLOB NOT NULL,
        PRIMARY KEY (tenant_id, version)
      ) STRICT, WITHOUT ROWID
      """,
      """
      CREATE TABLE policy (
        workload TEXT NOT NULL, version INTEGER NOT NULL, policy BLOB NOT NULL,
        PRIMARY KEY (workload, version)
      ) STRICT, WITHOUT ROWID
      """,
      """
      CREATE TABLE request (
        request_id BLOB NOT NULL PRIMARY KEY,
        access_request BLOB NOT NULL,
        tenant_id TEXT NOT NULL,
        workload TEXT NOT NULL,
        engineer_issuer TEXT NOT NULL,
        engineer_id TEXT NOT NULL,
        policy_version INTEGER,
        tenant_version INTEGER,
        state INTEGER NOT NULL,
        stage INTEGER,
        deadline INTEGER,
        grant_id BLOB,
        grant_start INTEGER,
        grant_end INTEGER,
        approval_event BLOB,
        update_time INTEGER NOT NULL
      ) STRICT, WITHOUT ROWID
      """,
      "CREATE INDEX request_by_tenant ON request (tenant_id, request_id)",
      "CREATE INDEX request_by_engineer ON request (engineer_id, request_id)",
      "CREATE UNIQUE INDEX request_by_grant ON request (grant_id) WHERE grant_id IS NOT NULL",
      """
      CREATE TABLE decision (
        request_id BLOB NOT NULL, position INTEGER NOT NULL, stage INTEGER NOT NULL,
        verdict INTEGER NOT NULL, issuer TEXT NOT NULL, subject TEXT NOT NULL,
        display_name TEXT NOT NULL, comment TEXT NOT NULL, digest BLOB NOT NULL,
        time INTEGER NOT NULL,
        PRIMARY KEY (request_id, position)
      ) STRICT, WITHOUT ROWID
      """,
      // The second wall behind the state machine: nobody counts twice.
      "CREATE UNIQUE INDEX decision_by_person ON decision (request_id, issuer, subject)"
    ),
    Migration("ALTER TABLE decision ADD COLUMN terms BLOB"),
    Migration(
      """
      CREATE TABLE thread_entry (
        request_id BLOB NOT NULL, position INTEGER NOT NULL, kind INTEGER NOT NULL,
        issuer TEXT NOT NULL, subject TEXT NOT NULL, display_name TEXT NOT NULL,
        text TEXT NOT NULL, time INTEGER NOT NULL,
        PRIMARY KEY (request_id, position)
      ) STRICT, WITHOUT ROWID
      """),
    Migration(
      "ALTER TABLE decision ADD COLUMN signature BLOB",
      """
      CREATE TABLE approver_key (
        key_id BLOB NOT NULL PRIMARY KEY, tenant_id TEXT NOT NULL,
        register_time INTEGER NOT NULL, approver_key BLOB NOT NULL
      ) STRICT, WITHOUT ROWID
      """,
      "CREATE INDEX approver_key_by_tenant ON approver_key (tenant_id, register_time)"),
    Migration(
      "ALTER TABLE request ADD COLUMN extended_grant BLOB",
      "ALTER TABLE request ADD COLUMN extended_end INTEGER",
      "ALTER TABLE request ADD COLUMN extended_position INTEGER",
      "ALTER TABLE request ADD COLUMN denial TEXT",
      """
      CREATE INDEX request_by_extended_grant ON request (extended_grant)
      WHERE extended_grant IS NOT NULL
      """,
      """
      CREATE TABLE review (
        request_id BLOB NOT NULL PRIMARY KEY, tenant_id TEXT NOT NULL, due INTEGER NOT NULL,
        verdict INTEGER, issuer TEXT, subject TEXT, display_name TEXT, comment TEXT,
        close_time INTEGER
      ) STRICT, WITHOUT ROWID
      """,
      "CREATE INDEX open_review ON review (tenant_id, due) WHERE close_time IS NULL"),
    Migration(
      "ALTER TABLE tenant ADD COLUMN apply_time INTEGER",
      "ALTER TABLE tenant ADD COLUMN actor_issuer TEXT",
      "ALTER TABLE tenant ADD COLUMN actor_id TEXT",
      "ALTER TABLE tenant ADD COLUMN actor_name TEXT",
      "ALTER TABLE policy ADD COLUMN apply_time INTEGER",
      "ALTER TABLE policy ADD COLUMN actor_issuer TEXT",
      "ALTER TABLE policy ADD COLUMN actor_id TEXT",
      "ALTER TABLE policy ADD COLUMN actor_name TEXT"),
    Migration(
      // Decisions from before are on the approver's own seat.
      "ALTER TABLE decision ADD COLUMN seat TEXT",
      "ALTER TABLE decision ADD COLUMN is_delegated INTEGER NOT NULL DEFAULT 0",
      "DROP INDEX decision_by_person",
      // The second wall behind the state machine: at a stage no person and no seat counts twice.
      "CREATE UNIQUE INDEX decision_by_person ON decision (request_id, stage, issuer, subject)",
      """
      CREATE UNIQUE INDEX decision_by_seat ON decision (
        request_id, stage, coalesce(seat, subject))
      """,
      // The bits of `StageNotice` that were told of the open stage.
      "ALTER TABLE request ADD COLUMN notices INTEGER NOT NULL DEFAULT 0",
      """
      CREATE TABLE absence (
        tenant_id TEXT NOT NULL, person TEXT NOT NULL, absence BLOB NOT NULL,
        PRIMARY KEY (tenant_id, person)
      ) STRICT, WITHOUT ROWID
      """),
    Migration(
      """
      CREATE TABLE linked_person (
        person_id BLOB NOT NULL PRIMARY KEY, affiliation TEXT NOT NULL, linked_person BLOB NOT NULL
      ) STRICT, WITHOUT ROWID
      """,
      "CREATE INDEX linked_person_by_affiliation ON linked_person (affiliation, person_id)",
      """
      CREATE TABLE linked_subject (
        affiliation TEXT NOT NULL, issuer TEXT NOT NULL, subject TEXT NOT NULL,
        person_id BLOB NOT NULL,
        PRIMARY KEY (affiliation, issuer, subject)
      ) STRICT, WITHOUT ROWID
      """,
      "CREATE INDEX linked_subject_by_person ON linked_subject (person_id)",
      """
      CREATE TABLE token_key (
        key_id TEXT NOT NULL PRIMARY KEY, public_key BLOB NOT NULL,
        activate_time INTEGER NOT NULL, retire_time INTEGER
      ) STRICT, WITHOUT ROWID
      """,
      // For enforcement points that begin to follow: those few, and not every request there is.
      "CREATE INDEX request_cut_short ON request (grant_end) WHERE state IN (8, 9)"),
    Migration(
      // A key is one tenant's: in use elsewhere must not be told (I6).
      "ALTER TABLE approver_key RENAME TO approver_key_of_all",
      """
      CREATE TABLE approver_key (
        tenant_id TEXT NOT NULL, key_id BLOB NOT NULL,
        register_time INTEGER NOT NULL, approver_key BLOB NOT NULL,
        PRIMARY KEY (tenant_id, key_id)
      ) STRICT, WITHOUT ROWID
      """,
      """
      INSERT INTO approver_key (tenant_id, key_id, register_time, approver_key)
      SELECT tenant_id, key_id, register_time, approver_key FROM approver_key_of_all
      """,
      "DROP TABLE approver_key_of_all",
      "CREATE INDEX approver_key_by_tenant ON approver_key (tenant_id, register_time)"),
  ]
}
