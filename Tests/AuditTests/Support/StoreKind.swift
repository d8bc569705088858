internal import Storage
internal import TestKit
internal import Testing

@testable internal import Audit

/// The stores that must all behave alike.
enum StoreKind: CaseIterable, Sendable, CustomTestStringConvertible {
  case memory
  case sqlite

  var testDescription: String {
    switch self {
    case .memory: "memory"
    case .sqlite: "SQLite"
    }
  }

  /// Runs a test on an empty store and clears up after it.
  func withStore(_ body: (any AuditStore) async throws -> Void) async throws {
    switch self {
    case .memory: try await body(MemoryAuditStore())
    case .sqlite:
      try await withDatabase(in: TemporaryDirectory()) { try await body($0) }
    }
  }
}

/// The SQLite store of a folder, closed afterwards.
func withDatabase(
  in folder: TemporaryDirectory, _ body: (SQLiteAuditStore) async throws -> Void
) async throws {
  let store = try SQLiteAuditStore(path: folder.file("audit.db"), clock: FakeClock()) { error in
    Issue.record("the database failed: \(error)")
  }
  do {
    try await body(store)
  } catch {
    await store.database.close()
    throw error
  }
  await store.database.close()
}
