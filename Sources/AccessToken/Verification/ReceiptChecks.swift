internal import Domain
internal import DomainProto
internal import LockboxProto
internal import MerkleLog
internal import ProtobufC

extension Checklist {
  /// The receipt leads from the token's grant to a checkpoint that the tenant's log signed.
  mutating func receipt(_ claims: AccessTokenClaims, logs: [TenantID: NoteVerifier]) {
    let receipt = claims.receipt
    if let log = logs[claims.grant.tenant] {
      if check(
        .log, identical(log.name.rawValue, receipt.origin), receipt.origin,
        else: "the receipt is of the log \(receipt.origin), not of \(log.name)")
      {
        inclusion(receipt, log)
      }
    } else {
      fail(.log, "no key is known for the log of \(claims.grant.tenant)")
    }
    event(receipt.entry, claims.grant)
  }

  private mutating func inclusion(_ message: CommonV1.Receipt, _ log: NoteVerifier) {
    guard let receipt = Receipt(message) else {
      fail(.inclusion, "a hash of the proof is not 32 bytes long")
      return
    }
    let checkpoint: Checkpoint
    do {
      checkpoint = try receipt.signedCheckpoint(origin: log.name, verifiers: [log])
      pass(.checkpoint, "size \(checkpoint.size), signed by \(log.name)")
    } catch {
      fail(.checkpoint, error.description)
      return
    }
    do {
      try receipt.verify(entry: message.entry, in: checkpoint)
      pass(.inclusion, "entry \(receipt.index) of \(checkpoint.size)")
    } catch {
      fail(.inclusion, error.description)
    }
  }

  private mutating func event(_ entry: [UInt8], _ grant: AccessTokenClaims.Grant) {
    guard let event = try? EventV1.Event(serialized: entry) else {
      fail(.event, "the entry is no event")
      return
    }
    guard case .accessRequestApproved(let approved) = event.payload, let logged = approved.grant
    else {
      fail(.event, "the entry is not the event of an approval")
      return
    }
    pass(.event, "approved, event \(event.eventID)")
    check(
      .tenant,
      identical(event.tenantID, grant.tenant.text) && identical(logged.tenantID, grant.tenant.text),
      grant.tenant.text, else: "the log approved access to \(logged.tenantID)")
    check(
      .request,
      identical(event.requestID, grant.request.description)
        && identical(logged.requestID, grant.request.description),
      grant.request.description, else: "the log approved the request \(logged.requestID)")
    check(
      .grant, identical(logged.grantID, grant.id.description), grant.id.description,
      else: "the log holds the grant \(logged.grantID)")
    check(
      .digest, logged.requestDigest == grant.requestDigest.bytes, grant.requestDigest.description,
      else: "the log approved another content of the request")
    contents(of: logged, grant)
  }

  private mutating func contents(of logged: CommonV1.Grant, _ grant: AccessTokenClaims.Grant) {
    let engineer = Subject(
      issuer: logged.engineer?.issuer ?? "", id: logged.engineer?.id ?? "")
    check(
      .engineer, engineer == grant.engineer, "\(grant.engineer.id) of \(grant.engineer.issuer)",
      else: "the log approved \(engineer.id) of \(engineer.issuer)")
    let resources = logged.scope?.resources ?? []
    let actions = (logged.scope?.actions ?? []).map(\.rawValue)
    check(
      .scope,
      resources.elementsEqual(grant.scope.resources, by: identical)
        && actions == grant.scope.actions.map(\.rawValue),
      "\(resources.count) resources, \(grant.scope.actions.map(\.word).joined(separator: ", "))",
      else: "the log approved another scope: \(resources.joined(separator: ", "))")
    check(
      .times,
      Timestamp(logged.startTime) == grant.start && Timestamp(logged.endTime) == grant.end,
      "as granted", else: "the log granted other times than the token says")
    check(
      .breakGlass, logged.breakGlass == grant.isBreakGlass,
      grant.isBreakGlass ? "break-glass: the customer was told, not asked" : "no",
      else: logged.breakGlass
        ? "the log gave access by break-glass, and the token hides it"
        : "the log approved it, and the token calls it break-glass")
  }
}
