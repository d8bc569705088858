internal import ServiceKit
internal import Web

/// The pages of the portal, put together.
///
/// ## Adding a page
/// 1. A template in `Templates/AREA-THING.mustache`, which begins with `{{<layout}}{{$main}}` and
///    ends with `{{/main}}{{/layout}}`. It shows the view model's fields as `{{page.field}}`, texts
///    as `{{t.area.thing}}`, moments as `{{#page.time}}{{>time}}{{/page.time}}`. No words of its
///    own, no `{{{…}}}`, no inline style or script: tests look.
/// 2. Its texts in `Languages/en/AREA.json` and `Languages/de/AREA.json`, the same keys in both.
/// 3. A view model in `Pages/AREA/`: a plain `Sendable` struct, made of API messages by a pure
///    `init(…, visit)`; all words from `visit.texts`.
/// 4. A route in the area's `func add(to site: inout Site)`, which `PortalPages.add` calls:
///    `site.page("/area/:id", "AreaThing") { visit in … .page(Page("area-thing", …)) }`.
/// 5. Whoever adds a file: `deploy/lib/portal-files`.
///
/// ## Adding a form
/// `<form method="post" action="…">{{>form-token}}…</form>` in the template, and
/// `site.action("/area/:id/do", "AreaDo") { visit, form in … .seeOther("/area/…", notice: "x") }`.
/// The handler runs only for the person's own form: the token and the origin are checked before.
/// Errors of the API may be let through: they become a page that says in one sentence what is wrong
/// and where to go. A form to be shown again with its faults answers `.page` with the status 422.
///
/// ## Live pages
/// `page.isLive = true`, and an `id` and `data-live` on the regions that may change: when the
/// person's requests change the script fetches the page again and puts the new regions in place.
struct Site: Sendable {
  let desk: FrontDesk
  private(set) var routes = WebRoutes()

  init(desk: FrontDesk) {
    self.desk = desk
    routes.fields = SecurityHeaders.fields(host: desk.formGuard.publicURL.host)
    routes.telling = desk.tell
    desk.renderer.assets.add(to: &routes)
  }

  /// Adds a page for people who are signed in; others are sent to sign in, and back.
  ///
  /// - Parameter name: for metrics and logs: a constant in one word.
  mutating func page(
    _ pattern: String, _ name: String, _ handler: @escaping @Sendable (Visit) async throws -> Reply
  ) {
    routes.add(.get, pattern, name: "portal/\(name)", callers: .anybody) { [desk] request in
      await desk.show(request, handler)
    }
  }

  /// Adds what a form of a page does.
  ///
  /// - Parameter bodyBytes: the largest form.
  mutating func action(
    _ pattern: String, _ name: String, bodyBytes: Int = 64 << 10,
    _ handler: @escaping @Sendable (Visit, WebForm) async throws -> Reply
  ) {
    routes.add(
      .post, pattern, name: "portal/\(name)", callers: .anybody, bodyBytes: bodyBytes
    ) { [desk] request in
      await desk.act(request, handler)
    }
  }

  /// Adds a page for anybody; it has no person and no API.
  mutating func openPage(
    _ pattern: String, _ name: String,
    _ handler: @escaping @Sendable (WebRequest) async throws -> WebResponse
  ) {
    routes.add(.get, pattern, name: "portal/\(name)", callers: .anybody) { [desk] request in
      do {
        return try await handler(request)
      } catch {
        return desk.failed(error, Reader(request), nil, method: request.method)
      }
    }
  }

  /// Adds the stream of signals of live pages.
  mutating func live(_ pattern: String, _ name: String, _ hub: LiveHub) {
    routes.addEvents(pattern, name: "portal/\(name)", callers: .anybody) { [desk] request in
      try await desk.live(request, hub)
    }
  }
}
