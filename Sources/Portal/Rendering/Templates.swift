internal import Mustache
internal import Words

/// The templates of `Sources/Portal/Templates`, parsed once.
///
/// Whatever a template shows with `{{…}}` is made harmless: markup is text, and control and
/// bidirectional characters are seen. There is no template with `{{{…}}}`, which a test sees to.
struct Templates: Sendable {
  private let library: MustacheLibrary

  init(_ files: [String: [UInt8]] = PortalFiles.below("Templates")) throws {
    MustacheContentTypes.register(PageText(), named: "PAGE")
    var library = MustacheLibrary()
    for (name, bytes) in files {
      guard name.hasSuffix(".mustache") else { continue }
      // Partials would begin with Mustache's own type, which hides bidirectional characters.
      let text = "{{% CONTENT_TYPE:PAGE}}\n" + String(decoding: bytes, as: UTF8.self)
      try library.register(text, named: String(name.dropLast(".mustache".count)))
    }
    self.library = library
  }

  /// - Precondition: there is such a template.
  func render(_ name: String, _ context: [String: any Sendable]) -> String {
    let root = ViewNode(context.compactMapValues { ViewNode.of($0) })
    guard let text = library.render(root, withTemplate: name) else {
      preconditionFailure("there is no template \(name)")
    }
    return text
  }
}

private struct PageText: MustacheContentType {
  func escapeText(_ text: String) -> String { HTMLText.line(text) }
}
