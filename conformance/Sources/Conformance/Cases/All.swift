// Every theme's table, in the order they run.
let allCases: [Case] = [lifecycleCases, processCases].flatMap { $0 }
