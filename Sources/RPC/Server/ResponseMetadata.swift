internal import Synchronization

/// The application's fields of one answer, and how its messages are compressed. May be changed from
/// anywhere until the headers are sent, trailers until the status; what comes later is dropped, and
/// so is what is added to a context that belongs to no call.
public struct ResponseMetadata: Sendable {
  /// All of one answer.
  struct Fields {
    var headers = Metadata()
    var trailers = Metadata()
    var compression = Compression.identity
  }

  /// Keeps the fields: most calls have none, and nothing is allocated for them.
  private let stream: ServerStream?

  init(_ stream: ServerStream?) {
    self.stream = stream
  }

  /// Adds a field to the headers.
  public func addHeader(_ value: String, for name: String) {
    change { $0.headers.add(value, for: name) }
  }

  /// Adds fields to the headers.
  public func addHeaders(_ metadata: Metadata) {
    change { $0.headers.add(contentsOf: metadata) }
  }

  /// Adds a field to the trailers.
  public func addTrailer(_ value: String, for name: String) {
    change { $0.trailers.add(value, for: name) }
  }

  /// Adds fields to the trailers.
  public func addTrailers(_ metadata: Metadata) {
    change { $0.trailers.add(contentsOf: metadata) }
  }

  /// Has the messages of this answer compressed, if the caller can read that: long ones, and those
  /// whose sender insists.
  public func compress(_ compression: Compression) {
    change { $0.compression = compression }
  }

  private func change(_ body: (inout Fields) -> Void) {
    stream?.responseFields.withLock { fields in
      var changed = fields ?? Fields()
      body(&changed)
      fields = changed
    }
  }
}
