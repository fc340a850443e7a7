# apus: what a person types. The work is in scripts/ and conformance/.
#   make            the release binary, .build/release/apus
#   make demo       builds it and runs a container from a hand-made bundle
#   make test       all suites; make lint: style; make bench: apus against crun and runc
#   make vm-test    the suite in User-mode Linux guests with cgroup v2, for apus, crun and runc
#   make vm-test-qemu  the suite in machines that QEMU emulates: cpuset, hugetlb, time namespaces, several processors
#   make fuzz       FUZZ_SECONDS=30: the fuzzers, side by side
#   make install    PREFIX=/usr/local DESTDIR=
# Missing Debian packages are named; as root on Debian they are installed.

SWIFT ?= swift
PREFIX ?= /usr/local
DESTDIR ?=
BINARY := .build/release/apus
# The systemd driver's own program: D-Bus needs libsystemd, which cannot be linked statically.
SYSTEMD := .build/release/apus-systemd
SYSTEMD_SOURCES := Sources/apus-systemd/main.c Sources/apus-systemd/request.c
# Fully static, without what nothing refers to, what a start executes side by side, and stripped: see CONTRIBUTING.md,
# "The binary", and the decision record 0003-startup.
RELEASE := -c release -Xswiftc -static-executable -Xswiftc -use-ld=lld -Xlinker --gc-sections \
	-Xswiftc -Xfrontend -Xswiftc -function-sections -Xswiftc -Xfrontend -Xswiftc -disable-type-layout \
	-Xswiftc -Xfrontend -Xswiftc -disable-concrete-type-metadata-mangled-name-accessors \
	-Xlinker --symbol-ordering-file=$(CURDIR)/scripts/symbols.order -Xlinker --no-warn-symbol-ordering

# Both are `:` for scripts/order-symbols, which needs the names.
STRIP ?= strip
CHECK ?= scripts/check-binary

export SWIFT

.PHONY: all release demo test vm-test vm-test-qemu lint bench engines fuzz install clean conformance-results fallbacks

all: release

release:
	@scripts/dependencies build
	@scripts/quietly $(SWIFT) build $(RELEASE) --product apus
	@scripts/trim-startup $(BINARY) && $(STRIP) $(BINARY)
	@$(CHECK) $(BINARY)
	@$(MAKE) --no-print-directory $(SYSTEMD)

$(SYSTEMD): $(SYSTEMD_SOURCES) Sources/apus-systemd/request.h
	@scripts/dependencies systemd
	@mkdir -p $(@D)
	$(CC) -O2 -Wall -Wextra -Werror -Wl,-z,now -o $@ $(SYSTEMD_SOURCES) $$(pkg-config --cflags --libs libsystemd)

demo:
	@scripts/dependencies build demo
	@$(MAKE) --no-print-directory release
	@scripts/demo $(BINARY)

test:
	@scripts/dependencies build test vm $(if $(ENGINES),engines)
	@scripts/test

vm-test:
	@scripts/dependencies build test vm
	@$(MAKE) --no-print-directory release
	@conformance/vm/test $(BINARY)

vm-test-qemu:
	@scripts/dependencies build test vm qemu
	@$(MAKE) --no-print-directory release
	@conformance/vm/test --qemu $(BINARY)

fuzz:
	@scripts/dependencies build
	@Tests/Fuzz/run

lint:
	@scripts/dependencies build
	@scripts/lint

# CRUN= and RUNC= name the peers; the default is what is on PATH.
bench:
	@scripts/dependencies build bench
	@$(MAKE) --no-print-directory release
	@conformance/bench --apus $(BINARY) $(if $(CRUN),--crun $(CRUN)) $(if $(RUNC),--runc $(RUNC)) $(BENCH)

# The table of apus, crun and runc: conformance/RESULTS.md. CRUN= and RUNC= name the peers.
conformance-results:
	@scripts/dependencies build test
	@$(MAKE) --no-print-directory release
	@conformance/results $(CURDIR)/$(BINARY) $(or $(CRUN),$(shell command -v crun)) $(or $(RUNC),$(shell command -v runc))

# The whole suite with each of ten system calls denied.
fallbacks:
	@scripts/dependencies build test
	@$(MAKE) --no-print-directory release
	@conformance/fallbacks/run $(CURDIR)/$(BINARY) --whole

# Every engine of this system and of Debian sid with apus, runc and crun; what crun needs, cgroup v2, as well. An hour and a half.
engines:
	@scripts/dependencies build engines
	@$(MAKE) --no-print-directory release
	@CYCLES=200 conformance/engines/results $(CURDIR)/$(BINARY) $(or $(RUNC),$(shell command -v runc)) $(or $(CRUN),$(shell command -v crun))

install: release
	install -D -m 0755 $(BINARY) $(DESTDIR)$(PREFIX)/bin/apus
	install -D -m 0755 $(SYSTEMD) $(DESTDIR)$(PREFIX)/bin/apus-systemd

clean:
	rm -rf .build conformance/.build conformance/.work
