/// How bad it is, as whoever asks for access says it.
public enum Severity: Int32, Hashable, Sendable, CaseIterable {
  case low = 1
  case medium = 2
  case high = 3
  case critical = 4
}
