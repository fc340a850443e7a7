// Every theme's table, in the order they run.
let allCases: [Case] = [
    lifecycleCases, killCases, processCases, userCases, exitCases, descriptorCases, namespaceCases,
    mountCases,
    rootfsCases, seccompCases, cgroupCases, hookCases, errorCases, badInputCases,
    securityCases, raceCases,
].flatMap { $0 }
