# Words for people and for CI; each does one thing. `make` alone lists them.
SHELL := /bin/bash
.SHELLFLAGS := -eu -o pipefail -c

# libphonenumber-dev brings the headers of libstdc++, which the C++ face is compiled with; with sqlite3 tests
# change a database behind the program's back.
PACKAGES := libsodium-dev libsqlite3-dev libphonenumber-dev libidn2-dev zlib1g-dev pkg-config sqlite3
RELEASE := .build/release/profilevault

.PHONY: help deps build demo test check bench core format soak install clean

help:
	@echo "make deps     install the C libraries (Debian packages; asks for root where it is needed)"
	@echo "make build    build the command line in release mode"
	@echo "make demo     the whole story in a minute: import, a read with consent, refusals, a theft, the proof"
	@echo "make test     every test"
	@echo "make check    formatting, warnings as errors, the build with libsodium and SQLite alone"
	@echo "make bench    ours beside plain SQLite and raw libsodium, in one run"
	@echo "make core     the build with libsodium and SQLite alone"
	@echo "make soak     the long forms of the fuzz and property tests"
	@echo "make format   put the sources into the house's form"
	@echo "make install  put the program and the default policies under /usr/local"
	@echo "make clean    remove what was built"

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
	swift format lint --strict -r Sources Tests Package.swift
	swift build
	$(MAKE) core

# The vault, consent, Cedar, gate, log and command line with libsodium and libsqlite3 alone.
core: deps
	swift build --disable-default-traits --product profilevault --scratch-path .build-core
	@if ldd .build-core/debug/profilevault | grep -E 'phonenumber|idn2|libz\.'; then \
		echo "the core build links more than it may"; exit 1; fi

bench: deps
	swift build -c release --product profilevault-bench
	.build/release/profilevault-bench

soak: deps
	PROFILEVAULT_SOAK=1 swift test --disable-xctest

format:
	swift format -i -r Sources Tests Package.swift

install: build
	install -D -m 755 $(RELEASE) /usr/local/bin/profilevault
	mkdir -p /usr/local/share/profilevault && cp -r policies /usr/local/share/profilevault/

clean:
	rm -rf .build .build-core
