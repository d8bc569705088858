internal import DevPKI
internal import Glibc

/// An authority and certificates for one run, in a directory of their own.
struct HostilePKI {
  static let serverURI = "spiffe://test.example/server"

  struct NoDirectory: Error {}

  let directory: String

  init() throws {
    var template = Array("/tmp/rpc-hostile-XXXXXX\0".utf8CString)
    guard mkdtemp(&template) != nil else { throw NoDirectory() }
    directory = String(
      decoding: template.map(UInt8.init(bitPattern:)).prefix { $0 != 0 }, as: UTF8.self)
    let validity = Validity(from: Int64(time(nil)), days: 1)
    let authority = try CertificateAuthority(name: "hostile root", validity: validity)
    try PrivateFile.write(authority.certificatePEM(), to: path("ca.pem"), mode: 0o600)
    try authority.issue(
      CertificateRequest(validity: validity, uriNames: [Self.serverURI], usages: [.server])
    ).write(chain: path("server.pem"), key: path("server.key"))
    for name in ["honest", "hostile"] {
      let request = CertificateRequest(
        validity: validity, uriNames: ["spiffe://test.example/\(name)"], usages: [.client])
      try authority.issue(request).write(chain: path("\(name).pem"), key: path("\(name).key"))
    }
  }

  func path(_ name: String) -> String { "\(directory)/\(name)" }
}

extension HostilePKI {
  /// Takes all files away.
  func remove() {
    guard let entries = opendir(directory) else { return }
    while let entry = readdir(entries) {
      let name = withUnsafePointer(to: &entry.pointee.d_name) {
        $0.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
      }
      unlink(path(name))
    }
    closedir(entries)
    rmdir(directory)
  }
}
