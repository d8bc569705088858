internal import Web

/// What a page handler answers with: a template, its view model, and a title.
struct Page: Sendable {
  /// Of `Sources/Portal/Templates`, without the ending.
  var template: String
  /// Already in the reader's language.
  var title: String
  /// Which entry of the navigation is the present one.
  var area: Area?
  /// What the template finds under `page`: a plain struct of texts, flags and lists.
  var model: any Sendable
  var status = 200
  /// Whether regions with `data-live` are kept up to date without loading anew.
  var isLive = false
  /// Besides those of every page, such as a cookie.
  var fields: [WebField] = []
  /// More assets than `portal.js`, such as `passkey.js`.
  var scripts: [String] = []

  init(_ template: String, title: String, area: Area? = nil, _ model: any Sendable) {
    self.template = template
    self.title = title
    self.area = area
    self.model = model
  }
}

/// What a handler answers.
enum Reply: Sendable {
  case page(Page)
  /// After a POST: on to a page of ours, which says something once.
  ///
  /// - `notice`: a key of the languages below `notice.`, without that word.
  case seeOther(String, notice: String? = nil)
  /// A page for somebody who has just been signed out.
  case farewell(Page)
  /// A download.
  case file(type: String, name: String, bytes: [UInt8])
}
