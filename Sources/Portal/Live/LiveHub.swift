internal import Domain
internal import LockboxProto
internal import RPC
internal import Synchronization

/// Tells live pages that something has changed which their person may see.
///
/// One stream of approvals for each session that has a live page, whatever the number of its pages,
/// opened with the person's own token. Their number is bounded: an approvals service has a thousand
/// places for handlers, and live pages may have a part of them. Beyond it a page is not live and
/// loads anew by itself now and then.
final class LiveHub: Sendable {
  /// A signal is a change, its end the end of the stream.
  typealias Signals = AsyncStream<Void>

  private struct Watch {
    /// Which of the connections.
    let connection: Int
    let number: UInt64
    var task: Task<Void, Never>?
    var pages: [UInt64: Signals.Continuation] = [:]
  }

  private struct State {
    var watches: [SessionKey: Watch] = [:]
    var used: [Int]
    var next: UInt64 = 0
  }

  private let clients: ServiceClients
  private let state: Mutex<State>

  init(_ clients: ServiceClients) {
    self.clients = clients
    state = Mutex(State(used: clients.streaming.map { _ in 0 }))
  }

  /// Sessions with a live page.
  var count: Int { state.withLock { $0.watches.count } }

  /// A live page of a session.
  struct Page: Sendable {
    let session: SessionKey
    fileprivate let number: UInt64
    let signals: Signals
  }

  /// - Returns: nil where all places are taken.
  func open(_ session: SessionKey, _ api: PersonAPI) -> Page? {
    let (signals, continuation) = Signals.makeStream(bufferingPolicy: .bufferingNewest(1))
    return state.withLock { state in
      state.next += 1
      let number = state.next
      if state.watches[session] == nil {
        guard let place = state.used.firstIndex(where: { $0 < clients.streamsPerConnection })
        else { return nil }
        state.used[place] += 1
        state.watches[session] = Watch(connection: place, number: number)
        state.watches[session]?.task = Task {
          await follow(session, api, on: clients.streaming[place], number)
        }
      }
      state.watches[session]?.pages[number] = continuation
      return Page(session: session, number: number, signals: signals)
    }
  }

  func close(_ page: Page) {
    state.withLock { state in
      state.watches[page.session]?.pages.removeValue(forKey: page.number)?.finish()
      guard let watch = state.watches[page.session], watch.pages.isEmpty else { return }
      watch.task?.cancel()
      Self.remove(page.session, &state)
    }
  }

  private func follow(
    _ session: SessionKey, _ api: PersonAPI, on client: RPCClient, _ number: UInt64
  ) async {
    let changes = client.serverStreaming(
      ApprovalsV1.ApprovalsService.watchAccessRequests, .init(),
      options: CallOptions(metadata: api.metadata))
    do {
      for try await _ in changes {
        state.withLock { state in
          for page in state.watches[session]?.pages.values ?? [:].values { page.yield() }
        }
      }
    } catch {
      // The pages come again by themselves, and are told then what is wrong.
    }
    state.withLock { state in
      guard let watch = state.watches[session], watch.number == number else { return }
      for page in watch.pages.values { page.finish() }
      Self.remove(session, &state)
    }
  }

  private static func remove(_ session: SessionKey, _ state: inout State) {
    guard let watch = state.watches.removeValue(forKey: session) else { return }
    state.used[watch.connection] -= 1
  }
}
