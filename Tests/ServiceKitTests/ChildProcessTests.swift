internal import Glibc
internal import TestKit
internal import Testing

@Suite("Children of a test")
struct ChildProcessTests {
  // Break: TestKit/ChildProcess.swift, `init`: drop `addclosefrom`.
  @Test("a child holds none of the test's sockets open")
  func descriptors() throws {
    var pair: [Int32] = [0, 0]
    try #require(socketpair(AF_UNIX, Int32(SOCK_STREAM.rawValue), 0, &pair) == 0)
    defer { for descriptor in pair { close(descriptor) } }
    let child = ChildProcess("/bin/sleep", ["600"], output: "/dev/null")
    defer { child.kill() }
    let id = try #require(child.processID)
    var open: [Int32] = []
    for descriptor in Int32(0)..<4_096 {
      var status = stat()
      if lstat("/proc/\(id)/fd/\(descriptor)", &status) == 0 { open.append(descriptor) }
    }
    #expect(open == [0, 1, 2])
  }
}
