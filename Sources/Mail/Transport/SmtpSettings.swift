/// How a mail server is spoken with.
public struct SmtpSettings: Hashable, Sendable {
  public enum Security: Hashable, Sendable {
    /// The connection begins plain, and nothing but `STARTTLS` is said before it is not: a server
    /// that offers none gets no mail (RFC 3207).
    case startTLS
    /// TLS from the first byte on (RFC 8314).
    case implicitTLS
    /// None: only with a server on this machine.
    case plain
  }

  public struct Credentials: Hashable, Sendable {
    public let user: String
    /// A file whose first line is the password; read for every mail, so that it may change.
    public let passwordFile: String

    public init(user: String, passwordFile: String) {
      self.user = user
      self.passwordFile = passwordFile
    }
  }

  /// A name or an address. The server's certificate must be for it.
  public let host: String
  public let port: Int
  public let security: Security
  /// PEM file of whom to trust; nil: the system's authorities.
  public let authorities: String?
  /// Nil: no authentication.
  public let credentials: Credentials?
  /// How this machine calls itself in `EHLO`; `localhost` for what is no name.
  public let clientName: String
  /// For the connection with its handshakes.
  public let connectTimeout: Duration
  /// For a whole mail. A server that is cut off behind the end of a mail may have taken it over, so
  /// that a short time makes repeats (RFC 5321 §4.5.3.2 would wait ten minutes there).
  public let timeout: Duration
  /// Mails under way at once, each on a connection of its own.
  public let mostConnections: Int

  /// - Returns: nil for a plain connection to another machine.
  public init?(
    host: String, port: Int, security: Security, authorities: String? = nil,
    credentials: Credentials? = nil, clientName: String = "localhost",
    connectTimeout: Duration = .seconds(10), timeout: Duration = .seconds(60),
    mostConnections: Int = 8
  ) {
    guard security != .plain || host == "localhost" || host == "::1" || host.hasPrefix("127.")
    else {
      return nil
    }
    self.host = host
    self.port = port
    self.security = security
    self.authorities = authorities
    self.credentials = credentials
    self.clientName = MailSyntax.isDomain(clientName) ? clientName : "localhost"
    self.connectTimeout = connectTimeout
    self.timeout = timeout
    self.mostConnections = mostConnections
  }
}
