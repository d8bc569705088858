/// Whether a client may repeat calls, by how its calls have gone lately.
///
/// Source: gRFC A6, "Throttling Retry Attempts and Hedged RPCs".
struct RetryThrottle {
  private let options: RPCClientOptions.RetryThrottling?
  private(set) var tokens: Double

  init(_ options: RPCClientOptions.RetryThrottling?) {
    self.options = options
    tokens = options?.maximumTokens ?? 0
  }

  var allowsRetry: Bool {
    guard let options else { return true }
    return tokens > options.maximumTokens / 2
  }

  mutating func succeeded() {
    guard let options else { return }
    tokens = min(tokens + options.tokenRatio, options.maximumTokens)
  }

  /// An attempt failed in a way that another might not.
  mutating func failed() {
    tokens = max(tokens - 1, 0)
  }
}
