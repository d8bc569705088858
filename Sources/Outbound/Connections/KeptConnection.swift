public import ServiceKit

/// Posts to one receiver, one request at a time, over a connection that is kept while the receiver
/// keeps it.
public actor KeptConnection {
  private let url: HTTPSURL
  private let client: OutboundClient
  private var connection: OutboundConnection?

  public init(to url: HTTPSURL, client: OutboundClient) {
    self.url = url
    self.client = client
  }

  /// A request that meets the end of a kept connection is sent once more on a fresh one: the receiver
  /// must not mind to have it twice.
  ///
  /// - Parameter fields: Besides `host`, `content-length` and `user-agent`.
  public func post(
    _ body: [UInt8], fields: [(name: String, value: String)]
  ) async throws(OutboundFault) -> OutboundAnswer {
    do throws(OutboundFault) {
      return try await post(OutboundRequest(url: url, fields: fields, body: body))
    } catch {
      close()
      throw error
    }
  }

  public func close() {
    connection?.close()
    connection = nil
  }

  private func post(_ request: OutboundRequest) async throws(OutboundFault) -> OutboundAnswer {
    if let kept = connection, kept.isOpen {
      do throws(OutboundFault) {
        return try await kept.post(request)
      } catch {
        if case .timedOut = error { throw error }
      }
    }
    close()
    if Task.isCancelled { throw .closed }
    let fresh = try await client.connect(to: url)
    connection = fresh
    return try await fresh.post(request)
  }
}
