import Core

/// What one person answered at one time, as the page for their settings would give it; import needs no map file for it.
package struct SampleConsent: Sendable {
    /// The columns, in order.
    package static let columns =
        ["customer_id", "email", "consent_time"] + ConsentAnswer.purposes.map { "consent_" + $0.name }

    /// In the order of `columns`; empty ones are blank.
    package let values: [String]

    init(_ moment: ConsentMoment, of person: Person) {
        values =
            [
                person.customerID ?? "", person.customerID == nil ? person.email ?? "" : "",
                SampleRow.local(moment.time, person.homeland.offset),
            ] + moment.answers.map(\.rawValue)
    }
}
