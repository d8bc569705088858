internal import Domain
internal import Synchronization

/// A mail as it came.
struct CaughtMail: Sendable, Hashable {
  /// What the catcher was told before the mail.
  let sender: String
  let recipients: [String]
  /// Dots undoubled.
  let content: [UInt8]
  let received: Timestamp
  /// Counted from 1 since the start.
  var number = 0
}

/// The last mails, in memory: the oldest go first.
final class CaughtMails: Sendable {
  static let most = 1_000
  static let mostBytes = 64 << 20

  private struct State {
    var mails: [CaughtMail] = []
    var bytes = 0
    var count = 0
  }

  private let state = Mutex(State())

  func add(_ mail: CaughtMail) {
    state.withLock { state in
      state.count += 1
      var mail = mail
      mail.number = state.count
      state.mails.append(mail)
      state.bytes += mail.content.count
      while state.mails.count > Self.most || state.bytes > Self.mostBytes {
        state.bytes -= state.mails.removeFirst().content.count
      }
    }
  }

  /// Newest first.
  var all: [CaughtMail] { state.withLock { $0.mails.reversed() } }

  subscript(number: Int) -> CaughtMail? {
    state.withLock { state in state.mails.first { $0.number == number } }
  }
}
