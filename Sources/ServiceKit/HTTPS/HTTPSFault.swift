/// Why a document cannot be had; completes "… cannot be fetched: ".
public enum HTTPSFault: Error, Hashable, Sendable {
  case connection(String)
  case status(Int)
  case tooLarge(limit: Int)
  case truncated
  case timedOut(Duration)
}

extension HTTPSFault: CustomStringConvertible {
  public var description: String {
    switch self {
    case .connection(let reason): reason
    // A redirection too: where keys come from is said by the configuration, not by whoever answers.
    case .status(let code): "the answer has the status \(code), not 200"
    case .tooLarge(let limit): "the answer is larger than \(limit) bytes"
    case .truncated: "the connection ended within the answer"
    case .timedOut(let limit): "there was no whole answer within \(limit)"
    }
  }
}
