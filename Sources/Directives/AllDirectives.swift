/// Every kind of directive.
package let allDirectives: [any ReportDirective.Type] = [
    DescribeDataset.self, Haar.self, Preprocess.self, Triplets.self, Augmentations.self, Model.self, Train.self,
    Ablation.self, Vectors.self, Evaluate.self, QueryGrid.self, QueryPage.self, Compare.self, CompareTrainings.self,
    Index.self,
    SearchScaling.self,
    SuspectFaces.self, DrawDiagram.self, Claim.self,
]
