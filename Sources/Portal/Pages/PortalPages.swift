internal import ServiceKit
internal import SignedStatement
internal import Web

/// All pages, area by area.
enum PortalPages {
  static func add(to site: inout Site, live hub: LiveHub, logKeys: LogKeys) {
    StartPages.add(to: &site)
    SignInPages(desk: site.desk).add(to: &site)
    site.live("/live", "Live", hub)
    RequestsPages.add(to: &site)
    let url = site.desk.formGuard.publicURL
    let relyingParty = WebAuthnRelyingParty(id: url.host, origins: [url.description])
    DecisionPages(relyingParty: relyingParty).add(to: &site)
    RequestPages.add(to: &site)
    AccessPages.add(to: &site)
    AskingPages.add(to: &site)
    OwnPages.add(to: &site)
    PasskeyPages(relyingParty: relyingParty).add(to: &site)
    HistoryPages.add(to: &site, logKeys)
    SettingsPages.add(to: &site)
    KeyPages.add(to: &site)
    OutletPages<ChannelService>().add(to: &site)
    OutletPages<DestinationService>().add(to: &site)
  }
}
