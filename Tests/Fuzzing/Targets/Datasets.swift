import Faces
import Imaging

extension FuzzTarget {
    /// `img_align_celeba.zip` beside an identity list of two.
    static let photographs = FuzzTarget(name: "zip", longest: 4096) { bytes, scratch in
        let folder = try scratch.emptyFolder("zip")
        try Scratch.write(Array("000001.jpg 1\n000002.pgm 2\n".utf8), to: folder + "/identity_CelebA.txt")
        for file in [bytes, Repair.zip(bytes)] {
            try Scratch.write(file, to: folder + "/img_align_celeba.zip")
            guard let dataset = try? Dataset(contentsOf: folder) else { continue }
            let source = try dataset.source()
            for photograph in dataset.photographs {
                guard let entry = photograph.entry, let content = try? source.bytes(of: photograph.path, entry: entry)
                else { continue }
                try promise(content.count == entry.size, "\(content.count) bytes unpacked instead of \(entry.size)")
                _ = try? source.image(of: photograph)
            }
        }
    }

    /// The annotation lists of CelebA and LFW beside photographs that they may speak of.
    static let lists = FuzzTarget(name: "lists", longest: 2048) { bytes, scratch in
        let names = [
            "identity_CelebA.txt", "identity_CelebA.csv", "list_attr_celeba.txt", "list_attr_celeba.csv",
            "list_landmarks_align_celeba.txt", "list_landmarks_align_celeba.csv", "list_eval_partition.txt",
            "list_eval_partition.csv", "pairs.txt",
        ]
        let folder = try scratch.emptyFolder("lists")
        for name in ["000001.jpg", "000002.jpg", "000003.jpg"] {
            try Scratch.write([], to: folder + "/img_align_celeba/" + name)
        }
        for person in ["Ann", "Bob"] {
            for number in 1...2 { try Scratch.write([], to: "\(folder)/\(person)/\(person)_000\(number).jpg") }
        }
        for (name, file) in Parcel(bytes, names: names).files { try Scratch.write(file, to: folder + "/" + name) }
        guard let dataset = try? Dataset(contentsOf: folder) else { return }
        for photograph in dataset.photographs {
            let count = photograph.attributes?.count ?? dataset.attributeNames.count
            try promise(count == dataset.attributeNames.count, "\(photograph.path) has \(count) attributes")
            try promise(photograph.attributes?.allSatisfy { $0 == 1 || $0 == -1 } ?? true, "an attribute is not ±1")
            try promise(!photograph.identity.isEmpty, "\(photograph.path) shows nobody")
        }
        for pair in dataset.pairs {
            for index in [pair.first, pair.second] {
                try promise(dataset.photographs.indices.contains(index), "a pair names photograph \(index)")
            }
        }
        for list in dataset.lists { try promise(list.present <= list.count, "\(list.path) describes more than it lists") }
    }
}
