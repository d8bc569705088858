internal import CommandLine
internal import Web
internal import Words

/// The page that asks who one would like to be.
enum SignInPage {
  static let stylesheetPath = "/sign-in.css"

  static let stylesheet = """
    :root { color-scheme: light dark; font: 1rem/1.5 system-ui, sans-serif; }
    body { max-width: 34rem; margin: 2rem auto; padding: 0 1rem; }
    ul { list-style: none; padding: 0; }
    button { width: 100%; margin: .25rem 0; padding: .75rem 1rem; text-align: start; font: inherit;
      border: 1px solid GrayText; border-radius: .5rem; background: Field; color: FieldText;
      cursor: pointer; }
    button:hover { border-color: currentColor; }
    button:focus-visible { outline: 3px solid Highlight; outline-offset: 2px; }
    strong, small { display: block; }

    """

  static func response(
    _ request: SignInRequest, at issuer: String, _ people: [DevelopmentIssuers.Person]
  ) -> WebResponse {
    let fields = request.fields.map { field in
      """
      <input type="hidden" name="\(HTMLText.line(field.name))" value="\(HTMLText.line(field.value))">
      """
    }
    let buttons = people.enumerated().map { index, person in
      """
      <li><button name="person" value="\(HTMLText.line(person.name))"\(index == 0 ? " autofocus" : "")>\
      <strong>\(HTMLText.line(person.displayName))</strong> \
      <small>\(HTMLText.line(about(person)))</small></button></li>
      """
    }
    let body =
      people.isEmpty
      ? "<p>people.yaml names nobody of this issuer.</p>"
      : """
      <form method="post" action="authorize">
      \(fields.joined(separator: "\n"))
      <ul>
      \(buttons.joined(separator: "\n"))
      </ul>
      </form>
      """
    return page(
      "Sign in at \(issuer)", body, status: 200, formAction: "'self' \(request.redirect.origin)")
  }

  /// For a request that goes nowhere.
  static func refusal(_ sentence: String) -> WebResponse {
    page(
      "This sign-in cannot go on", "<p>\(HTMLText.line(sentence)).</p>", status: 400,
      formAction: "'none'")
  }

  private static func about(_ person: DevelopmentIssuers.Person) -> String {
    var words = person.roles.joined(separator: ", ")
    if !person.groups.isEmpty { words += "; of \(person.groups.joined(separator: ", "))" }
    return words
  }

  private static func page(
    _ title: String, _ body: String, status: Int, formAction: String
  ) -> WebResponse {
    let text = """
      <!doctype html>
      <html lang="en">
      <head>
      <meta charset="utf-8">
      <meta name="viewport" content="width=device-width">
      <title>\(HTMLText.line(title))</title>
      <link rel="stylesheet" href="\(stylesheetPath)">
      <link rel="icon" href="data:,">
      </head>
      <body>
      <main>
      <h1>\(HTMLText.line(title))</h1>
      <p>For development only: everybody can be anybody here.</p>
      \(body)
      </main>
      </body>
      </html>

      """
    // Browsers hold redirects that follow a form against `form-action` too.
    let policy = """
      default-src 'none'; style-src 'self'; img-src data:; form-action \(formAction); \
      frame-ancestors 'none'; base-uri 'none'
      """
    return WebResponse(
      status, type: "text/html; charset=utf-8", body: Array(text.utf8),
      fields: [
        WebField("content-security-policy", policy), WebField("referrer-policy", "no-referrer"),
      ])
  }
}
