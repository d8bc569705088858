public import ArgumentParser

/// The services that people talk to.
public enum Server: String, Sendable, Hashable, CaseIterable, ExpressibleByArgument {
  case intake, approvals, expiry, audit, export, notify
}
