import Core
import Testing

@testable import Samples

@Suite("A sample")
struct SampleRowsTests {
    /// The file that the command line writes.
    private func file(profiles: Int, seed: UInt64, _ format: SampleFormat = .csv) -> [UInt8] {
        var bytes: [UInt8] = []
        format.writeHeader(Column.names, into: &bytes)
        for row in SampleRows(profiles: profiles, seed: seed) {
            format.write(row.values, of: Column.names, into: &bytes)
            for event in row.events { format.write(event.values, of: SampleEvent.columns, into: &bytes) }
            for consent in row.consents { format.write(consent.values, of: SampleConsent.columns, into: &bytes) }
        }
        return bytes
    }

    /// FNV-1a, 64 bits.
    private func fingerprint(_ bytes: [UInt8]) -> UInt64 {
        bytes.reduce(0xCBF2_9CE4_8422_2325) { ($0 ^ UInt64($1)) &* 0x0000_0100_0000_01B3 }
    }

    @Test("is the same to the byte for the same seed, on every machine")
    func determinism() {
        let bytes = file(profiles: 1000, seed: 1)
        #expect(fingerprint(bytes) == 2_061_286_115_454_419_052)
        #expect(bytes == file(profiles: 1000, seed: 1))
        #expect(fingerprint(file(profiles: 1000, seed: 2)) != fingerprint(bytes))
    }

    @Test("is the beginning of a larger one")
    func beginning() {
        let small = file(profiles: 300, seed: 9)
        let large = file(profiles: 900, seed: 9)
        #expect(large.count > small.count)
        #expect(large.starts(with: small))
    }

    @Test("has as many people as were asked for, each with a first row before any second one")
    func people() {
        var met: Set<Int> = []
        for row in SampleRows(profiles: 2000, seed: 3) {
            #expect(met.contains(row.person) == row.isDuplicate)
            #expect(row.events.isEmpty || !row.isDuplicate)
            met.insert(row.person)
        }
        #expect(met == Set(0..<2000))
        #expect(Array(SampleRows(profiles: 0, seed: 3)).isEmpty)
    }

    @Test("keeps its rates at twenty thousand people")
    func rates() {
        let rows = Array(SampleRows(profiles: 20_000, seed: 1))
        func percent(_ isCounted: (SampleRow) -> Bool) -> Double {
            Double(rows.count(where: isCounted)) * 100 / Double(rows.count)
        }
        #expect(abs(percent(\.isDuplicate) - 8) < 0.5)
        #expect(abs(percent { $0.dirt != nil } - 4.1) < 0.5)
        for (script, share) in [(Script.latin, 50.0), (.chinese, 30), (.japanese, 14), (.arabic, 6)] {
            #expect(abs(percent { $0.script == script } - share) < 1.5, "\(script)")
        }
        for (column, purpose) in zip(Column.consents, ConsentAnswer.purposes) {
            #expect(abs(percent { $0[column] == "yes" } - Double(purpose.yes) / 10) < 1.5, "\(purpose.name)")
            #expect(abs(percent { $0[column].isEmpty } - Double(purpose.blank) / 10) < 1.5, "\(purpose.name)")
        }
        let kinds = Dictionary(grouping: rows.compactMap(\.dirt)) { $0 }.mapValues(\.count)
        for dirt in Dirt.allCases { #expect(kinds[dirt, default: 0] > 0, "\(dirt)") }
        for homeland in Homeland.all {
            #expect(abs(percent { $0[.country] == homeland.code } - Double(homeland.share) * 0.07) < 1.5)
        }
    }

    @Test("has addresses for e-mail only where RFC 2606 lets nobody live, and no two people share one")
    func email() throws {
        var owners: [String: Int] = [:]
        let reserved = ["example.com", "example.org", "example.net"]
        for row in SampleRows(profiles: 8000, seed: 5) where row[.email].contains("@") {
            let domain = try #require(row[.email].split(separator: "@").last)
            let plain = domain.filter { $0.isASCII && !$0.isWhitespace }.lowercased()
            #expect(reserved.contains(plain))
            guard row.dirt == nil else { continue }
            #expect(owners.updateValue(row.person, forKey: row[.email].lowercased()) ?? row.person == row.person)
        }
        #expect(owners.count > 7000)
    }

    @Test("has British and American telephone numbers of films only, and others that nobody else has")
    func telephones() {
        var owners: [String: Int] = [:]
        for index in 0..<8000 {
            let person = Person(index, seed: 6)
            guard let telephone = person.telephone else { continue }
            let number = telephone.groups.joined()
            switch person.homeland.code {
            case "GB": #expect(number.hasPrefix("07700900") || number.dropLast(3).hasSuffix("60"))
            case "US": #expect(number.dropFirst(3).hasPrefix("55501") && number.utf8.count == 10)
            default: break
            }
            guard telephone.isOnesOwn else { continue }
            let key = person.homeland.code + number
            #expect(owners.updateValue(index, forKey: key) == nil, "\(key)")
        }
        #expect(owners.count > 3000)
    }

    @Test("writes every script: names, places and addresses in their own")
    func scripts() throws {
        let rows = Array(SampleRows(profiles: 3000, seed: 8))
        let ranges: [(Script, ClosedRange<UInt32>)] = [
            (.chinese, 0x4E00...0x9FFF), (.japanese, 0x3005...0xFAFF), (.arabic, 0x0621...0x06FF),
        ]
        for (script, range) in ranges {
            let clean = rows.filter { $0.script == script && $0.dirt == nil && !$0[.lastName].isEmpty }
            #expect(clean.count > 100)
            for row in clean {
                #expect(row[.lastName].unicodeScalars.allSatisfy { range.contains($0.value) || $0 == " " })
                #expect(row[.city].unicodeScalars.allSatisfy { range.contains($0.value) || $0 == " " })
            }
        }
        #expect(rows.contains { $0[.address].contains("段") && $0[.address].contains("號") })
        #expect(rows.contains { $0[.postalCode].hasPrefix("〒") })
        #expect(rows.contains { $0[.birthDate].hasPrefix("民國") } && rows.contains { $0[.birthDate].hasPrefix("昭和") })
    }

    @Test("tells what people bought so that it adds up to what they are worth")
    func events() throws {
        let place = Dictionary(uniqueKeysWithValues: zip(SampleEvent.columns, SampleEvent.columns.indices))
        func cents(_ text: String) throws -> Int { try #require(Int(text.filter { $0 != "." })) }
        var ids: Set<String> = []
        for row in SampleRows(profiles: 500, seed: 4) where !row.isDuplicate {
            var sum = 0
            for event in row.events {
                func value(_ name: String) throws -> String { event.values[try #require(place[name])] }
                #expect(ids.insert(try value("event_id")).inserted)
                guard try value("event") != "Product Viewed" else { continue }
                let amount = try cents(value("price")) * #require(Int(value("quantity")))
                sum += try value("event") == "Order Refunded" ? -amount : amount
            }
            #expect(try cents(row[.lifetimeValue]) == sum)
        }
        #expect(ids.count > 1000)
    }

    @Test("tells what people agreed to over time, and the rows of customers say what stood at one of those times")
    func consents() throws {
        var moments: [Int: [(time: Timestamp, answers: [String])]] = [:]
        var counts: [Int: Int] = [:]
        var (withdrawn, regranted, repeated, old) = (0, 0, 0, 0)
        for row in SampleRows(profiles: 3000, seed: 6) {
            if !row.isDuplicate {
                let told = try row.consents.map { consent in
                    (time: try #require(Timestamp(consent.values[2])), answers: Array(consent.values[3...]))
                }
                moments[row.person] = told
                counts[told.count, default: 0] += 1
                #expect(zip(told, told.dropFirst()).allSatisfy { $0.time < $1.time })
                if let first = try row.events.first.map({ try #require(Timestamp($0.values[4])) }) {
                    #expect(told[0].time < first)
                }
                for purpose in ConsentAnswer.purposes.indices {
                    let answers = told.map { $0.answers[purpose] }
                    if zip(answers, answers.dropFirst()).contains(where: { $0 == "yes" && $1 == "no" }) {
                        withdrawn += 1
                        if answers.last == "yes" { regranted += 1 }
                    }
                    // Nobody takes an answer back to nothing.
                    #expect(!zip(answers, answers.dropFirst()).contains { !$0.isEmpty && $1.isEmpty })
                }
                if zip(told, told.dropFirst()).contains(where: { $0.answers == $1.answers }) { repeated += 1 }
            } else {
                #expect(row.consents.isEmpty)
            }
            let time = try #require(Timestamp(row[.consentTime]))
            let told = try #require(moments[row.person])
            let moment = try #require(told.first { $0.time == time })
            #expect(moment.answers == Column.consents.map { row[$0] })
            if time != told.last?.time { old += 1 }
            #expect(row.isDuplicate || time == told.last?.time)
        }
        #expect(Set(counts.keys) == [1, 2, 3, 4])
        #expect(withdrawn > 100 && regranted > 10 && repeated > 100 && old > 5)
    }
}
