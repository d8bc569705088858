internal import Domain
internal import ServiceKit
internal import Web

/// The way in, the choice of a language, and a sign of life.
enum StartPages {
  static func add(to site: inout Site) {
    site.page("/", "Home") { visit in
      guard let area = Area.first(for: visit.person.roles) else {
        return .page(
          Page("nothing", title: visit.texts("nothing.title"), [String: String]()))
      }
      return .seeOther(area.path)
    }
    site.openPage("/language/:code", "Language") { request in
      guard let language = Language(rawValue: request.parameters["code"] ?? "") else {
        throw Failure.notFound
      }
      let returnTo = request.query("return").flatMap { OwnPath($0) } ?? .home
      var response = WebResponse.seeOther(returnTo.text)
      response.fields.append(
        Reader.languageCookie.set(language.rawValue, for: .hours(365 * 24)))
      return response
    }
    site.openPage("/health", "Health") { _ in .text("ok\n") }
  }
}
