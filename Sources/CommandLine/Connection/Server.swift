internal import ArgumentParser

/// The services that people talk to.
enum Server: String, Sendable, Hashable, CaseIterable, ExpressibleByArgument {
  case intake, approvals, expiry, audit
}
