extension AuthorizationTable {
  /// The rows of one listener, by path.
  ///
  /// - Parameter paths: What the listener's router serves.
  /// - Throws: Where a method has no row, or two, or a row no method: then nobody can say who may
  ///   call it, and the service does not start.
  public static func rows(
    of service: ServiceName, on listener: ListenerKind, serving paths: [String]
  ) throws(StartError) -> [String: AuthorizationRow] {
    var rows: [String: AuthorizationRow] = [:]
    for row in self.rows where row.service == service && row.listeners.contains(listener) {
      guard rows.updateValue(row, forKey: row.path) == nil else {
        throw fault("\(row.path) has two rows", service, listener)
      }
    }
    for path in paths where rows[path] == nil {
      throw fault("\(path) has no row", service, listener)
    }
    let served = Set(paths)
    for path in rows.keys.sorted() where !served.contains(path) {
      throw fault("\(path) has a row but is not served", service, listener)
    }
    return rows
  }

  private static func fault(
    _ what: String, _ service: ServiceName, _ listener: ListenerKind
  ) -> StartError {
    StartError(
      .software,
      """
      \(what) in the authorization table of \(service.rawValue)'s \(listener.rawValue) listener: \
      this program was built wrong.
      """)
  }
}
