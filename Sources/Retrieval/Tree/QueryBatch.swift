/// A few queries that go through the tree together: each from its own home, then all back from the root to what may
/// still hold a nearer vector for some of them.
///
/// Queries share only the order of nodes; each prunes for itself, so its answer does not depend on its company.
struct QueryBatch {
    var walks: [TreeWalk]
    /// A query that has scanned so many leaves leaves the rest out; `Int.max` is exact.
    var leafBudget = Int.max
    /// Once it is wanted, the rest of the tree is left out.
    var stop = StopRequest {}

    private struct Member {
        var walk: Int
        /// From the query to the node's box.
        var bound: Float
    }

    mutating func run() {
        guard let memory = walks.first?.memory else { return }
        for walk in walks.indices where !stop.isWanted() { walks[walk].settle() }
        visit(0, walks.indices.map { Member(walk: $0, bound: 0) }, memory)
    }

    private mutating func visit(_ node: Int, _ candidates: [Member], _ memory: TreeBuffers) {
        guard !stop.isWanted() else { return }
        var left: [Member] = []
        var right: [Member] = []
        var votes = 0
        let question = memory.nodes[node].question
        for candidate in candidates {
            let walk = candidate.walk
            if walks[walk].home == node { continue }  // been there
            guard candidate.bound <= walks[walk].limit, walks[walk].statistics.leavesVisited < leafBudget else {
                walks[walk].statistics.nodesPruned += 1
                walks[walk].trace?.pruned.append(node)
                continue
            }
            walks[walk].statistics.nodesVisited += 1
            walks[walk].trace?.visited.append(node)
            if let question {
                left.append(Member(walk: walk, bound: walks[walk].boxDistance(node + 1)))
                right.append(Member(walk: walk, bound: walks[walk].boxDistance(question.right)))
                votes += walks[walk].goesRight(at: question) ? 1 : -1
            } else {
                walks[walk].scan(node)
            }
        }
        guard let question, !left.isEmpty else { return }
        if votes > 0 {
            visit(question.right, right, memory)
            visit(node + 1, left, memory)
        } else {
            visit(node + 1, left, memory)
            visit(question.right, right, memory)
        }
    }
}
