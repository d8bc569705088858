/// Why a customer's address could not be told.
enum WebhookFault: Error, Hashable, Sendable {
  /// The name has no address.
  case unknownHost
  /// Its address is not one of the public internet's.
  case privateAddress
  /// No connection, or none that proves to be the name's; what the network said.
  case connection(String)
  /// No whole answer in time.
  case timedOut
  /// The answer's status is not 200.
  case status(Int)

  /// For the customer: it says nothing of our network.
  var sentence: String {
    switch self {
    case .unknownHost: "The host name has no address."
    case .privateAddress: "The host has no public address."
    case .connection: "No trusted connection could be made."
    case .timedOut: "There was no answer in time."
    case .status(let code): "The answer has the status \(code), not 200."
    }
  }
}

extension WebhookFault: CustomStringConvertible {
  /// For our own log.
  var description: String {
    switch self {
    case .connection(let reason): "no trusted connection could be made: \(reason)"
    case .unknownHost, .privateAddress, .timedOut, .status: sentence
    }
  }
}
