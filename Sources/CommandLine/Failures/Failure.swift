/// Why a command failed, in words for whoever typed it.
struct Failure: Error, Hashable {
  let status: CommandStatus
  /// One clear sentence: what is wrong, and the way out.
  let sentence: String
  /// What belongs to it, one thing a line: every violation of a request or a file.
  let details: [String]

  init(_ status: CommandStatus, _ sentence: String, details: [String] = []) {
    self.status = status
    self.sentence = sentence
    self.details = details
  }

  static func configuration(_ sentence: String, details: [String] = []) -> Failure {
    Failure(.configuration, sentence, details: details)
  }
}
