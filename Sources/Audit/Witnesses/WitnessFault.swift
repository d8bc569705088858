internal import ServiceKit

/// Why a witness has not cosigned; completes "… : ".
enum WitnessFault: Error, Hashable {
  /// It could not be reached a moment ago, and is left alone until it may be tried again.
  case resting
  case unreachable(HTTPSFault)
  case refused(status: Int)
  /// What it answers is no cosignature of its own of this checkpoint.
  case badAnswer
  /// It has cosigned a larger tree of the log.
  case ahead(size: UInt64)
  /// Nobody has configured it for this log.
  case unknown
}

extension WitnessFault: CustomStringConvertible {
  var description: String {
    switch self {
    case .resting: "it could not be reached a moment ago"
    case .unreachable(let fault): "it cannot be reached: \(fault)"
    case .refused(let status): "it refuses the checkpoint with status \(status)"
    case .badAnswer: "its answer is no cosignature of this checkpoint"
    case .ahead(let size): "it has cosigned a larger tree, of size \(size)"
    case .unknown: "the provider has not configured it for this log"
    }
  }

  /// For the caller of a token: nothing of addresses.
  var word: String {
    switch self {
    case .resting, .unreachable: "unreachable"
    case .refused: "refuses the checkpoint"
    case .badAnswer: "gives no valid cosignature"
    case .ahead: "has seen a larger log"
    case .unknown: "not configured"
    }
  }
}
