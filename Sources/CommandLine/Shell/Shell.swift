internal import Domain

/// Everything around a command that is not the command line: injected, so that tests own it.
struct Shell: Sendable {
  var environment: [String: String]
  /// Writes a line to standard output.
  var print: @Sendable (String) -> Void
  /// Writes a line to standard error.
  var note: @Sendable (String) -> Void
  var isOutputTerminal: Bool
  var isInputTerminal: Bool
  /// Shows a prompt on standard error and reads a line; nil at the end of the input.
  var ask: @Sendable (String) -> String?
  /// All of standard input.
  var readInput: @Sendable () throws(Failure) -> [UInt8]
  var clock: any WallClock
  var zone: LocalTime.Zone
  /// Opens the way to the services.
  var connect: @Sendable (Connection) throws(Failure) -> any Transport

  var now: Timestamp { clock.now() }
  var times: LocalTime { LocalTime(now: now, zone: zone) }
}
