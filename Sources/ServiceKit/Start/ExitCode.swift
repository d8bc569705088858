/// What a service's exit status tells a script or a supervisor (sysexits.h, where it has a number).
public enum ExitCode: Int32, Sendable, CaseIterable {
  /// Drained after SIGTERM or SIGINT, or `--check` found nothing wrong.
  case success = 0
  /// The command line is wrong.
  case usage = 64
  /// An address is in use or cannot be bound.
  case unavailable = 69
  /// A fault of ours.
  case software = 70
  /// A file or a disk failed: nothing more is acknowledged after it.
  case inputOutput = 74
  /// A configuration file, a key, a certificate or an issuer is wrong.
  case configuration = 78
}
