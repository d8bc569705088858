internal import Outbound
internal import ServiceKit

extension OutboundClient: WebhookPoster {
  func post(
    _ body: [UInt8], to url: HTTPSURL, headers: [(String, String)]
  ) async throws(WebhookFault) -> Int {
    let request = OutboundRequest(
      url: url, fields: headers.map { (name: $0.0, value: $0.1) }, body: body)
    do throws(OutboundFault) {
      return try await post(request).status
    } catch {
      throw WebhookFault(error)
    }
  }
}

extension WebhookFault {
  fileprivate init(_ fault: OutboundFault) {
    self =
      switch fault {
      case .unresolved: .unknownHost
      case .forbiddenAddress: .privateAddress
      case .connection(let reason): .connection(reason)
      case .timedOut: .timedOut
      case .closed: .connection("it ended before an answer")
      }
  }
}
