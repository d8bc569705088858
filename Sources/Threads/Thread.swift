internal import Glibc

/// A thread of the operating system, for work that blocks on the disk.
public struct Thread: Sendable {
  private let id: pthread_t

  /// - Parameter name: at most 15 bytes, shown by `top -H` and debuggers.
  /// - Throws: when the system gives no more threads.
  public static func start(
    _ name: String, _ body: sending @escaping () -> Void
  ) throws(ThreadError) -> Thread {
    // Retained for the new thread, which takes it over.
    let context = Unmanaged.passRetained(Body(name: name, run: body)).toOpaque()
    var id = pthread_t()
    let code = pthread_create(
      &id, nil,
      { context in
        guard let context else { return nil }
        let body = Unmanaged<Body>.fromOpaque(context).takeRetainedValue()
        Thread.setName(body.name)
        body.run()
        return nil
      }, context)
    guard code == 0 else {
      Unmanaged<Body>.fromOpaque(context).release()
      throw ThreadError(name: name, code: code)
    }
    return Thread(id: id)
  }

  /// Waits for the thread's end. Either this or `detach` is called, once.
  public func join() {
    pthread_join(id, nil)
  }

  /// Lets the thread clean up after itself.
  public func detach() {
    pthread_detach(id)
  }

  // Glibc's module lacks pthread_setname_np. Only a help to people: a failure harms nothing.
  private static func setName(_ name: String) {
    let descriptor = open("/proc/thread-self/comm", O_WRONLY | O_CLOEXEC)
    guard descriptor >= 0 else { return }
    let bytes = Array(name.utf8)
    _ = write(descriptor, bytes, bytes.count)
    close(descriptor)
  }

  private final class Body {
    let name: String
    let run: () -> Void

    init(name: String, run: @escaping () -> Void) {
      self.name = name
      self.run = run
    }
  }
}

/// The system gave no thread.
public struct ThreadError: Error, Hashable, CustomStringConvertible {
  /// What the thread was to be called.
  public let name: String
  /// An `errno` value.
  public let code: Int32

  public var description: String {
    "the thread \(name) could not be started: \(String(cString: strerror(code)))"
  }
}
