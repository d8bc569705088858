internal import Domain
internal import LockboxProto
internal import Words

/// One person's decision: shown, confirmed, sent with the digest and the stage that were shown.
struct Deciding {
  let session: Session
  let verdict: CommonV1.Verdict
  let comment: String
  var narrowing: NarrowingOptions?

  func decide(_ options: DecisionOptions) async throws {
    let response = try await session.call(
      ApprovalsV1.ApprovalsService.getAccessRequest,
      .init(requestID: options.request.description), at: .approvals)
    let seen = response.accessRequest ?? .init()
    let terms = narrowing?.terms(within: seen.terms)
    if !options.yes { try confirm(seen, terms) }
    let signature = try sign(options, seen, terms)
    let decided = try await session.call(
      ApprovalsV1.ApprovalsService.decideAccessRequest,
      .init(
        requestID: options.request.description, verdict: verdict, comment: comment,
        requestDigest: seen.requestDigest, stage: seen.openStage, terms: terms,
        signature: signature, onBehalfOf: options.onBehalfOf ?? ""), at: .approvals)
    let record = decided.accessRequest ?? .init()
    try session.printer.result(decided) {
      [Request.record(record).line(session.printer.style, session.shell.times)]
    }
  }

  private func sign(
    _ options: DecisionOptions, _ seen: ApprovalsV1.AccessRequestRecord, _ terms: CommonV1.Terms?
  ) throws(Failure) -> CommonV1.StatementSignature? {
    guard let file = options.key ?? session.configuration.signingKey,
      let verdict = Verdict(rawValue: verdict.rawValue)
    else { return nil }
    return try ApproverSigningKey(file: file).sign(
      verdict, on: seen, by: try session.subject(), onBehalfOf: options.onBehalfOf,
      comment: comment, terms: terms, at: session.shell.now)
  }

  private func confirm(
    _ record: ApprovalsV1.AccessRequestRecord, _ terms: CommonV1.Terms?
  ) throws(Failure) {
    let word = verdict.words.text
    let shell = session.shell
    guard shell.isInputTerminal else {
      throw Failure(
        .usage, "There is no terminal to confirm on: look at the request, then pass --yes.")
    }
    Request.record(record).page(shell.times).lines(session.printer.style).forEach(shell.note)
    guard record.state.isPending else {
      throw Failure(.refused, "The request is \(record.state.words.text): nothing waits for you.")
    }
    if let terms {
      var page = Page()
      page.heading("You would approve only")
      page.add(terms, shell.times)
      page.lines(session.printer.style).forEach(shell.note)
    }
    guard shell.ask("\nType \(word) to \(word) this request, anything else to leave: ") == word
    else { throw Failure(.refused, "Nothing was decided.") }
  }
}
