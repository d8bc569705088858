/// A language of the pages; its texts lie in `Languages/<code>/*.json`.
enum Language: String, Sendable, Hashable, CaseIterable {
  case english = "en"
  case german = "de"

  /// As its own speakers call it.
  var name: String {
    switch self {
    case .english: "English"
    case .german: "Deutsch"
    }
  }

  /// The best of ours for a reader (RFC 9110 §12.5.4), English where none fits.
  init(acceptLanguage field: String?) {
    var best = (language: Self.english, weight: 0.0)
    for part in (field ?? "").prefix(1_024).split(separator: ",") {
      let words = part.split(separator: ";")
      guard let tag = words.first?.filter({ $0 != " " }).lowercased(),
        let language = Self(rawValue: String(tag.prefix { $0 != "-" }))
      else { continue }
      let quality = words.dropFirst().map { $0.filter { $0 != " " } }
        .first { $0.hasPrefix("q=") }.flatMap { Double($0.dropFirst(2)) }
      let weight = quality ?? 1
      if weight > best.weight { best = (language, weight) }
    }
    self = best.language
  }
}
