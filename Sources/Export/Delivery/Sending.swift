internal import LogFormats
internal import Outbound

/// What came of sending some entries of a log, in their order.
struct SendingResult: Hashable, Sendable {
  /// How many were delivered; the one behind them is what `failure` is about.
  let delivered: Int
  /// Nil: all were.
  let failure: DeliveryOutcome?
  /// Of entries that were delivered before, the first that may have been lost after all: it and
  /// those behind are sent again. Nil: none.
  let resendFrom: UInt64?

  init(delivered: Int, failure: DeliveryOutcome? = nil, resendFrom: UInt64? = nil) {
    self.delivered = delivered
    self.failure = failure
    self.resendFrom = resendFrom
  }
}

/// Sends to one destination. One call at a time.
protocol DeliverySender: Sendable {
  /// Sends records in order until one is not delivered.
  ///
  /// - Parameter isBeside: They are not the next ones of the log: dead letters, or a test. What is
  ///   sent again after a break leaves them out.
  func send(_ records: [EntryRecord], isBeside: Bool) async -> SendingResult
  /// Ends what is open.
  func close() async
}
