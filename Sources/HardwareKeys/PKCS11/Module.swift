#if HardwareKeys
    import CP11Kit
    import Glibc
    import Secrets

    /// A PKCS#11 module, loaded and initialised through p11-kit; finalised and released when its owner lets go.
    ///
    /// A process may initialise a module once (PKCS#11 2.40 §5.4). p11-kit counts its users, also those in other
    /// libraries, and the last one finalises it; it asks the module to lock for threads.
    @safe struct Module: ~Copyable {
        let functions: UnsafeMutablePointer<CK_FUNCTION_LIST>

        /// - Throws: `token.module_missing`, `token.module_too_open`, `token.module_failed`.
        init(_ library: TokenURI.Library) throws(SecretsError) {
            let path =
                switch library {
                case .path(let path): path
                case .name(let name): try Self.path(ofConfigured: name)
                }
            try TrustedModule.require(path)
            guard let functions = unsafe p11_kit_module_load(path, Int32(P11_KIT_MODULE_CRITICAL)) else {
                throw Self.failure("`\(path)` could not be loaded as a PKCS#11 module: \(Self.reason)")
            }
            let status = ReturnValue(unsafe p11_kit_module_initialize(functions))
            guard status.isDone else {
                let error = status.error("it could not start")
                unsafe p11_kit_module_release(functions)
                throw Self.failure("the PKCS#11 module `\(path)` failed: \(error.message)")
            }
            unsafe self.functions = functions
        }

        deinit {
            unsafe p11_kit_module_finalize(functions)
            unsafe p11_kit_module_release(functions)
        }

        /// Where the module is that p11-kit has configured under `name`.
        private static func path(ofConfigured name: String) throws(SecretsError) -> String {
            guard let modules = unsafe p11_kit_modules_load(nil, 0) else {
                throw failure("p11-kit could not read which modules are configured: \(reason)")
            }
            defer { unsafe p11_kit_modules_release(modules) }
            guard let module = unsafe p11_kit_module_for_name(modules, name),
                let path = unsafe p11_kit_module_get_filename(module)
            else {
                throw SecretsError(
                    SecretsError.tokenModuleMissing, "p11-kit has no PKCS#11 module `\(name)` configured",
                    remedy: "see `p11-kit list-modules`, or name the file with `module-path`")
            }
            defer { unsafe free(path) }
            return unsafe String(cString: path)
        }

        private static var reason: String {
            unsafe p11_kit_message().map { unsafe String(cString: $0) } ?? "it does not say why"
        }

        private static func failure(_ message: String) -> SecretsError {
            SecretsError(
                SecretsError.tokenModuleFailed, message,
                remedy: "check the module with `p11-kit list-modules` or the tool of the token's maker")
        }
    }
#endif
