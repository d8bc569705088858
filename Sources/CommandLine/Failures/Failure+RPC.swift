internal import RPC
internal import Words

extension Failure {
  /// What a service answered, in a sentence of ours: reasons first, then the status.
  init(_ error: RPCError, from server: Server, _ configuration: Configuration) {
    if !error.fieldViolations.isEmpty {
      self.init(
        .data, "The request was refused; correct this and try again:",
        details: error.fieldViolations.map {
          Printable.line("\(OptionNames.naming($0.field)): \($0.description)")
        })
    } else if let reason = error.reason.flatMap(Reason.init(rawValue:)) {
      self.init(
        reason.status, reason.sentence(state: error.state),
        details: reason == .cosignaturesMissing ? [Printable.line(error.message)] : [])
    } else {
      let (status, sentence) = Self.of(error, server, configuration)
      self.init(status, sentence)
    }
  }

  private static func of(
    _ error: RPCError, _ server: Server, _ configuration: Configuration
  ) -> (CommandStatus, String) {
    let words = Printable.line(error.message)
    let place =
      configuration.endpoints[server].map { "\(server) at \($0.authority)" } ?? "\(server)"
    switch error.code {
    case .unavailable:
      return (
        .unavailable,
        """
        \(sentence(words, "\(server) cannot be reached")) Its address is endpoints.\(server) in \
        \(configuration.file).
        """
      )
    case .deadlineExceeded:
      return (
        .temporary,
        "\(place) did not answer in time; a change may have been made all the same. "
          + "Try again, or give a longer --timeout."
      )
    case .unauthenticated:
      return (
        .permission,
        "\(place) does not accept your token: it may have expired. Get a new one and try again."
      )
    case .permissionDenied:
      return (
        .permission,
        """
        You may not do this: it needs another role, another tenant's people, or somebody else \
        than the requester.
        """
      )
    case .notFound:
      let words = sentence(words, "No such thing").dropLast()
      return (.refused, "\(words): it does not exist, or it is not yours to see.")
    case .alreadyExists, .failedPrecondition, .outOfRange:
      return (.refused, sentence(words, "The server refused"))
    case .invalidArgument: return (.data, sentence(words, "The request is not valid"))
    case .resourceExhausted, .aborted, .cancelled:
      return (.temporary, "\(sentence(words, "Not now")) \(wait(error))")
    case .unimplemented:
      return (.software, "\(place) does not know this command; it may be of another version.")
    case .unknown, .internal, .dataLoss, .ok:
      return (.software, "\(place) failed: \(words). Its log says more.")
    }
  }

  private static func wait(_ error: RPCError) -> String {
    guard let delay = error.retryDelay else { return "Try again later." }
    return "Try again in \(TimeSpan(delay))."
  }

  /// The server's words as a sentence.
  private static func sentence(_ words: String, _ otherwise: String) -> String {
    let words = words.isEmpty ? otherwise : words
    return words.prefix(1).uppercased() + words.dropFirst()
      + (words.hasSuffix(".") || words.hasSuffix("?") ? "" : ".")
  }
}

extension RPCError {
  /// The state that stood in the way, as the server tells it with a reason.
  fileprivate var state: String? {
    for case .errorInfo(_, _, let metadata) in details {
      return metadata["state"].map { word in
        Printable.line(word.lowercased().replacing("_", with: " "))
      } ?? metadata["version"].map { Printable.line("version \($0)") }
    }
    return nil
  }
}
