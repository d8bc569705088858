/// What `lockboxctl` tells a script (sysexits.h where it has a number).
public enum CommandStatus: Int32, Sendable, Hashable, CaseIterable {
  case success = 0
  /// The server refused, or what was asked does not hold: denied, expired, verification failed.
  case refused = 1
  /// The files would change something (`policy diff`).
  case changes = 2
  /// What was begun could not be finished (`audit fsck`).
  case incomplete = 3
  /// The command line is wrong.
  case usage = 64
  /// What was given is wrong: a field, a file's content.
  case data = 65
  /// A service cannot be reached.
  case unavailable = 69
  /// A fault of ours or of the server.
  case software = 70
  /// A local file cannot be written.
  case inputOutput = 74
  /// Not now: too much, too slow, or the audit log is behind.
  case temporary = 75
  /// Not signed in, or not allowed.
  case permission = 77
  /// The configuration, or a key or certificate that it names, is wrong.
  case configuration = 78

  var meaning: String {
    switch self {
    case .success: "ok"
    case .refused:
      "refused, or it does not hold (denied, expired, not verified)"
    case .changes: "the files would change something (policy diff)"
    case .incomplete: "the check could not be finished (audit fsck)"
    case .usage: "the command line is wrong"
    case .data: "a field or an input file is wrong"
    case .unavailable: "a service cannot be reached"
    case .software: "a fault of lockboxctl or of the server"
    case .inputOutput: "a file cannot be written"
    case .temporary: "not now; try again later"
    case .permission: "not signed in, or not allowed"
    case .configuration: "the configuration is wrong"
    }
  }
}
