internal import NIOCore

/// Stands between TLS and HTTP: tells of bytes as they come, and ends connections whole. Neither TLS
/// 1.3 as we speak it nor a caller of HTTP has a use for a connection with one direction.
final class SecureEdge: ChannelDuplexHandler {
  typealias InboundIn = ByteBuffer
  typealias OutboundIn = ByteBuffer

  func channelRead(context: ChannelHandlerContext, data: NIOAny) {
    context.fireUserInboundEventTriggered(RequestBytes())
    context.fireChannelRead(data)
  }

  func close(context: ChannelHandlerContext, mode: CloseMode, promise: EventLoopPromise<Void>?) {
    context.close(mode: .all, promise: promise)
  }
}
