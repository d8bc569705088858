internal import Domain
internal import ServiceKit
internal import Web
internal import Words

/// What was caught, on pages. A mail's HTML is shown in a frame that may do nothing.
struct MailPages: Sendable {
  let mails: CaughtMails

  static let stylesheetPath = "/mail.css"

  var routes: WebRoutes {
    var routes = WebRoutes()
    routes.add(
      .get, Self.stylesheetPath, name: "mail/GetStylesheet", callers: .anybody
    ) { _ in
      WebResponse(type: "text/css; charset=utf-8", body: Array(Self.stylesheet.utf8))
    }
    routes.add(.get, "/", name: "mail/ListMails", callers: .anybody) { _ in list() }
    routes.add(.get, "/mails.json", name: "mail/ListMails", callers: .anybody) {
      .json(json(to: $0.query("to")))
    }
    routes.add(.get, "/mails/:number", name: "mail/GetMail", callers: .anybody) {
      show(try mail($0))
    }
    routes.add(.get, "/mails/:number/html", name: "mail/GetMail", callers: .anybody) {
      try html(try mail($0))
    }
    routes.add(.get, "/mails/:number/source", name: "mail/GetMail", callers: .anybody) {
      WebResponse(type: "text/plain; charset=utf-8", body: try mail($0).content)
    }
    return routes
  }

  private func mail(_ request: WebRequest) throws -> CaughtMail {
    guard let number = request.parameters["number"].flatMap({ Int($0) }), let mail = mails[number]
    else { throw WebError.notFound }
    return mail
  }

  // MARK: Pages

  private func list() -> WebResponse {
    let rows = mails.all.map { mail in
      let entity = MimeEntity(mail.content)
      let subject = entity["subject"].flatMap { $0.isEmpty ? nil : $0 } ?? "(none)"
      return """
        <tr><td><time>\(mail.received)</time></td>\
        <td>\(HTMLText.line(mail.recipients.joined(separator: ", ")))</td>\
        <td><a href="/mails/\(mail.number)">\(HTMLText.line(subject))</a></td></tr>
        """
    }
    let table = """
      <table>
      <thead><tr><th>Received</th><th>To</th><th>Subject</th></tr></thead>
      <tbody>
      \(rows.joined(separator: "\n"))
      </tbody>
      </table>
      """
    return page("Mails", rows.isEmpty ? "<p>No mail has come yet.</p>" : table)
  }

  private func show(_ mail: CaughtMail) -> WebResponse {
    let entity = MimeEntity(mail.content)
    let fields = entity.fields.map { field in
      "<tr><th>\(HTMLText.line(field.name))</th><td>\(HTMLText.line(field.value))</td></tr>"
    }
    let text = entity.text("text/plain") ?? ""
    var body = """
      <p><a href="/">All mails</a> · <a href="/mails/\(mail.number)/source">Source</a></p>
      <table><tbody>
      \(fields.joined(separator: "\n"))
      </tbody></table>
      <h2>As text</h2>
      <p class="text">\(HTMLText.lines(text))</p>
      \(links(text))
      """
    if entity.text("text/html") != nil {
      body += """

        <h2>As HTML</h2>
        <iframe sandbox="" title="The mail as HTML" src="/mails/\(mail.number)/html"></iframe>
        """
    }
    return page(entity["subject"] ?? "Mail", body)
  }

  /// The frame cannot follow links, so that those of the text stand below it.
  private func links(_ text: String) -> String {
    let found = text.split { $0.isWhitespace || "<>\"".contains($0) }
      .filter { $0.hasPrefix("https://") }
      .map {
        "<li><a rel=\"noreferrer\" href=\"\(HTMLText.line(String($0)))\">"
          + "\(HTMLText.line(String($0)))</a></li>"
      }
    return found.isEmpty ? "" : "<ul>\n\(found.joined(separator: "\n"))\n</ul>"
  }

  private func html(_ mail: CaughtMail) throws -> WebResponse {
    guard let html = MimeEntity(mail.content).text("text/html") else { throw WebError.notFound }
    // Mails bring their styles with them; there is nothing else they may do.
    let policy = """
      sandbox; default-src 'none'; style-src 'unsafe-inline'; img-src data:; form-action 'none'; \
      frame-ancestors 'self'; base-uri 'none'
      """
    return WebResponse(
      type: "text/html; charset=utf-8", body: Array(html.utf8),
      fields: [WebField("content-security-policy", policy)])
  }

  private func page(_ title: String, _ body: String) -> WebResponse {
    let text = """
      <!doctype html>
      <html lang="en">
      <head>
      <meta charset="utf-8">
      <meta name="viewport" content="width=device-width">
      <title>\(HTMLText.line(title))</title>
      <link rel="stylesheet" href="\(Self.stylesheetPath)">
      <link rel="icon" href="data:,">
      </head>
      <body>
      <main>
      <h1>\(HTMLText.line(title))</h1>
      \(body)
      </main>
      </body>
      </html>

      """
    let policy = """
      default-src 'none'; style-src 'self'; img-src data:; frame-src 'self'; form-action 'none'; \
      frame-ancestors 'none'; base-uri 'none'
      """
    return WebResponse(
      type: "text/html; charset=utf-8", body: Array(text.utf8),
      fields: [
        WebField("content-security-policy", policy), WebField("referrer-policy", "no-referrer"),
      ])
  }

  static let stylesheet = """
    :root { color-scheme: light dark; font: 1rem/1.5 system-ui, sans-serif; }
    body { max-width: 60rem; margin: 2rem auto; padding: 0 1rem; }
    table { width: 100%; border-collapse: collapse; }
    th, td { text-align: start; vertical-align: top; padding: .25rem .5rem;
      border-bottom: 1px solid GrayText; overflow-wrap: anywhere; }
    .text { white-space: pre-wrap; font-family: ui-monospace, monospace; }
    iframe { width: 100%; height: 40rem; border: 1px solid GrayText; background: white; }

    """

  // MARK: For programs

  /// Newest first.
  ///
  /// - Parameter recipient: nil: everybody's.
  func json(to recipient: String?) -> String {
    let found = mails.all.filter { mail in
      recipient.map { mail.recipients.contains($0) } ?? true
    }
    return JSONText.array(
      found.map { mail in
        let entity = MimeEntity(mail.content)
        func optional(_ text: String?) -> String { text.map(JSONText.string) ?? "null" }
        return JSONText.object([
          ("number", "\(mail.number)"), ("received", JSONText.string("\(mail.received)")),
          ("sender", JSONText.string(mail.sender)),
          ("recipients", JSONText.array(mail.recipients.map(JSONText.string))),
          ("subject", optional(entity["subject"])),
          ("message_id", optional(entity["message-id"])),
          ("text", optional(entity.text("text/plain"))),
          ("html", optional(entity.text("text/html"))),
        ])
      })
  }
}
