import Foundation
import Ranks

#if MPI
    import CMPI
#endif

/// The processes that mpirun or srun started together.
///
/// Open MPI carries the bytes (`MPIMessenger`); everything above is `Ranks`. Without the package trait `MPI` a program that
/// was started as one of several says so and ends, for they would all do the same work over the same files.
package enum Cluster {
    /// What launchers set: Open MPI's mpirun; srun and others over PMIx; over PMI-1 and PMI-2.
    private static let variables = ["OMPI_COMM_WORLD_SIZE", "PMIX_RANK", "PMI_RANK"]

    /// Whether this process was started as one of several, or by what starts several.
    package static var isLaunched: Bool {
        let environment = ProcessInfo.processInfo.environment
        return variables.contains { environment[$0] != nil }
    }

    /// How many were started, where the launcher says so: Open MPI's mpirun, PMI, a step of Slurm.
    package static var launchedCount: Int? {
        let environment = ProcessInfo.processInfo.environment
        return ["OMPI_COMM_WORLD_SIZE", "PMI_SIZE", "SLURM_STEP_NUM_TASKS"].lazy
            .compactMap { environment[$0].flatMap { Int($0) } }.first
    }

    /// All ranks; `alone` where nobody started several. Once in a process, before it computes.
    package static func join() throws -> Ranks {
        guard isLaunched else { return .alone }
        #if MPI
            return Ranks(try MPIMessenger())
        #else
            if launchedCount == 1 { return .alone }
            throw NotBuiltForClusters()
        #endif
    }

    /// Ends in good order, on every rank.
    package static func leave() {
        #if MPI
            cmpi_finish()
        #endif
    }
}

/// Started as one of several, without the means to know it.
struct NotBuiltForClusters: Error, CustomStringConvertible {
    var description: String {
        "started as one of several processes, but built without MPI: type 'make cluster', or start one process"
    }
}
