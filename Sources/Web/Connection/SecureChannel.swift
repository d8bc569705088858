internal import HummingbirdCore
internal import Logging
internal import NIOCore
internal import NIOHTTPTypes
internal import TLS

/// HTTP/1.1 over our own TLS, as Hummingbird's server takes it.
struct SecureChannel: ServerChildChannel {
  typealias Value = HTTP1Channel.Value

  private let tls: TLSContext
  private let plain: HTTP1Channel

  init(
    _ tls: TLSContext, _ limits: WebLimits, _ metrics: WebMetrics, _ fields: [WebField],
    responder: @escaping HTTPChannelHandler.Responder
  ) {
    self.tls = tls
    plain = HTTP1Channel(
      responder: responder,
      configuration: HTTP1Channel.Configuration(
        additionalChannelHandlers: [ConnectionGuard(limits, metrics, fields)],
        httpDecoderConfiguration: .init(
          maxHeaderFieldSize: limits.headBytes, maxHeaderListSize: limits.headBytes,
          maxHeaderFieldCount: limits.headFields)))
  }

  func setup(channel: any Channel, logger: Logger) -> EventLoopFuture<Value> {
    channel.eventLoop.makeCompletedFuture {
      // An end of TCP alone is a truncation, which TLS must learn of.
      try channel.syncOptions?.setOption(.allowRemoteHalfClosure, value: false)
      try channel.pipeline.syncOperations.addHandlers([
        TLSHandler(server: tls), SecureEdge(),
      ])
    }.flatMap {
      plain.setup(channel: channel, logger: logger)
    }
  }

  func handle(value: Value, logger: Logger) async {
    await plain.handle(value: value, logger: logger)
  }
}
