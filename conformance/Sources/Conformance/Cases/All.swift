// Every theme's table, in the order they run.
let allCases: [Case] = [
    lifecycleCases, killCases, processCases, userCases, exitCases, descriptorCases, namespaceCases,
    mountCases, mountOptionCases, bindMountCases, linkMountCases, mountPropagationCases,
    idMappedMountCases,
    userNamespaceCases, rootlessCases,
    rootfsCases, seccompCases, seccompNotifyCases, processAttributeCases, netDeviceCases, hookDetailCases,
    cgroupCases, systemdCases, systemdUserCases, pauseCases, updateCases, statisticsCases, hookCases,
    hookStateCases, hookNamespaceCases, hookFailureCases, errorCases, badInputCases,
    execCases, execRefusalCases, execSecurityCases, terminalCases, foregroundCases,
    securityCases, checkpointCases, mountsCommandCases, raceCases, engineCases, realCases,
    operationCases, eachMountOptionCases, hookMomentCases, invalidValueCases, featuresCases,
].flatMap { $0 }
