internal import NIOCore

/// What a listener allows one connection, and one call. Every figure has a reason; all of them can
/// be changed for one listener.
public struct ServerLimits: Sendable, Hashable {
  // MARK: Messages

  /// No message is larger than this, whatever a listener asks for: protobuf-c's structs take up to
  /// a hundred times the bytes on the wire.
  public static let hardMessageBytes = 4 << 20

  /// Bytes of one request message. 64 KiB holds every request of an API of records; the messages of
  /// the running handlers of one connection then stay below 7 MiB.
  public var requestBytes = 64 << 10 {
    didSet { requestBytes = min(requestBytes, Self.hardMessageBytes) }
  }

  /// Bytes of a stream's responses that may wait before `send` suspends: one round trip's worth on a
  /// fast path, and little enough for a hundred slow readers.
  public var queuedResponseBytes = 64 << 10

  /// The same over all streams of a connection: beyond, a stream that has anything queued waits. A
  /// hundred slow readers must not have 6 MiB in each of many connections.
  public var queuedConnectionBytes = 1 << 20

  // MARK: Concurrency

  /// Streams that a connection may have open: the figure that HTTP/2 stacks agree on, and the least
  /// that RFC 9113 §6.5.2 recommends.
  public var concurrentStreams = 100

  /// Handlers that a connection may have running. A stream that the peer resets is closed at once,
  /// its handler is not: counting only streams would let a peer start any number of them
  /// (CVE-2023-44487).
  public var runningHandlers = 100

  /// Handlers that a listener may have running, over all connections: each may hold a decoded request,
  /// and its memory is the service's own affair. A listener each, so that the many people cannot
  /// keep the few services from their calls. The fewer places are left, the fewer one connection may
  /// have. The next call is refused with `resourceExhausted`.
  public var listenerHandlers = 1000

  /// Connections of one listener that have shown no certificate and made no call: each costs memory, up
  /// to 50 KiB with its TLS and HTTP/2, and nobody knows yet for whom. One more ends the oldest. At
  /// the rate of `handshakes` a newcomer has a second or more for its first call: several round trips.
  public var unprovenConnections = 512

  /// Connections of one listener: file descriptors are finite, and each connection may hold a few
  /// MiB of requests. The next one is closed before TLS.
  public var connections = 4096

  /// TLS handshakes begun: one takes about 0.7 ms of CPU time, twice that with a client's certificate,
  /// and nobody knows yet for whom: they may have a tenth of each core. Beyond that connections wait in
  /// the kernel's queue; with eight cores a fleet of a thousand is back within two seconds. Few at a
  /// time, because calls wait for those that their loop has begun.
  public var handshakes = EventRate(count: System.coreCount, per: .milliseconds(10))

  /// Connections of one certificate: a service needs one or two per process and peer.
  public var connectionsPerIdentity = 64

  // MARK: Headers

  /// Size of a header list, 32 bytes a field added (RFC 9113 §6.5.2): a bearer token is 1–4 KiB.
  public var headerListBytes = 16 << 10

  /// Fields of a header list: each costs memory beyond its bytes.
  public var headerFields = 100

  /// A list beyond the limits is answered with a status, one of this many times as much ends the
  /// connection: a few bytes of HPACK can stand for megabytes, and nobody serious sends that.
  public var headerExcess = 4

  /// CONTINUATION frames of one header list: four hold 64 KiB. nghttp2 itself ends a connection at
  /// the ninth.
  public var continuations = 8

  // MARK: Times

  /// From the beginning of a connection to the end of the TLS handshake: two round trips.
  public var handshakeTimeout = Duration.seconds(5)

  /// From the end of the TLS handshake to the peer's settings: one round trip.
  public var prefaceTimeout = Duration.seconds(5)

  /// From the first byte of a header list to its end, from there to the end of a request that is
  /// one message, and from the first byte of any frame to its last: bytes that dribble in hold a
  /// stream.
  public var requestTimeout = Duration.seconds(10)

  /// How long a peer may take nothing at all of what waits for it, with its windows shut or its
  /// socket unread: what waits is memory. Whoever takes a byte now and then is held by deadlines.
  public var stallTimeout = Duration.seconds(10)

  /// Without a stream: long enough for a client with something to do each minute.
  public var idleTimeout = Duration.seconds(300)

  /// Then the peer is asked to come again: certificates, addresses and load are looked at anew. Made
  /// up to a tenth longer or shorter, so that peers of one restart do not come back together.
  public var connectionAge = Duration.seconds(600)

  /// What runs when the connection has reached its age may go on for this long.
  public var connectionAgeGrace = Duration.seconds(30)

  /// Of a unary call whose caller names none: far above every healthy call.
  public var defaultDeadline = Duration.seconds(10)

  /// Of a unary call, whatever its caller names: what nobody waits for any more is not worked on.
  public var maximumDeadline = Duration.seconds(60)

  /// How often those who are connected are looked at again when a revocation list, a trust root or
  /// the time has changed: a revoked peer is to be gone within a minute.
  public var peerReviewInterval = Duration.seconds(5)

  // MARK: Abuse

  /// Streams reset by the peer, or by us because of what the peer sent (CVE-2023-44487,
  /// CVE-2025-8671): 200 in 30 s, as swift-nio-http2 has it; a client that cancels calls by
  /// habit stays below.
  public var resets = EventRate(count: 200, per: .seconds(30))

  /// Streams refused since all places are taken: a client that has seen our settings opens none.
  public var refusals = EventRate(count: 200, per: .seconds(30))

  /// PING, SETTINGS, PRIORITY, GOAWAY, empty DATA and unknown frames: each makes work and none is a
  /// call (CVE-2019-9512, -9513, -9515, -9518). Keep-alive needs one in 10 s; the pings by which
  /// a client measures a path are earned by what it is sent. Empty DATA that ends a stream does
  /// not count.
  public var controlFrames = EventRate(count: 200, per: .seconds(30))

  /// WINDOW_UPDATE beyond those earned by what the peer is sent: some open a connection with a few.
  public var windowUpdates = EventRate(count: 200, per: .seconds(30))

  /// Lines in the log about connections that TLS refused: whoever can connect causes them. At most
  /// 100 MB a day, and a rollout that went wrong is told whole.
  public var refusalLines = EventRate(count: 300, per: .seconds(60))

  /// Lines in the log about connections that a defence ended: a thousand for whoever looks into it,
  /// then ten a second. The next line says how many went without one.
  public var defenceLines = EventRate(count: 1000, per: .seconds(100))

  /// What a whole server does when told to stop: calls that still run are cancelled after this.
  public var drainTimeout = Duration.seconds(30)

  public init() {}

  public static let standard = ServerLimits()
}

/// So many events in so much time.
public struct EventRate: Sendable, Hashable {
  public var count: Int
  public var period: Duration

  public init(count: Int, per period: Duration) {
    self.count = count
    self.period = period
  }
}
