import Audit
import Core
package import Vault

extension Gate {
    /// The longest reason, in bytes.
    package static let longestReason = 500

    /// Decides about one person in an emergency: the policies are asked what somebody may see behind the glass, beyond what
    /// their role may; the purpose's legal basis has to hold all the same.
    ///
    /// Two entries in the log say who broke it, why and for whom, who agreed, and which fields came out.
    ///
    /// - Parameters:
    ///   - request: what is wanted; its action is not asked.
    ///   - reference: the person.
    ///   - reason: a sentence that stays in the log.
    /// - Returns: the verdict, and a permit where anything may be seen.
    /// - Throws: `mfaRequired`, `approvalRequired`, `denied`; `vault.unknown_subject`.
    package func breakGlass(
        _ request: ReadRequest, subject reference: SubjectReference, reason: String
    ) throws -> Answer {
        let person = try find(reference).row.subject.id
        _ = try authorize(
            .breakGlass, by: request.caller, for: request.purpose, subject: person, viewing: true,
            facts: [("reason", JSON(reason))],
            about: Act.Particulars(facts: [
                ("fields", request.fields.map { JSON($0.sorted().map { JSON($0) }) } ?? .null),
                ("reason", JSON(reason)),
            ]))
        return try permit(
            ReadRequest(
                caller: request.caller, action: .readBehindGlass, purpose: request.purpose, fields: request.fields),
            subject: .profile(person))
    }
}
