internal import ArgumentParser

/// Every attack, in the order in which they are tried.
enum AttackName: String, CaseIterable, ExpressibleByArgument {
  case rapidReset = "rapid-reset"
  case madeYouReset = "made-you-reset"
  case continuations
  case settings
  case pings
  case priorities
  case emptyData = "empty-data"
  case windowUpdates = "window-updates"
  case hpackBomb = "hpack-bomb"
  case emptyHeaders = "empty-headers"
  case cookieCrumbs = "cookie-crumbs"
  case zeroWindow = "zero-window"
  case slowHandshake = "slow-handshake"
  case slowPreface = "slow-preface"
  case slowHeaders = "slow-headers"
  case slowBody = "slow-body"
  case unreadAnswers = "unread-answers"
  case oneCertificate = "one-certificate"
  case handshakes

  var attack: Attack {
    switch self {
    case .rapidReset: .rapidReset
    case .madeYouReset: .madeYouReset
    case .continuations: .continuations
    case .settings: .settings
    case .pings: .pings
    case .priorities: .priorities
    case .emptyData: .emptyData
    case .windowUpdates: .windowUpdates
    case .hpackBomb: .hpackBomb
    case .emptyHeaders: .emptyHeaders
    case .cookieCrumbs: .cookieCrumbs
    case .zeroWindow: .zeroWindow
    case .slowHandshake: .slowHandshake
    case .slowPreface: .slowPreface
    case .slowHeaders: .slowHeaders
    case .slowBody: .slowBody
    case .unreadAnswers: .unreadAnswers
    case .oneCertificate: .oneCertificate
    case .handshakes: .handshakes
    }
  }
}
