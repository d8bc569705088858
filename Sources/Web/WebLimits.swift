/// How much one listener takes at once, and how long it waits for its callers.
public struct WebLimits: Sendable, Hashable {
  /// Open connections; those beyond wait in the kernel's queue until one ends.
  public var connections = 1_000
  /// From the end of the handshake, or from a request's first byte, to the end of its header fields.
  public var head = Duration.seconds(10)
  /// From one answer to the first byte of the next request.
  public var idle = Duration.seconds(60)
  /// From the end of the header fields to the end of the body, however it trickles.
  public var body = Duration.seconds(30)
  /// A handler's time; its caller then gets 503.
  public var answer = Duration.seconds(60)
  /// For a caller who takes nothing more of an answer.
  public var stall = Duration.seconds(30)
  /// After this time a connection ends with the answer that it is at, so that balancing and
  /// revocation take hold.
  public var age = Duration.seconds(600)
  /// From `shutdown()` to the end of what still runs.
  public var drain = Duration.seconds(30)

  /// Event streams of the listener, and of one owner: each holds a connection. A browser has six
  /// connections for one host.
  public var streams = 500
  public var streamsPerOwner = 3
  /// After the end of a stream, as its peer is told: whatever ended it has ended others.
  public var comebackMilliseconds = 1_000...6_000
  /// Between two signs of life on a stream: below what proxies and telephones' networks wait for.
  public var heartBeat = Duration.seconds(15)

  /// Of all header fields, in bytes: a bearer token of 8 KiB and as much again.
  public var headBytes = 16 << 10
  public var headFields = 100
  /// Of the request's target, in bytes.
  public var targetBytes = 8 << 10
  /// Of a body, in bytes, where the route says nothing else.
  public var bodyBytes = 64 << 10

  public init() {}
}
