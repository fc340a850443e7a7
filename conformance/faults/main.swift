// Makes every step of a plan fail, one at a time, and looks for what is left: root, and a bundle with everything in it.
//
//     apus-faults BUNDLE
//
// Prints TAP. For each step: the creation (or, for what follows `start`, the start) must fail with that step's pointer,
// and no cgroup, mount, process, state directory or descriptor may be left.
import Glibc
import LaunchPlan
import Lifecycle
import Linux

let arguments = CommandLine.arguments
guard arguments.count == 2, arguments[1].hasPrefix("/") else {
    print("usage: apus-faults BUNDLE (an absolute path)")
    exit(1)
}

var report = FaultReport()
for mode in LaunchMode.allCases { Faults(bundle: arguments[1], mode: mode).run(&report) }
print("1..\(report.count)")
print("\(report.count - report.failures) passed, \(report.failures) failed, 0 skipped")
exit(report.failures == 0 ? 0 : 1)
