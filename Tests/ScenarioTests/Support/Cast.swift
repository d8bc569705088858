internal import Domain
internal import RPC
internal import ServiceKit
internal import TestKit

/// Somebody with a bearer token.
struct Person: Sendable {
  let issuer: TestIssuer
  let name: String
  let groups: [String]
  private let token: String

  init(
    _ name: String, of issuer: TestIssuer, _ roles: [Role], groups: [String] = [],
    at now: Timestamp
  ) {
    self.issuer = issuer
    self.name = name
    self.groups = groups
    // Good for a day around now, since a test may move its clock.
    token = issuer.token(
      subject: name, roles: roles.map(\.rawValue), groups: groups, at: now - .hours(12),
      lifetime: .hours(24))
  }

  /// A call in this person's name that waits for a service that is not up.
  var options: CallOptions {
    CallOptions(
      timeout: .seconds(20), metadata: ["authorization": "Bearer \(token)"], waitForReady: true)
  }

  var subject: Subject { Subject(issuer: issuer.url, id: name) }
}

/// The people of one tenant.
struct Customer: Sendable {
  let tenant: String
  let approver: Person
  let admin: Person
  let auditor: Person

  init(_ tenant: String, _ issuer: TestIssuer, at now: Timestamp) {
    self.tenant = tenant
    approver = Person("anna", of: issuer, [.approver], groups: ["approvers"], at: now)
    admin = Person("adam", of: issuer, [.admin], at: now)
    auditor = Person("audrey", of: issuer, [.auditor], at: now)
  }
}

/// Everybody in the story.
struct Cast: Sendable {
  let provider: TestIssuer
  let customers: [String: Customer]
  let engineer: Person
  let otherEngineer: Person
  /// Engineer and manager in one.
  let both: Person
  /// May all approve at a provider's stage.
  let managers: [Person]
  let `operator`: Person

  init(provider: TestIssuer, customers: [String: TestIssuer], at now: Timestamp) {
    self.provider = provider
    self.customers = customers.reduce(into: [:]) { customers, entry in
      customers[entry.key] = Customer(entry.key, entry.value, at: now)
    }
    engineer = Person("emma", of: provider, [.engineer], at: now)
    otherEngineer = Person("eric", of: provider, [.engineer], at: now)
    both = Person("bo", of: provider, [.engineer, .manager], groups: ["managers"], at: now)
    managers = ["mia", "max", "moe"].map {
      Person($0, of: provider, [.manager], groups: ["managers"], at: now)
    }
    self.operator = Person("olga", of: provider, [.operator], at: now)
  }

  func customer(_ tenant: String) -> Customer {
    guard let customer = customers[tenant] else { preconditionFailure("nobody of \(tenant)") }
    return customer
  }
}
