internal import Domain
internal import Files
internal import Glibc

/// Everything around a command that is not the command line: injected, so that tests own it.
struct Surroundings: Sendable {
  /// Writes a line to standard output.
  var print: @Sendable (String) -> Void
  /// Writes a line to standard error.
  var note: @Sendable (String) -> Void
  var now: @Sendable () -> Timestamp

  /// This process.
  static let system = Surroundings(
    print: { Swift.print($0) },
    note: { text in
      let bytes = Array("\(text)\n".utf8)
      _ = write(STDERR_FILENO, bytes, bytes.count)
    },
    now: { Timestamp(nanoseconds: TimeOfDay.nanoseconds) })
}
