internal import LockboxProto
internal import RPC
internal import Storage

/// Serves `lockbox.feed.v1.FeedService` from a database's feed.
///
/// The producer keeps no list of consumers: each names its own position. A slow one suspends its own
/// stream only, by HTTP/2 flow control.
struct FeedServer: Sendable {
  let feed: Feed

  /// Records of one message.
  static let mostRecords = 256
  /// Bytes of the records of one message; a longer record goes alone.
  static let mostBytes = 256 << 10

  func add(to router: inout Router) {
    router.serverStreaming(FeedV1.FeedService.subscribe) { request, responses, _ in
      var position = request.afterSequence
      guard position <= feed.last else {
        throw RPCError.reasoned(
          .outOfRange, "the feed ends at \(feed.last), before \(position)",
          reason: "BEYOND_FEED_END")
      }
      try await responses.sendHeaders()
      while true {
        let records = try await feed.next(
          after: position, limit: Self.mostRecords, maxBytes: Self.mostBytes)
        guard let last = records.last else { continue }
        try await responses.send(
          FeedV1.SubscribeResponse(
            records: records.map { FeedV1.FeedRecord(sequence: $0.sequence, event: $0.event) }))
        position = last.sequence
      }
    }
  }
}
