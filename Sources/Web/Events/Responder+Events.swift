internal import HTTPTypes
internal import HummingbirdCore
internal import NIOCore

extension Responder {
  /// Writes a stream to its end: its sender's, its peer's, its age, or the drain.
  func stream(
    _ events: WebEvents, through channel: EventChannel, as head: HTTPResponse,
    _ writer: consuming HummingbirdCore.ResponseWriter
  ) async throws {
    let tasks = [
      Task {
        // Whatever ends the sender ends the stream: an error cannot be told in the middle of it.
        try? await events.send(WebEventWriter(channel: channel))
        channel.close()
      },
      Task { [limits] in
        while (try? await Task.sleep(for: limits.heartBeat)) != nil {
          guard (try? await channel.put(WebEvent.heartBeat)) != nil else { return }
        }
      },
      Task { [limits] in
        guard (try? await Task.sleep(for: limits.age)) != nil else { return }
        channel.close()
      },
    ]
    defer {
      streams.close(channel)
      for task in tasks { task.cancel() }
    }
    var body: any ResponseBodyWriter = try await writer.writeHead(head)
    try await body.write(
      ByteBuffer(bytes: WebEvent.comeback(Int.random(in: limits.comebackMilliseconds))))
    while let bytes = await channel.next() { try await body.write(ByteBuffer(bytes: bytes)) }
    try await body.finish(nil)
  }
}

extension WebResponse {
  /// The head of a stream.
  static let events = WebResponse(
    200, fields: [WebField("content-type", "text/event-stream; charset=utf-8")])
}
