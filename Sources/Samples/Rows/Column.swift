/// The columns of a sample: fields and consents of a vault by their own names, so that import needs no map file.
package enum Column: Int, Sendable, CaseIterable {
    case customerID, email, phone, firstName, lastName, gender, birthDate, address, city, postalCode, country
    case loyaltyTier, lifetimeValue, lastSeen
    case consentTime, consentPersonalization, consentMarketingEmail, consentAnalytics, consentProfiling

    /// The names, in order.
    package static let names =
        [
            "customer_id", "email", "phone", "first_name", "last_name", "gender", "birth_date", "address", "city",
            "postal_code", "country", "loyalty_tier", "lifetime_value", "last_seen", "consent_time",
        ] + ConsentAnswer.purposes.map { "consent_" + $0.name }

    static let consents: [Column] = [
        .consentPersonalization, .consentMarketingEmail, .consentAnalytics, .consentProfiling,
    ]
}
