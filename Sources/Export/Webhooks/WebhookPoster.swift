internal import ServiceKit

/// Tells addresses that customers name. Fakes stand in for the network in tests.
protocol WebhookPoster: Sendable {
  /// Sends a body.
  /// - Returns: the answer's status; its body is not looked at.
  func post(
    _ body: [UInt8], to url: HTTPSURL, headers: [(String, String)]
  ) async throws(WebhookFault) -> Int
}
