internal import Web

/// All pages, area by area.
enum PortalPages {
  static func add(to site: inout Site, live hub: LiveHub) {
    StartPages.add(to: &site)
    SignInPages(desk: site.desk).add(to: &site)
    site.live("/live", "Live", hub)
    RequestsPages.add(to: &site)
  }
}
