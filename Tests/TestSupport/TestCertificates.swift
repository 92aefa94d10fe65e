import Foundation

/// Certificates of a made-up authority, as the `openssl` command makes them, for servers at 127.0.0.1.
public final class TestCertificates: Sendable {
    /// What is right or wrong with a server's certificate.
    public enum Kind: String, Sendable, CaseIterable {
        case right
        case wrongHost
        case expired
        case notYetValid
        case selfSigned
        /// By an authority that nobody knows.
        case foreign
    }

    private let folder: TemporaryDirectory

    /// Made once for all tests.
    public static let shared = Result { try TestCertificates() }

    /// The file of the authority that signs what is right.
    public var authority: String { folder.file("authority.pem") }
    /// The servers' private key.
    public var key: String { folder.file("server.key") }

    public func certificate(_ kind: Kind) -> String { folder.file("\(kind.rawValue).pem") }

    private init() throws {
        folder = try TemporaryDirectory()
        try Data(Self.configuration.utf8).write(to: URL(filePath: folder.file("ca.cnf")))
        for name in ["authority", "stranger", "server"] {
            try openssl("genpkey", "-algorithm", "EC", "-pkeyopt", "ec_paramgen_curve:P-256", "-out", "\(name).key")
        }
        for name in ["authority", "stranger"] {
            try openssl(
                "req", "-x509", "-key", "\(name).key", "-subj", "/CN=\(name)", "-days", "2", "-config", "ca.cnf",
                "-extensions", "authority_extensions", "-out", "\(name).pem")
        }
        try openssl(
            "req", "-x509", "-key", "server.key", "-subj", "/CN=server", "-days", "2", "-config", "ca.cnf", "-addext",
            "subjectAltName=IP:127.0.0.1", "-out", "\(Kind.selfSigned.rawValue).pem")
        let (past, present, future) = ("20200101000000Z", Self.date(daysFromNow: -1), "20990101000000Z")
        try sign(.right, from: present, to: future)
        try sign(.wrongHost, name: "DNS:elsewhere.example", from: present, to: future)
        try sign(.expired, from: past, to: present)
        try sign(.notYetValid, from: "20980101000000Z", to: future)
        try sign(.foreign, by: "stranger", from: present, to: future)
    }

    private func sign(
        _ kind: Kind, by authority: String = "authority", name: String = "IP:127.0.0.1,DNS:localhost",
        from start: String,
        to end: String
    ) throws {
        try Data().write(to: URL(filePath: folder.file("index.txt")))
        try openssl(
            "req", "-new", "-key", "server.key", "-subj", "/CN=server", "-config", "ca.cnf", "-addext",
            "subjectAltName=\(name)", "-out", "server.csr")
        try openssl(
            "ca", "-batch", "-config", "ca.cnf", "-cert", "\(authority).pem", "-keyfile", "\(authority).key", "-in",
            "server.csr", "-startdate", start, "-enddate", end, "-notext", "-out",
            "\(kind.rawValue).pem")
    }

    private func openssl(_ arguments: String...) throws {
        let line = ["-C", folder.path, "openssl"] + arguments
        _ = try Peers.output(of: URL(filePath: "/usr/bin/env"), line)
    }

    private static func date(daysFromNow days: Int) -> String {
        let form = DateFormatter()
        form.dateFormat = "yyyyMMddHHmmss'Z'"
        form.timeZone = TimeZone(identifier: "UTC")
        return form.string(from: Date(timeIntervalSinceNow: Double(days) * 86_400))
    }

    private static let configuration = """
        [ca]
        default_ca = made_up
        [made_up]
        database = index.txt
        new_certs_dir = .
        default_md = sha256
        policy = any
        copy_extensions = copy
        rand_serial = yes
        unique_subject = no
        [any]
        commonName = supplied
        [req]
        distinguished_name = name
        [name]
        [authority_extensions]
        basicConstraints = critical, CA:TRUE
        """
}
