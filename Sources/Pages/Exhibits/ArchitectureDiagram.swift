/// A network as rows of blocks from image to embedding, each frozen or trained.
package struct ArchitectureDiagram: Sendable {
    package struct Block: Sendable {
        /// Whether the block's input is added to its output.
        package var hasShortcut: Bool
        /// Share of its layers that learn, 0 … 1.
        package var trainedShare: Double

        package init(hasShortcut: Bool, trainedShare: Double) {
            (self.hasShortcut, self.trainedShare) = (hasShortcut, trainedShare)
        }
    }

    /// Blocks of one kind in a row; without blocks, a step that has nothing to learn.
    package struct Row: Sendable {
        package var name: String
        /// What one block does: `1×1 64 → 3×3 64 → 1×1 256`.
        package var detail: String
        package var blocks: [Block]
        /// `55 × 55 × 256`.
        package var output: String
        package var parameters: Int

        package init(name: Phrase, detail: Phrase, blocks: [Block], output: Phrase, parameters: Int) {
            (self.name, self.detail, self.blocks) = (name.text, detail.text, blocks)
            (self.output, self.parameters) = (output.text, parameters)
        }
    }

    package var rows: [Row]
    package var alternative: String

    package init(rows: [Row], alternative: Phrase) { (self.rows, self.alternative) = (rows, alternative.text) }
}
