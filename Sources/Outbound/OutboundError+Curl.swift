#if KeyServices
    import CCurl
    import Core

    /// What libcurl's codes mean. Its sentences stay with it: they may quote what a server has said.
    extension OutboundError {
        /// `certificate` is OpenSSL's result of the verification (`X509_V_ERR_…`).
        static func of(
            _ code: CURLcode, certificate: Int, from address: WebAddress, authorities: String?
        ) -> OutboundError {
            let host = "`\(address.authority)`"
            switch code {
            case CURLE_COULDNT_RESOLVE_HOST:
                return OutboundError(
                    unreachable, "there is no address of \(host)", remedy: "check the name and the network")
            case CURLE_COULDNT_RESOLVE_PROXY:
                return OutboundError(
                    unreachable, "there is no address of the proxy on the way to \(host)",
                    remedy: "check HTTPS_PROXY and NO_PROXY")
            case CURLE_COULDNT_CONNECT:
                return OutboundError(
                    unreachable, "\(host) takes no connection",
                    remedy: "check that it runs and that the network lets it through")
            case CURLE_OPERATION_TIMEDOUT:
                return OutboundError(
                    timedOut, "\(host) does not answer in time", remedy: "check the network, and try again later")
            case CURLE_GOT_NOTHING, CURLE_SEND_ERROR, CURLE_RECV_ERROR, CURLE_PARTIAL_FILE:
                return OutboundError(
                    connectionLost, "the connection to \(host) was lost before the answer was whole",
                    remedy: "try again; check whether a proxy or a firewall is in the way")
            case CURLE_PEER_FAILED_VERIFICATION: return certificateRefused(certificate, host)
            case CURLE_SSL_CACERT_BADFILE:
                return OutboundError(
                    authorityUnreadable,
                    "the certificate authorities of `\(authorities ?? "the system")` cannot be read",
                    remedy: "name a file of certificates in PEM")
            case CURLE_SSL_CONNECT_ERROR:
                return OutboundError(
                    tlsFailed, "\(host) and this program do not come to speak TLS with each other",
                    remedy: "check that it serves https there, with TLS 1.2 or later")
            case CURLE_WEIRD_SERVER_REPLY, CURLE_UNSUPPORTED_PROTOCOL, CURLE_HTTP2, CURLE_BAD_CONTENT_ENCODING:
                return OutboundError(
                    answerMalformed, "what \(host) answers is not HTTP",
                    remedy: "check that the address is the one that is meant")
            default:
                return OutboundError(
                    libraryFailed, "the request to \(host) failed (libcurl's error \(code.rawValue))",
                    remedy: "look the number up in libcurl-errors(3)")
            }
        }

        /// The numbers are those of OpenSSL's `x509_vfy.h`.
        private static func certificateRefused(_ result: Int, _ host: String) -> OutboundError {
            let (code, what): (ErrorCode, String) =
                switch result {
                case 9: (certificateNotYetValid, "is not valid yet")
                case 10: (certificateExpired, "has expired")
                case 18, 19: (certificateSelfSigned, "is signed by itself, or by an authority that is not trusted")
                // libcurl looks at the name itself, after OpenSSL has found nothing wrong.
                case 0, 1, 62, 64: (certificateOfAnotherHost, "is another host's")
                default: (certificateUntrusted, "is not from an authority that is trusted")
                }
            return OutboundError(
                code, "the certificate of \(host) \(what): nothing was sent",
                remedy: code == certificateExpired || code == certificateNotYetValid
                    ? "check this machine's clock; else whoever runs the host has to renew it"
                    : "check the address; where the host has an authority of its own, name the file of its certificate")
        }
    }
#endif
