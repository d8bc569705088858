internal import Synchronization

/// The application's fields of one answer, and how its messages are compressed. May be changed from
/// anywhere until the headers are sent, trailers until the status; what comes later is dropped.
public struct ResponseMetadata: Sendable {
  private final class Storage: Sendable {
    let fields = Mutex(
      (headers: Metadata(), trailers: Metadata(), compression: Compression.identity))
  }
  private let storage = Storage()

  init() {}

  /// Adds a field to the headers.
  public func addHeader(_ value: String, for name: String) {
    storage.fields.withLock { $0.headers.add(value, for: name) }
  }

  /// Adds fields to the headers.
  public func addHeaders(_ metadata: Metadata) {
    storage.fields.withLock { $0.headers.add(contentsOf: metadata) }
  }

  /// Adds a field to the trailers.
  public func addTrailer(_ value: String, for name: String) {
    storage.fields.withLock { $0.trailers.add(value, for: name) }
  }

  /// Adds fields to the trailers.
  public func addTrailers(_ metadata: Metadata) {
    storage.fields.withLock { $0.trailers.add(contentsOf: metadata) }
  }

  /// Has the messages of this answer compressed, if the caller can read that: long ones, and those
  /// whose sender insists.
  public func compress(_ compression: Compression) {
    storage.fields.withLock { $0.compression = compression }
  }

  /// What the headers depend on.
  var head: (fields: Metadata, compression: Compression) {
    storage.fields.withLock { ($0.headers, $0.compression) }
  }

  var headers: Metadata { storage.fields.withLock { $0.headers } }
  var trailers: Metadata { storage.fields.withLock { $0.trailers } }
}
