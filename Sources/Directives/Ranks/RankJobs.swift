import Ranks

/// What steps hand out to other ranks.
package let rankJobs: [any RankJob.Type] = [Examining.self, Describing.self, Training.self]
