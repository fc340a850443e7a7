// Asks systemd by way of apus-systemd, the small program beside apus that speaks D-Bus.
import Cgroups
import LaunchPlan
import Linux

/// One request to systemd. Only the systemd driver pays for it: a process, a connection, and systemd's own time.
struct SystemdCall {
    static let program = "apus-systemd"
    /// Longer than the program's own limit, in milliseconds.
    private static let limit = 40_000

    /// Does what `request` says; for a start, the unit's cgroup below its manager's root.
    @discardableResult
    static func perform(_ request: UnitRequest) throws(Failure) -> String {
        let helper = try find()
        let answer = try calls(Self.program) { () throws(Errno) in try run(helper, request.encoded) }
        let words = answer.split(separator: " ", maxSplits: 2, omittingEmptySubsequences: false)
        if words.first == "done" { return words.dropFirst().joined(separator: " ") }
        guard words.count == 3 else {
            throw Failure("\(helper) ended without an answer", phase: "systemd")
        }
        throw failure(request, name: String(words[1]), text: String(words[2]))
    }

    /// Beside apus, or where distributions keep programs that only programs start.
    private static func find() throws(Failure) -> String {
        let own = (try? Syscall.readLink("/proc/self/exe")) ?? "/usr/bin/apus"
        let directory = own.lastIndex(of: "/").map { String(own[..<$0]) } ?? ""
        let places = [directory, directory + "/../libexec/apus"].map { $0 + "/" + program }
        for place in places where (try? Syscall.status(place))?.isRegular == true { return place }
        throw Failure(
            "the systemd cgroup driver needs \(program): neither \(places[0]) nor \(places[1]) is there",
            hint: "install it, or use --cgroup-manager cgroupfs", errno: .noEntry)
    }

    /// What the program prints on its standard output for `request` on its standard input, without the end of line.
    private static func run(_ helper: String, _ request: [UInt8]) throws(Errno) -> String {
        let input = try Syscall.scratchFile("apus-systemd-request")
        let output = try Syscall.scratchFile("apus-systemd-answer")
        try Syscall.write(input.raw, request, offset: 0)
        var program = Program()
        program.unblockSignals()
        program.takeStreams([(input.raw, 0), (output.raw, 1)])
        program.syscall(
            .execve, program.string(helper), program.stringArray([Self.program]),
            program.stringArray(Environment.all))
        var launch = InitLaunch(program: program)
        launch.inherited = [input.raw, output.raw]
        let process = try launch.start()
        if let report = try InitReport.next(on: process.channel.raw) {
            _ = try Syscall.wait(process.pid)
            throw report.error
        }
        let ended = try Syscall.waitForEnd(of: process.pidfd.raw, milliseconds: limit)
        if !ended { try? Syscall.signal(process: process.pidfd.raw, 9) }
        _ = try Syscall.wait(process.pid)
        if !ended { throw .timedOut }
        let bytes = try Syscall.read(output.raw, count: 4096, offset: 0)
        return String(decoding: bytes.prefix { $0 != UInt8(ascii: "\n") }, as: UTF8.self)
    }

    private static func failure(_ request: UnitRequest, name: String, text: String) -> Failure {
        let unit = request.unit
        var failure: Failure
        switch name {
        case "bus":
            failure = Failure(
                "systemd cgroup driver: connect to the \(unit.isUsers ? "user's" : "system") bus: \(text)",
                hint: unit.isUsers
                    ? "is there a user session? loginctl enable-linger makes one" : "is systemd running here?"
            )
        case "org.freedesktop.systemd1.UnitExists":
            failure = Failure(
                "systemd unit \(unit.text) exists already", pointer: "/linux/cgroupsPath", errno: .exists)
        default:
            failure = Failure("systemd unit \(unit.text): \(text) (\(name))", pointer: "/linux/cgroupsPath")
            // systemd names the property that it refuses.
            let named = text.split { !($0.isLetter && $0.isASCII) }
            if let property = request.properties.first(where: {
                !$0.pointer.isEmpty && named.contains($0.name[...])
            }) {
                failure.pointer = property.pointer
            }
        }
        // systemd does not say whose contents it did not expect; the runtime's own it knows.
        let isType = text.hasSuffix("Unexpected message contents")
        if isType, request.properties.contains(where: { $0.pointer.hasPrefix("/annotations/") }) {
            failure.pointer = "/annotations"
            failure.hint = "an annotation org.systemd.property.NAME may be of another type than the property"
        }
        failure.phase = "systemd"
        return failure
    }
}

extension UnitRequest {
    fileprivate var properties: [UnitProperty] {
        switch self {
        case .start(let unit, _): unit.properties
        case .set(_, let properties): properties
        case .attach, .stop: []
        }
    }
}
