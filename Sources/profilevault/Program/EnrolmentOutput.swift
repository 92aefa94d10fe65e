import Accounts
import Core
import Factors
import Secrets

extension OptionSpec {
    static let otpSecretOut = OptionSpec(
        "otp-secret-out", value: "FILE",
        "a new file (mode 0600) for the secret of one-time codes, in base 32; it is not shown then")
    static let recoveryOut = OptionSpec(
        "recovery-out", value: "FILE", "a new file (mode 0600) for the recovery codes; they are not shown then")
    static let qrOut = OptionSpec(
        "qr-out", value: "FILE", "a new file (mode 0600) for the QR code: .png, else SVG")

    static let enrolment: [OptionSpec] = [.otpSecretOut, .recoveryOut, .qrOut]
}

/// Where what an operator is given once goes: to the terminal, or into files that only the owner may read.
struct EnrolmentOutput {
    private let context: Context
    private let secretFile: String?
    private let recoveryFile: String?
    private let qrFile: String?

    /// Every file that is written, of those that are not there yet.
    var files: [String] { [secretFile, recoveryFile, qrFile].compactMap(\.self) }

    init(_ context: Context) throws {
        self.context = context
        secretFile = try SecretOutput.path(.otpSecretOut, context)
        recoveryFile = try SecretOutput.path(.recoveryOut, context)
        qrFile = try SecretOutput.path(.qrOut, context)
        guard Set(files).count == files.count else {
            throw CommandError(
                CommandError.valueInvalid, "one file cannot hold two of these: each would take the other's place",
                remedy: "name a file each")
        }
    }

    /// Puts what belongs into files there; called before the change is there, so that nobody's only way in is lost.
    func store(_ enrolment: Enrolment) throws {
        if let secretFile, let codes = enrolment.oneTimeCodes {
            try OwnerOnlyFile.put(secretFile, Array((codes.secretText + "\n").utf8))
        }
        if let recoveryFile {
            let lines = enrolment.recoveryCodes.map { $0.text + "\n" }.joined()
            try OwnerOnlyFile.put(recoveryFile, Array(lines.utf8))
        }
        if let qrFile, let codes = enrolment.oneTimeCodes {
            let code = try QRCode(codes.uri)
            try OwnerOnlyFile.put(qrFile, qrFile.hasSuffix(".png") ? code.png() : Array(code.svg().utf8))
        }
    }

    /// The members of a command's result.
    func addJSON(_ enrolment: Enrolment, to object: inout JSONObject) {
        if let codes = enrolment.oneTimeCodes {
            if let secretFile {
                object["otp_secret_file"] = JSON(secretFile)
            } else {
                object["otp_secret"] = JSON(codes.secretText)
                object["otp_uri"] = JSON(codes.uri)
            }
            if let qrFile { object["qr_file"] = JSON(qrFile) }
        }
        if let recoveryFile {
            object["recovery_file"] = JSON(recoveryFile)
        } else {
            object["recovery_codes"] = .array(enrolment.recoveryCodes.map { JSON($0.text) })
        }
    }

    /// What is not in a file, shown this once.
    func write(_ enrolment: Enrolment, to output: Output) throws {
        if let codes = enrolment.oneTimeCodes, secretFile == nil {
            output.line("One-time codes: scan this with an authenticator app, or type the secret in.")
            output.line()
            if output.terminal.outputIsTerminal {
                _ = output.piece(Array(try QRCode(codes.uri).terminalText(colours: output.terminal.colours).utf8))
                output.line()
            }
            output.line("  secret  \(output.styled(codes.secretText, .bold))")
            output.line()
        }
        if recoveryFile == nil {
            output.line("Recovery codes, each good for one log-in without the app: keep them on paper.")
            output.line()
            for pair in stride(from: 0, to: enrolment.recoveryCodes.count, by: 2) {
                let codes = enrolment.recoveryCodes[pair..<min(pair + 2, enrolment.recoveryCodes.count)]
                output.line("  " + codes.map(\.text).joined(separator: "   "))
            }
            output.line()
        }
        if secretFile == nil || recoveryFile == nil { output.line("None of this is shown again.") }
    }
}
