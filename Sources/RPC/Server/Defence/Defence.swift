/// What a server defends itself against by refusing or ending a connection. Each case has a counter
/// of its own (`RPCMetrics.connectionEnded(by:)`), and its name is the field `defence` of the one
/// line that the log gets.
public enum Defence: String, Sendable, Hashable, CaseIterable {
  // MARK: Slow peers

  /// The TLS handshake was not over in time.
  case slowHandshake = "slow_handshake"
  /// The HTTP/2 preface and settings did not come in time.
  case slowPreface = "slow_preface"
  /// A header list, or the frame that carries it, did not come in time.
  case slowHeaders = "slow_headers"
  /// A request, or a frame of its body, did not come in time.
  case slowBody = "slow_body"
  /// Nothing of what waits for the peer was taken for too long.
  case slowReader = "slow_reader"

  // MARK: Floods

  /// Streams reset by the peer, or by us because of what it sent: rapid reset (CVE-2023-44487) and
  /// MadeYouReset (CVE-2025-8671).
  case resets
  /// Streams opened beyond what is allowed: each costs a header list and a refusal.
  case refusedStreams = "refused_streams"
  /// PING (CVE-2019-9512).
  case pings
  /// SETTINGS (CVE-2019-9515).
  case settings
  /// PRIORITY (CVE-2019-9513).
  case priorities
  /// DATA frames that carry nothing (CVE-2019-9518).
  case emptyData = "empty_data"
  /// WINDOW_UPDATE far beyond what was sent to the peer.
  case windowUpdates = "window_updates"
  /// GOAWAY and frames of types that nobody knows.
  case otherFrames = "other_frames"
  /// A header list in too many CONTINUATION frames (CVE-2024-27316).
  case continuations

  // MARK: Header lists

  /// Far too many bytes, 32 a field added: few bytes of HPACK can stand for megabytes
  /// (CVE-2016-6581).
  case headerBytes = "header_bytes"
  /// Far too many fields: empty ones (CVE-2019-9516), crumbs of cookies.
  case headerFields = "header_fields"

  // MARK: Too many connections

  /// The listener has as many as it may.
  case connections
  /// Of those that have shown no certificate and made no call the listener has as many as it may: the
  /// oldest of them made room.
  case unproven
  /// The peer's certificate has as many as it may.
  case connectionsPerIdentity = "connections_per_identity"
  /// TLS handshakes come faster than they are begun; those that wait are not refused.
  case handshakes

  // MARK: Too many calls

  /// The listener runs as many handlers as it may; calls beyond are refused, and no connection ended.
  case handlers

  // MARK: Nonsense

  /// The peer broke HTTP/2 (RFC 9113 §5.4.1); the line's field `code` says how.
  case protocolError = "protocol_error"
}
