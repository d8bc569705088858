internal import ArgumentParser
internal import Domain
internal import DomainProto
internal import LockboxProto
internal import SignedStatement
internal import Words

struct KeyRegisterCommand: RemoteCommand {
  static let configuration = CommandConfiguration(
    commandName: "register",
    abstract: "Register your key with your tenant (approvers, admins).",
    discussion: """
      EXAMPLES
        lockboxctl key register --file ~/.config/lockbox/decisions.key --label laptop
      """)

  @Option(help: "What key generate made; else signing_key of the configuration.")
  var file: String?
  @Option(help: "For people to tell keys apart.") var label = ""
  @Option(help: "Your tenant.") var tenant: TenantID
  @OptionGroup var options: GlobalOptions

  func run(_ session: Session) async throws {
    guard let file = file ?? session.configuration.signingKey else {
      throw Failure(.usage, "Which key? Give --file, or signing_key in the configuration.")
    }
    let key = try ApproverSigningKey(file: file)
    let owner = try session.subject()
    let now = session.shell.now
    let signature = try key.sign(at: now) {
      try Statement.key(key.publicKey.id, of: owner, in: tenant, at: now)
    }
    let response = try await session.call(
      ApprovalsV1.ApproverKeyService.registerApproverKey,
      .init(publicKey: key.publicKey.der, label: label, signature: signature), at: .approvals)
    try session.printer.result(response) {
      [(response.key ?? .init()).line(session.shell.times)]
    }
  }
}

struct KeyListCommand: RemoteCommand {
  static let configuration = CommandConfiguration(
    commandName: "list", abstract: "List your tenant's keys, revoked ones too.",
    discussion: """
      EXAMPLES
        lockboxctl key list --output json | jq .keys
      """)

  @OptionGroup var options: GlobalOptions

  func run(_ session: Session) async throws {
    let response = try await session.call(
      ApprovalsV1.ApproverKeyService.listApproverKeys, .init(), at: .approvals)
    try session.printer.table(response, empty: "No keys.") {
      var table = Table("KEY", "OWNER", "LABEL", "COUNTS")
      for key in response.keys {
        table.add(
          Styled(hexadecimal(key.keyID)), Styled(key.approver?.short ?? ""), Styled(key.label),
          key.counts(session.shell.times))
      }
      return table
    }
  }
}

struct KeyConfirmCommand: RemoteCommand {
  static let configuration = CommandConfiguration(
    commandName: "confirm",
    abstract: "Let somebody else's new key count from now on (admins).",
    discussion: """
      Ask its owner for the key's id by another way than the one it came by.

      EXAMPLES
        lockboxctl key confirm "$key"
      """)

  @Argument(help: "The key's id, 64 hexadecimal digits.") var key: KeyArgument
  @OptionGroup var options: GlobalOptions

  func run(_ session: Session) async throws {
    let response = try await session.call(
      ApprovalsV1.ApproverKeyService.confirmApproverKey, .init(keyID: key.id.bytes),
      at: .approvals)
    try session.printer.result(response) {
      [(response.key ?? .init()).line(session.shell.times)]
    }
  }
}

struct KeyRevokeCommand: RemoteCommand {
  static let configuration = CommandConfiguration(
    commandName: "revoke", abstract: "End a key for ever (its owner, or an admin).",
    discussion: """
      Decisions that it signed before stand.

      EXAMPLES
        lockboxctl key revoke "$key"
      """)

  @Argument(help: "The key's id, 64 hexadecimal digits.") var key: KeyArgument
  @OptionGroup var options: GlobalOptions

  func run(_ session: Session) async throws {
    let response = try await session.call(
      ApprovalsV1.ApproverKeyService.revokeApproverKey, .init(keyID: key.id.bytes), at: .approvals)
    try session.printer.result(response) {
      [(response.key ?? .init()).line(session.shell.times)]
    }
  }
}

extension CommonV1.ApproverKey {
  fileprivate func line(_ times: LocalTime) -> String {
    "\(hexadecimal(keyID))  \(counts(times).text)"
  }

  /// From when on its signatures count, or since when no more.
  fileprivate func counts(_ times: LocalTime) -> Styled {
    if revokeTime != nil { return Styled("revoked \(times.full(revokeTime).text)", .bad) }
    let isUsable = Timestamp(usableTime).map { $0 <= times.now } ?? false
    return isUsable
      ? Styled("counts since \(times.full(usableTime).text)", .good)
      : Styled("counts from \(times.full(usableTime).text)", .waiting)
  }
}
