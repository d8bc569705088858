/// Why a service does not start: exactly one sentence for whoever started it, naming the field and
/// the way out.
public struct StartError: Error, Hashable, Sendable, CustomStringConvertible {
  public let exitCode: ExitCode
  public let sentence: String

  public init(_ exitCode: ExitCode, _ sentence: String) {
    self.exitCode = exitCode
    self.sentence = sentence
  }

  public static func configuration(_ sentence: String) -> StartError {
    StartError(.configuration, sentence)
  }

  public var description: String { sentence }
}
