internal import NIOCore

extension LoopExecutor {
  /// Stops a debug build where what belongs to the loop is touched from elsewhere: the classes that
  /// are confined to a loop are `@unchecked Sendable`, the compiler does not see it. Nothing is left
  /// of it in a release build.
  @inline(__always)
  func assertOnLoop(_ function: StaticString = #function) {
    assert(loop.inEventLoop, "\(function) is called outside of its event loop")
  }
}
