public import ProtobufC
public import RPC
public import Storage

/// What a service is made of, for the runner to serve, to follow and to close.
public struct ServiceParts: Sendable {
  /// Work of the service's own that goes on until it is cancelled.
  public struct Loop: Sendable {
    public let name: String
    public let run: @Sendable () async throws -> Void

    public init(_ name: String, _ run: @escaping @Sendable () async throws -> Void) {
      self.name = name
      self.run = run
    }
  }

  /// The methods for people; health and reflection are added.
  public var people = Router()
  /// The methods for services; health and the feed are added.
  public var service = Router()
  /// Of its own API, for reflection and health.
  public var descriptors: [ServiceDescriptor] = []
  /// Served to those that the authorization table names.
  public var feed: Feed?
  /// What it follows.
  public var consumers: [FeedConsumer] = []
  /// One more listener than the two of gRPC.
  public var https: (any ServiceListener)?
  /// They stop after the listeners, before the storage.
  public var loops: [Loop] = []
  /// Closed last.
  public var database: Database?
  /// Closes what else there is, just before the database.
  public var close: @Sendable () async -> Void = {}

  public init() {}
}
