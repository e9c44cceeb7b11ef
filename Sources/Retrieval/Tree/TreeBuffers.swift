import Tensors

/// The arrays of a tree and of its queries, valid while `with` runs.
struct TreeBuffers {
    let tree: KDTree
    let nodes: UnsafePointer<KDTree.Node>
    let order: UnsafePointer<Int64>
    let rows: UnsafePointer<SIMD16<Float>>
    let boxes: UnsafePointer<SIMD16<Float>>
    let blocks: UnsafePointer<SIMD16<Float>>
    /// The queries in the tree's coordinates.
    let points: UnsafePointer<SIMD16<Float>>
    let queries: UnsafePointer<SIMD16<Float>>

    static func with(
        _ tree: KDTree, _ coordinates: Coordinates, _ exact: PaddedRows, _ body: (TreeBuffers) -> Void
    ) {
        tree.nodes.withUnsafeBufferPointer { nodes in
            tree.keyed.withUnsafeBufferPointer { order in
                tree.rows.values.withUnsafeBufferPointer { rows in
                    tree.bounds.values.withUnsafeBufferPointer { boxes in
                        tree.blocks.values.withUnsafeBufferPointer { blocks in
                            coordinates.values.withUnsafeBufferPointer { points in
                                exact.values.withUnsafeBufferPointer { queries in
                                    guard let nodes = nodes.baseAddress, let order = order.baseAddress,
                                        let rows = rows.baseAddress, let boxes = boxes.baseAddress,
                                        let blocks = blocks.baseAddress, let points = points.baseAddress,
                                        let queries = queries.baseAddress
                                    else { return }
                                    body(
                                        TreeBuffers(
                                            tree: tree, nodes: nodes, order: order, rows: rows, boxes: boxes,
                                            blocks: blocks, points: points, queries: queries))
                                }
                            }
                        }
                    }
                }
            }
        }
    }

    func goesRight(_ query: Int, at question: KDTree.Question) -> Bool {
        let point = UnsafeRawPointer(points + query * tree.bounds.width)
        return question.threshold.sendsRight(
            Double(point.load(fromByteOffset: question.direction * 4, as: Float.self)))
    }

    /// The deepest node on the query's own side that holds at least k vectors.
    func home(of query: Int, k: Int) -> Int {
        var node = 0
        while let question = nodes[node].question {
            let next = goesRight(query, at: question) ? question.right : node + 1
            guard nodes[next].vectors.count >= k else { break }
            node = next
        }
        return node
    }
}
