internal import ServiceKit
internal import Web

/// Makes pages out of templates, texts and view models.
struct Renderer: Sendable {
  let templates: Templates
  let assets: Assets
  private let texts: [Language: Texts]
  /// The entries of the navigation that have pages.
  var areas: [Area] = []

  init() throws {
    templates = try Templates()
    assets = Assets()
    texts = try Language.allCases.reduce(into: [:]) { texts, language in
      texts[language] = try Texts(
        language, files: PortalFiles.below("Languages/\(language.rawValue)"))
    }
  }

  func texts(_ language: Language) -> Texts {
    guard let texts = texts[language] else { preconditionFailure("every language has texts") }
    return texts
  }

  /// - Parameters:
  ///   - visit: nil for a reader who is not signed in.
  ///   - notice: a key below `notice.`, said once.
  func html(_ page: Page, for reader: Reader, _ visit: Visit?, notice: String? = nil) -> WebResponse
  {
    let texts = texts(reader.language)
    let context: [String: any Sendable] = [
      "t": texts.tree, "title": page.title, "page": page.model,
      "form_token": visit?.session.id.formToken ?? "",
      "site": Chrome(page, reader, visit, texts, self, notice: notice),
    ]
    return .html(templates.render(page.template, context), status: page.status)
  }
}

/// What the layout shows around every page.
struct Chrome: Sendable {
  struct Entry: Sendable {
    let path: String
    let text: String
    let isHere: Bool
  }

  let language: String
  let style: String
  let scripts: [String]
  let icon: String
  let isLive: Bool
  let areas: [Entry]
  let isSignedIn: Bool
  let person: String
  let organisation: String
  let notice: String?
  /// To the same page in the other languages.
  let languages: [Entry]

  init(
    _ page: Page, _ reader: Reader, _ visit: Visit?, _ texts: Texts, _ renderer: Renderer,
    notice: String?
  ) {
    language = texts.language.rawValue
    style = renderer.assets.path("portal.css")
    scripts = (["portal.js"] + page.scripts).map { renderer.assets.path($0) }
    icon = renderer.assets.path("lock.svg")
    isLive = page.isLive
    isSignedIn = visit != nil
    person = visit?.personName ?? ""
    organisation = visit?.organisationName ?? ""
    self.notice = notice.flatMap { texts.find("notice.\($0)") }
    let roles = visit?.person.roles ?? []
    areas = renderer.areas.filter { $0.isFor(roles) }.map { area in
      Entry(path: area.path, text: texts("area.\(area.rawValue)"), isHere: area == page.area)
    }
    languages = Language.allCases.map { language in
      Entry(
        path: "/language/\(language.rawValue)?" + FormText.text([WebField("return", reader.here)]),
        text: language.name, isHere: language == texts.language)
    }
  }
}
