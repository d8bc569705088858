internal import AccessToken
internal import Domain
internal import MerkleLog
internal import ProtobufC
internal import RPC

extension Session {
  /// The DPoP proof that a call with our bearer token is made by the holder of a key.
  ///
  /// - Parameter file: Ed25519 private key, PEM.
  func proof<Request, Response>(
    of file: String, calling method: Method<Request, Response>, at server: Server
  ) throws(Failure) -> String {
    let key: SigningKey
    do throws(KeyFileError) {
      key = try SigningKey(contentsOf: file)
    } catch {
      throw .configuration("The key cannot be used: \(error).")
    }
    let target = configuration.endpoints[server]
    return DPoPProof.make(
      key, method: "POST",
      url: "https://\(target?.host ?? server.rawValue):\(target?.port ?? 443)\(method.path)",
      token: token ?? "", at: shell.now, id: TokenID.make(at: shell.now).description)
  }
}
