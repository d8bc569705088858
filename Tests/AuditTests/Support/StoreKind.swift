internal import LogStore
internal import TestKit
internal import Testing

@testable internal import Audit

/// The stores that must all behave alike.
enum StoreKind: CaseIterable, Sendable, CustomTestStringConvertible {
  case memory
  case segments

  var testDescription: String {
    switch self {
    case .memory: "memory"
    case .segments: "segments"
    }
  }

  /// Runs a test on an empty store and clears up after it.
  func withStore(_ body: (any AuditStore) async throws -> Void) async throws {
    switch self {
    case .memory: try await body(MemoryAuditStore())
    case .segments:
      try await withLog(in: TemporaryDirectory()) { try await body($0) }
    }
  }
}

/// The store of a folder, closed afterwards.
func withLog(
  in folder: TemporaryDirectory, _ options: LogStoreOptions = LogStoreOptions(),
  _ body: (LogAuditStore) async throws -> Void
) async throws {
  let store = try LogAuditStore(path: folder.file("log"), options) { error in
    Issue.record("the store failed: \(error)")
  }
  do {
    try await body(store)
  } catch {
    await store.log.close()
    throw error
  }
  await store.log.close()
}
