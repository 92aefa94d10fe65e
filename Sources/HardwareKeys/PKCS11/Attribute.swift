#if HardwareKeys
    import CP11Kit

    /// One attribute of an object (PKCS#11 2.40 §4).
    enum Attribute {
        case flag(CK_ATTRIBUTE_TYPE, Bool)
        case number(CK_ATTRIBUTE_TYPE, CK_ULONG)
        case bytes(CK_ATTRIBUTE_TYPE, [UInt8])

        static func text(_ type: CK_ATTRIBUTE_TYPE, _ text: String) -> Attribute { .bytes(type, Array(text.utf8)) }

        fileprivate var type: CK_ATTRIBUTE_TYPE {
            switch self {
            case .flag(let type, _), .number(let type, _), .bytes(let type, _): type
            }
        }

        var value: [UInt8] {
            switch self {
            case .flag(_, let flag): [flag ? 1 : 0]
            case .number(_, let number): unsafe withUnsafeBytes(of: number) { unsafe Array($0) }
            case .bytes(_, let bytes): bytes
            }
        }
    }

    extension [Attribute] {
        /// Lends the attributes as a template, which a call reads.
        func withTemplate<R>(_ body: (UnsafeMutablePointer<CK_ATTRIBUTE>, CK_ULONG) -> R) -> R {
            let values = map(\.value)
            // Each value where also a number may lie.
            let room = 16
            let places = values.reduce(into: [0]) { $0.append($0.last! + ($1.count + room - 1) / room * room) }
            let memory = UnsafeMutableRawBufferPointer.allocate(byteCount: places.last! + room, alignment: room)
            defer { unsafe memory.deallocate() }
            var template: [CK_ATTRIBUTE] = unsafe []
            for (attribute, (value, place)) in zip(self, zip(values, places)) {
                unsafe memory.baseAddress!.advanced(by: place).copyMemory(from: value, byteCount: value.count)
                unsafe template.append(
                    CK_ATTRIBUTE(
                        type: attribute.type, pValue: memory.baseAddress! + place, ulValueLen: CK_ULONG(value.count)))
            }
            return unsafe template.withUnsafeMutableBufferPointer {
                unsafe body($0.baseAddress!, CK_ULONG($0.count))
            }
        }
    }
#endif
