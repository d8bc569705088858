/// Whether real people depend on this: production refuses what only a developer may do.
public enum Environment: String, Sendable, Hashable, CaseIterable {
  case production
  case development
}
