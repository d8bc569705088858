public import DevPKI
internal import Glibc
public import ServiceKit

/// A throw-away authority with certificates of services, as files.
public final class TestPKI: Sendable {
  public static let trustDomain = "lockbox.test"

  public let authority: CertificateAuthority
  private let directory: TemporaryDirectory

  public init(in directory: TemporaryDirectory) {
    self.directory = directory
    do {
      authority = try CertificateAuthority(name: "test", validity: Self.validity)
      directory.write("ca.pem", try authority.certificatePEM())
    } catch {
      preconditionFailure("no authority: \(error)")
    }
  }

  /// Around now: OpenSSL compares with the machine's clock.
  public static var validity: Validity { Validity(from: Int64(Glibc.time(nil)), days: 1) }

  public var authorities: String { directory.file("ca.pem") }

  /// The certificate and key files of a service; made when first asked for.
  @discardableResult
  public func files(of service: ServiceName) -> (certificate: String, key: String) {
    files(
      service.rawValue, uri: service.spiffeID(in: Self.trustDomain))
  }

  /// The files of anybody.
  @discardableResult
  public func files(_ name: String, uri: String?) -> (certificate: String, key: String) {
    let request = CertificateRequest(
      validity: Self.validity, uriNames: uri.map { [$0] } ?? [], dnsNames: ["localhost"],
      addresses: ["127.0.0.1"])
    let files = (directory.file("\(name).pem"), directory.file("\(name).key"))
    do {
      try authority.issue(request).write(chain: files.0, key: files.1)
    } catch {
      preconditionFailure("no certificate for \(name): \(error)")
    }
    return files
  }
}
