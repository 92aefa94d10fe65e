# Words for people and for CI; each does one thing. `make` alone lists them.
SHELL := /bin/bash
.SHELLFLAGS := -eu -o pipefail -c

# libphonenumber-dev brings the headers of libstdc++, which the C++ face is compiled with; with sqlite3 tests
# change a database behind the program's back.
PACKAGES := libsodium-dev libsqlite3-dev libphonenumber-dev libidn2-dev zlib1g-dev liboath-dev libqrencode-dev libfido2-dev libgnutls28-dev libp11-kit-dev libcurl4-openssl-dev pkg-config sqlite3
RELEASE := .build/release/profilevault

# Each instrumented build has a folder of its own, so that none undoes another.
ASAN := .build-asan
TSAN := .build-tsan
COVER := .build-cover
DOCS := .build/docs
# A Python environment of its own; benchmarks and tests look for it here.
PEERS := .peers

# Published cases of the policy language, beside the project where they are.
VECTORS := $(or $(PROFILEVAULT_SHARED),../shared)/vectors/cedar
CONFORMANCE := .build/release/profilevault-conformance

.PHONY: help deps peers build demo test check conformance bench core asan tsan cover docs soak format install clean

help:
	@echo "make deps         install the C libraries (Debian packages; asks for root where it is needed)"
	@echo "make build        build the command line in release mode"
	@echo "make demo         the whole story in a minute: import, a read with consent, refusals, an export, a theft, an erasure, the proof"
	@echo "make test         every test"
	@echo "make check        formatting, warnings as errors, the build with libsodium and SQLite alone"
	@echo "make conformance  published cases of the policy language, case by case"
	@echo "make bench        ours beside plain SQLite, raw libsodium, cedarpy and others, in one run"
	@echo "make peers        the Python packages that ours is measured against and compared with, in $(PEERS)"
	@echo "make core         the build with libsodium and SQLite alone"
	@echo "make asan         every test under the address sanitizer; of the program its leaks, too"
	@echo "make tsan         every test under the thread sanitizer"
	@echo "make cover        lines that the tests reach, room by room; fails below the goals"
	@echo "make docs         the documentation of the code, in $(DOCS)"
	@echo "make soak         the long forms of the fuzz and property tests"
	@echo "make format       put the sources into the house's form"
	@echo "make install      put the program, the default policies and the examples under /usr/local"
	@echo "make clean        remove what was built"

deps:
	@missing=(); for package in $(PACKAGES); do \
		dpkg-query -W -f='$${Status}' "$$package" 2>/dev/null | grep -q 'install ok installed' || missing+=("$$package"); \
	done; \
	if [ "$${#missing[@]}" -gt 0 ] && ! command -v apt-get >/dev/null; then \
		echo "this is no Debian: what these packages hold has to be there: $${missing[*]}"; \
	elif [ "$${#missing[@]}" -gt 0 ]; then \
		echo "installing $${missing[*]}"; \
		root=(); if [ "$$(id -u)" -ne 0 ]; then root=(sudo); fi; \
		"$${root[@]}" apt-get update -qq; \
		DEBIAN_FRONTEND=noninteractive "$${root[@]}" apt-get install -y -qq "$${missing[@]}" >/dev/null; \
	fi
	@command -v swift >/dev/null || { echo "Swift 6.2 or later is needed: https://www.swift.org/install/linux/"; exit 1; }

build: deps
	swift build -c release --product profilevault

demo: build
	@scripts/demo.sh $(RELEASE)

test: deps
	swift build --build-tests --disable-xctest
	swift test --skip-build --disable-xctest

check: deps
	swift format lint --strict -r Sources Tests Benchmarks Package.swift
	swift build
	$(MAKE) core

# The vault, consent, Cedar, gate, log and command line with libsodium and libsqlite3 alone.
core: deps
	swift build --disable-default-traits --product profilevault --scratch-path .build-core
	@if ldd .build-core/debug/profilevault | grep -E 'phonenumber|idn2|libz\.|oath|qrencode|fido2|gnutls|p11-kit|curl'; then \
		echo "the core build links more than it may"; exit 1; fi

# Every figure is printed, also after one that fails.
conformance:
	@if [ ! -d "$(VECTORS)" ]; then echo "$(VECTORS): not found, skipped"; exit 0; fi; \
	swift build -c release --product profilevault-conformance; \
	corpus=$$(mktemp -d); trap 'rm -rf "$$corpus"' EXIT; \
	tar -xzf "$(VECTORS)/corpus-tests.tar.gz" -C "$$corpus"; \
	status=0; \
	echo "handwritten cases"; $(CONFORMANCE) cedar "$(VECTORS)" || status=1; \
	echo "corpus"; $(CONFORMANCE) cedar "$$corpus" || status=1; \
	echo "expression probes"; $(CONFORMANCE) cedar-probes "$(VECTORS)/expr_probes.json" || status=1; \
	echo "several policies, templates, links"; $(CONFORMANCE) cedar-links "$(VECTORS)/multi_policy_templates.json" || status=1; \
	exit $$status

bench: deps
	swift build -c release --product profilevault-bench
	.build/release/profilevault-bench

# The official Cedar engine, the reference of SLIP-0039, Fernet, and AWS as moto plays it; not needed to build, to run or to test.
# Tests of keys in AWS run this by themselves where moto is missing.
peers:
	python3 -m venv $(PEERS)
	$(PEERS)/bin/pip install --quiet cedarpy==4.12.2 shamir-mnemonic==0.3.0 cryptography "moto[server]==5.2.5" botocore==1.44.8

# A data race or a wrong access ends the test run; the built program runs under the same sanitizer. One test after the
# other: under a sanitizer all are slow, and their time is limited. Left out are the tests that limit a program's memory or,
# with the thread sanitizer, its files: the sanitizer needs both for itself.
asan: deps
	swift build --build-tests --disable-xctest --sanitize=address --scratch-path $(ASAN)
	ASAN_OPTIONS="detect_leaks=0:$${ASAN_OPTIONS:-}" \
		swift test --skip-build --disable-xctest --no-parallel --sanitize=address --scratch-path $(ASAN) \
		--skip EndToEndTests.MemoryTests

tsan: deps
	swift build --build-tests --disable-xctest --sanitize=thread --scratch-path $(TSAN)
	"$$(dirname "$$(readlink -f "$$(command -v swift)")")/clang" -shared -fPIC -O1 -Wall -o $(TSAN)/mutex.so scripts/tsan-mutex.c
	TSAN_OPTIONS="halt_on_error=1 $${TSAN_OPTIONS:-}" LD_PRELOAD="$(CURDIR)/$(TSAN)/mutex.so" \
		swift test --skip-build --disable-xctest --no-parallel --sanitize=thread --scratch-path $(TSAN) \
		--skip 'EndToEndTests.MemoryTests|DiskFullTests/limitedFiles|ExportTests/noRoom'

cover: deps
	swift build --build-tests --disable-xctest --enable-code-coverage --scratch-path $(COVER)
	rm -rf $(COVER)/profiles
	LLVM_PROFILE_FILE="$(CURDIR)/$(COVER)/profiles/%p.profraw" \
		swift test --skip-build --disable-xctest --scratch-path $(COVER)
	scripts/coverage.sh $(COVER)

docs:
	scripts/docs.sh $(DOCS)

soak: deps
	PROFILEVAULT_SOAK=1 swift test --disable-xctest

format:
	swift format -i -r Sources Tests Benchmarks Package.swift

install: build
	install -D -m 755 $(RELEASE) /usr/local/bin/profilevault
	mkdir -p /usr/local/share/profilevault && cp -r policies docs/examples /usr/local/share/profilevault/

clean:
	rm -rf .build .build-core $(PEERS) $(ASAN) $(TSAN) $(COVER)
