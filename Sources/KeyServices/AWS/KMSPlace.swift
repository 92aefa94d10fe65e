import Core
import Outbound
import Secrets

/// Where a key of AWS KMS is: named by people or by an envelope, and strict about both, since it becomes a host name.
struct KMSPlace: Equatable {
    let key: String
    let region: String
    /// Where requests go.
    let endpoint: WebAddress
    private let isEndpointOfAWS: Bool

    /// As people name it.
    init(key: String, region: String?, environment: [String: String]) throws(SecretsError) {
        let regionOfKey = Self.region(ofARN: key)
        guard
            let region = regionOfKey ?? region ?? environment.value(of: "AWS_REGION")
                ?? environment.value(of: "AWS_DEFAULT_REGION")
        else {
            throw SecretsError(
                SecretsError.keyServiceMisnamed, "no region is named for the key of AWS KMS",
                remedy: "name the key by its ARN, or set AWS_REGION")
        }
        guard Self.isKey(key), Self.isRegion(region) else {
            throw SecretsError(
                SecretsError.keyServiceMisnamed, "this is no key of AWS KMS, or no region",
                remedy: "name it as `aws kms list-keys` and `aws kms list-aliases` do, or by its ARN")
        }
        self.key = key
        self.region = region
        if let named = try Self.endpoint(in: environment) {
            (endpoint, isEndpointOfAWS) = (named, false)
        } else {
            (endpoint, isEndpointOfAWS) = (try Self.endpoint(ofAWSIn: region), true)
        }
    }

    /// As an envelope names it, whose endpoint counts for nothing unless the environment names one.
    init(_ parameters: [String: String], environment: [String: String]) throws(SecretsError) {
        guard let key = parameters["key"], let region = parameters["region"], Self.isKey(key), Self.isRegion(region),
            Self.region(ofARN: key) == nil || Self.region(ofARN: key) == region
        else { throw .malformedEnvelope(AWSKey.service, "the key's name") }
        if parameters["endpoint"] != nil, try Self.endpoint(in: environment) == nil {
            throw SecretsError(
                SecretsError.keyServiceUnconfirmed,
                "the vault's header names an endpoint of AWS KMS that is not AWS's own",
                remedy: "if that is right, set AWS_ENDPOINT_URL_KMS to the `endpoint` in `vault.json`;"
                    + " else restore that file from a copy")
        }
        try self.init(key: key, region: region, environment: environment)
    }

    var parameters: [String: String] {
        var parameters = ["key": key, "region": region]
        if !isEndpointOfAWS { parameters["endpoint"] = endpoint.description }
        return parameters
    }

    private static func endpoint(in environment: [String: String]) throws(SecretsError) -> WebAddress? {
        guard let text = environment.value(of: "AWS_ENDPOINT_URL_KMS") ?? environment.value(of: "AWS_ENDPOINT_URL")
        else { return nil }
        do throws(OutboundError) { return try WebAddress(text) } catch { throw .keyService(AWSKey.service, error) }
    }

    /// AWS General Reference, "AWS Key Management Service endpoints and quotas".
    private static func endpoint(ofAWSIn region: String) throws(SecretsError) -> WebAddress {
        let domain = region.hasPrefix("cn-") ? "amazonaws.com.cn" : "amazonaws.com"
        do throws(OutboundError) { return try WebAddress("https://kms.\(region).\(domain)") } catch {
            throw .keyService(AWSKey.service, error)
        }
    }

    /// Such as `eu-central-1`: nothing by which a host name would become another's.
    private static func isRegion(_ text: String) -> Bool {
        text.wholeMatch(of: /[a-z]{2,4}(?:-[a-z]{2,12}){1,3}-[0-9]{1,2}/) != nil
    }

    /// A key's id, a multi-region key's, an alias, or the ARN of one.
    static func isKey(_ text: String) -> Bool {
        text.wholeMatch(
            of: /(?:arn:aws[a-z-]{0,16}:kms:[a-z0-9-]{1,32}:[0-9]{12}:(?:key\/)?)?(?:alias\/)?[A-Za-z0-9\/_-]{1,256}/)
            != nil
    }

    private static func region(ofARN key: String) -> String? {
        let parts = key.split(separator: ":", omittingEmptySubsequences: false)
        return parts.count == 6 && parts[0] == "arn" ? String(parts[3]) : nil
    }
}
