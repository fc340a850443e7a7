// The two functions of libm that a formula of the cgroup rules needs.
import Glibc

/// The logarithm to the base 2 (log2(3)).
public func logarithm2(_ value: Double) -> Double { log2(value) }

/// `base` to the power of `exponent` (pow(3)).
public func power(_ base: Double, _ exponent: Double) -> Double { pow(base, exponent) }
