import CSodium
import Core
import Secrets

/// Sealing and opening one record of twelve cells, beside the same calls of libsodium in a loop.
enum SealingBenchmark {
    private static let rounds = 20_000
    private static let cells = 12

    static func run(into report: inout Report) throws {
        var ours: [Double] = []
        var raw: [Double] = []
        var oursOpen: [Double] = []
        var rawOpen: [Double] = []
        for _ in 0..<5 {
            let (seal, open) = try vault()
            let (rawSeal, rawOpened) = libsodium()
            ours.append(Double(rounds) / seal)
            oursOpen.append(Double(rounds) / open)
            raw.append(Double(rounds) / rawSeal)
            rawOpen.append(Double(rounds) / rawOpened)
        }
        report.add(
            "seal 12 cells", ours: median(ours), peer: median(raw), unit: "records/s", peerName: "raw libsodium")
        report.add(
            "open 3 of 12 cells", ours: median(oursOpen), peer: median(rawOpen), unit: "records/s",
            peerName: "raw libsodium")
    }

    private static func vault() throws -> (seal: Double, open: Double) {
        let key = try ProfileKey.random()
        let sealer = Sealer(key)
        let id = ProfileID(high: 1, low: 2)
        func binding(_ field: Int) -> CellBinding {
            CellBinding(
                tenant: TenantID(1), profile: id, kind: .profile, record: id, field: UInt32(field), revision: 1,
                keyID: 1, schemaVersion: 1)
        }
        var record: [UInt8] = []
        let seal = seconds {
            for _ in 0..<rounds {
                record.removeAll(keepingCapacity: true)
                var nonces = Nonces(count: cells)
                for field in 0..<cells {
                    sealer.seal("ada.lovelace@example", binding: binding(field), nonces: &nonces, into: &record)
                }
            }
        }
        let length = record.count / cells
        let opener = Opener(key)
        var sum = 0
        let open = try seconds {
            for _ in 0..<rounds {
                for field in 0..<3 {
                    sum += try opener.withOpened(
                        record[(field * length)..<((field + 1) * length)], binding: binding(field)
                    ) { $0.count }
                }
            }
        }
        precondition(sum == rounds * 60, "what was sealed opens")
        return (seal, open)
    }

    private static func libsodium() -> (seal: Double, open: Double) {
        var key = [UInt8](repeating: 0, count: 32)
        randombytes_buf(&key, 32)
        let message = [UInt8](repeating: 7, count: 32)
        let binding = [UInt8](repeating: 1, count: 58)
        var nonces = [UInt8](repeating: 0, count: cells * 24)
        var sealed = [UInt8](repeating: 0, count: cells * 48)
        let seal = seconds {
            for _ in 0..<rounds {
                randombytes_buf(&nonces, nonces.count)
                sealed.withUnsafeMutableBufferPointer { output in
                    nonces.withUnsafeBufferPointer { nonces in
                        for cell in 0..<cells {
                            crypto_aead_xchacha20poly1305_ietf_encrypt(
                                output.baseAddress! + cell * 48, nil, message, 32, binding, 58, nil,
                                nonces.baseAddress! + cell * 24, key)
                        }
                    }
                }
            }
        }
        var opened = [UInt8](repeating: 0, count: 32)
        let open = seconds {
            for _ in 0..<rounds {
                sealed.withUnsafeBufferPointer { input in
                    nonces.withUnsafeBufferPointer { nonces in
                        for cell in 0..<3 {
                            let status = crypto_aead_xchacha20poly1305_ietf_decrypt(
                                &opened, nil, nil, input.baseAddress! + cell * 48, 48, binding, 58,
                                nonces.baseAddress! + cell * 24, key)
                            precondition(status == 0, "what was sealed opens")
                        }
                    }
                }
            }
        }
        return (seal, open)
    }
}
