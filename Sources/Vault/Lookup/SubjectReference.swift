package import Core

/// How a command names a person: `email:ada@example.org`, `customer_id:42`, `profile:UUID`.
package enum SubjectReference: Sendable {
    case profile(ProfileID)
    /// An identifier field and the value as it was typed.
    case identifier(field: String, value: String)

    /// - Throws: `subjectMalformed` when there is no field name before a colon.
    package init(_ text: String) throws(VaultError) {
        guard let colon = text.firstIndex(of: ":"), colon != text.startIndex,
            text.index(after: colon) != text.endIndex
        else {
            throw VaultError(
                VaultError.subjectMalformed, "the subject does not say how the person is known",
                remedy:
                    "write `email:…`, `phone:…`, `customer_id:…` or `profile:…`, or `-` to read one from standard input"
            )
        }
        let kind = String(text[..<colon])
        let value = String(text[text.index(after: colon)...])
        guard kind == "profile" else {
            self = .identifier(field: kind, value: value)
            return
        }
        guard let id = ProfileID(value) else {
            throw VaultError(
                VaultError.subjectMalformed, "what follows `profile:` is not a profile id",
                remedy: "a profile id looks like 0192f7c4-5e1a-7b3c-9d2e-4f5a6b7c8d9e")
        }
        self = .profile(id)
    }

    /// The look-up form of an identifier's value.
    ///
    /// - Throws: `subjectMalformed` when the field is no identifier or the value is not one of its form.
    package static func lookupForm(
        of value: String, field: ProfileSchema.Field, region: String
    ) throws(VaultError) -> String {
        guard field.definition.isIdentifier else {
            throw VaultError(
                VaultError.subjectMalformed, "people cannot be looked up by `\(field.name)`",
                remedy: "use one of the fields that policies/schema.json marks as `identifier`")
        }
        do {
            let options = StandardForm.Options(region: region)
            guard let canonical = try field.definition.form.standardise(value, options) else {
                throw StandardFormError.notUTF8
            }
            return field.definition.form.lookupForm(of: canonical)
        } catch {
            throw VaultError(
                VaultError.subjectMalformed, "the value after `\(field.name):` is not in a form that field can have",
                remedy: "check it for typing errors; telephone numbers from abroad start with `+`")
        }
    }
}
