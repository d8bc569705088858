internal import Domain
internal import LockboxProto
internal import RPC
internal import ServiceKit
internal import Web
internal import Words

/// Asking for access, and what one has asked for.
enum AskingPages {
  private typealias Service = IntakeV1.IntakeService

  static func add(to site: inout Site) {
    site.page("/ask", "Ask") { try await begin($0) }
    site.action("/ask", "AskDo") { try await send($0, $1) }
    // The same rules as without a script: it asks for them while somebody types.
    site.action("/ask/hints", "AskHints") { visit, form in
      .hints(HintsView(Asking(form).hints, visit.texts), visit.texts)
    }
  }

  private static func begin(_ visit: Visit) async throws -> Reply {
    guard visit.person.has(.engineer) else { throw RPCError.denied }
    var generator = SystemRandomNumberGenerator()
    let key = UUIDv7(at: visit.now, using: &generator).description
    guard let grant = visit.request.query("grant") else {
      return page(AskingPage(Asking(key: key), visit.reading), visit)
    }
    guard let id = GrantID(grant) else { throw Failure.notFound }
    let answer = try await visit.api.call(
      ApprovalsV1.GrantService.getGrant, .init(grantID: id.description))
    let continued = answer.grant?.grant ?? .init()
    let record = try await visit.record(of: continued.requestID)
    let asking = Asking(key: key, continuing: continued, of: record.accessRequest)
    return page(AskingPage(asking, visit.reading), visit)
  }

  private static func page(_ model: AskingPage, _ visit: Visit, status: Int = 200) -> Reply {
    var page = Page(
      "ask", title: visit.texts(model.isExtension ? "ask.extend_title" : "ask.title"),
      area: .own, model)
    page.status = status
    page.scripts = ["ask.js"]
    return .page(page)
  }

  private static func send(_ visit: Visit, _ form: WebForm) async throws -> Reply {
    let asking = Asking(form)
    guard form.text("step") != "check" else {
      return page(AskingPage(asking, showsHints: true, visit.reading), visit)
    }
    // What is warned of is asked about once; nobody can take it out of the log again.
    let isWarned = asking.hints.contains(where: \.isWarning)
    if isWarned, form.text("meant") != "1" {
      return page(
        AskingPage(asking, showsHints: true, asksAgain: true, visit.reading), visit, status: 422)
    }
    do throws(RPCError) {
      let answer = try await visit.api.call(Service.submitAccessRequest, asking.message)
      let id = answer.accessRequest?.accessRequest?.requestID ?? ""
      return .seeOther("/requests/\(id)", notice: "request_sent")
    } catch {
      guard error.fieldViolations.isEmpty else {
        let model = AskingPage(
          asking, violations: error.fieldViolations, showsHints: true, asksAgain: isWarned,
          visit.reading)
        return page(model, visit, status: 422)
      }
      return try await visit.refused(error, on: "")
    }
  }
}

extension Reply {
  /// The hints, for the script.
  fileprivate static func hints(_ view: HintsView, _ texts: Texts) -> Reply {
    let all = view.all.map { hint in
      JSONText.object([
        ("text", JSONText.string(hint.text)), ("warning", hint.isWarning ? "true" : "false"),
      ])
    }
    return .json([
      ("title", JSONText.string(texts("hints.title"))), ("hints", JSONText.array(all)),
    ])
  }
}
