// Every theme's table, in the order they run.
let allCases: [Case] = [
    lifecycleCases, killCases, processCases, userCases, exitCases, descriptorCases, namespaceCases,
    mountCases, mountOptionCases, bindMountCases,
    rootfsCases, seccompCases, seccompNotifyCases, processAttributeCases, netDeviceCases, hookDetailCases,
    cgroupCases, systemdCases, pauseCases, updateCases, statisticsCases, hookCases, hookStateCases,
    hookNamespaceCases, hookFailureCases, errorCases, badInputCases,
    securityCases, raceCases, engineCases, realCases,
].flatMap { $0 }
