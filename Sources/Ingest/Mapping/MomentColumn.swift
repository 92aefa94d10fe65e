import Core
import Vault

/// A column that says when something was, with what is the same for every row.
final class MomentColumn: Sendable {
    private let column: String
    private let cleaning: Cleaning
    private let options: StandardForm.Options

    /// `name` is what rejections call the column; by default the name that the map file has.
    init(_ rule: PropertyRule, base: StandardForm.Options, name: String? = nil) {
        column = name ?? rule.column
        cleaning = rule.cleaning
        options = rule.hints.applied(to: base)
    }

    /// The moment that `raw` says; `nil` where it is blank.
    func moment(_ raw: ArraySlice<UInt8>, line: Int) throws(Rejection) -> Timestamp? {
        let clean: ArraySlice<UInt8>
        do throws(RejectionCode.Thrown) {
            clean = try cleaning.clean(raw)
        } catch {
            throw Rejection(line: line, column: column, error.code)
        }
        do throws(StandardFormError) {
            return try StandardForm.moment(clean, options)
        } catch {
            throw Rejection(line: line, column: column, RejectionCode(error))
        }
    }
}
