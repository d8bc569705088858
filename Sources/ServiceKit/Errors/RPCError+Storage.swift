internal import Domain
public import RPC
public import Storage

extension RPCError {
  /// What a caller is told of a storage error: never a path, never SQLite's words.
  public static func storage(_ error: StorageError) -> RPCError {
    switch error.kind {
    case .busy, .closed, .full, .io, .outOfMemory, .cannotOpen, .permission, .notADatabase,
      .corrupt, .inUse, .foreignFile, .newerSchema:
      unavailable("the service cannot store now", reason: "STORAGE_UNAVAILABLE")
    case .constraint, .outOfRange, .unexpectedValue, .gap, .misuse: faulty
    }
  }

  /// A page token that is not from this list, or of another query.
  public static func badPageToken(_ failure: PageToken.Failure) -> RPCError {
    invalid([
      Violation(
        field: "page_token",
        problem: "is not the next_page_token of a list with the same filter; begin anew")
    ])
  }

  /// A fault of ours: the log has the rest.
  static let faulty = RPCError(.internal, "internal error")
}
