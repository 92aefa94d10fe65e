#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

// The library's own `arguments` repairs what is not UTF-8; the bytes say whether it was.
let words = (1..<max(1, Int(CommandLine.argc))).compactMap { place in
    CommandLine.unsafeArgv[place].map {
        Array(UnsafeBufferPointer(start: $0, count: strlen($0)).map(UInt8.init(bitPattern:)))
    }
}
exit(Program.run(words))
