/// What TeX's commands without arguments stand for.
enum TeXSymbols {
    static let greek: [String: String] = [
        "alpha": "α", "beta": "β", "gamma": "γ", "delta": "δ", "epsilon": "ϵ", "varepsilon": "ε", "zeta": "ζ",
        "eta": "η", "theta": "θ", "vartheta": "ϑ", "iota": "ι", "kappa": "κ", "lambda": "λ", "mu": "μ", "nu": "ν",
        "xi": "ξ", "omicron": "ο", "pi": "π", "varpi": "ϖ", "rho": "ρ", "varrho": "ϱ", "sigma": "σ", "varsigma": "ς",
        "tau": "τ", "upsilon": "υ", "phi": "ϕ", "varphi": "φ", "chi": "χ", "psi": "ψ", "omega": "ω",
    ]

    /// Letters that TeX sets upright.
    static let upright: [String: String] = [
        "Gamma": "Γ", "Delta": "Δ", "Theta": "Θ", "Lambda": "Λ", "Xi": "Ξ", "Pi": "Π", "Sigma": "Σ", "Upsilon": "Υ",
        "Phi": "Φ", "Psi": "Ψ", "Omega": "Ω", "infty": "∞", "partial": "∂", "nabla": "∇", "emptyset": "∅",
        "varnothing": "∅", "ell": "ℓ", "hbar": "ℏ", "Re": "ℜ", "Im": "ℑ", "aleph": "ℵ", "forall": "∀", "exists": "∃",
        "top": "⊤", "bot": "⊥", "prime": "′", "angle": "∠", "triangle": "△", "degree": "°", "checkmark": "✓",
        "%": "%", "#": "#", "$": "$", "&": "&", "_": "_",
    ]

    static let binary: [String: String] = [
        "cdot": "⋅", "times": "×", "div": "÷", "pm": "±", "mp": "∓", "ast": "∗", "star": "⋆", "circ": "∘",
        "bullet": "∙", "cap": "∩", "cup": "∪", "setminus": "∖", "wedge": "∧", "land": "∧", "vee": "∨", "lor": "∨",
        "oplus": "⊕", "ominus": "⊖", "otimes": "⊗", "odot": "⊙", "bmod": "mod",
    ]

    static let relations: [String: String] = [
        "in": "∈", "notin": "∉", "ni": "∋", "leq": "≤", "le": "≤", "geq": "≥", "ge": "≥", "neq": "≠", "ne": "≠",
        "approx": "≈", "equiv": "≡", "sim": "∼", "simeq": "≃", "cong": "≅", "propto": "∝", "ll": "≪", "gg": "≫",
        "subset": "⊂", "supset": "⊃", "subseteq": "⊆", "supseteq": "⊇", "to": "→", "rightarrow": "→",
        "leftarrow": "←", "gets": "←", "leftrightarrow": "↔", "Rightarrow": "⇒", "Leftarrow": "⇐",
        "Leftrightarrow": "⇔", "iff": "⟺", "implies": "⟹", "longrightarrow": "⟶", "mapsto": "↦", "uparrow": "↑",
        "downarrow": "↓", "mid": "∣", "parallel": "∥", "perp": "⊥", "lt": "<", "gt": ">", "coloneqq": "≔",
    ]

    static let punctuation: [String: String] = ["colon": ":"]

    /// Dots stand like a letter: TeX calls them inner.
    static let dots: [String: String] = [
        "ldots": "…", "dots": "…", "dotsc": "…", "cdots": "⋯", "dotsb": "⋯", "vdots": "⋮", "ddots": "⋱",
    ]

    static let large: [String: String] = [
        "sum": "∑", "prod": "∏", "coprod": "∐", "bigcup": "⋃", "bigcap": "⋂", "bigoplus": "⨁", "bigotimes": "⨂",
        "bigvee": "⋁", "bigwedge": "⋀", "int": "∫", "iint": "∬", "oint": "∮",
    ]

    /// Words set upright; true where scripts go below in display.
    static let functions: [String: Bool] = [
        "log": false, "ln": false, "lg": false, "exp": false, "sin": false, "cos": false, "tan": false, "cot": false,
        "arcsin": false, "arccos": false, "arctan": false, "sinh": false, "cosh": false, "tanh": false, "deg": false,
        "dim": false, "ker": false, "arg": false, "det": true, "gcd": true, "inf": true, "sup": true, "lim": true,
        "max": true, "min": true, "Pr": true, "limsup": true, "liminf": true,
    ]

    static let delimiters: [String: (symbol: String, kind: Formula.Class)] = [
        "{": ("{", .opening), "}": ("}", .closing), "lbrace": ("{", .opening), "rbrace": ("}", .closing),
        "lbrack": ("[", .opening), "rbrack": ("]", .closing), "langle": ("⟨", .opening), "rangle": ("⟩", .closing),
        "lfloor": ("⌊", .opening), "rfloor": ("⌋", .closing), "lceil": ("⌈", .opening), "rceil": ("⌉", .closing),
        "lvert": ("|", .opening), "rvert": ("|", .closing), "lVert": ("‖", .opening), "rVert": ("‖", .closing),
        "|": ("‖", .ordinary), "Vert": ("‖", .ordinary), "vert": ("|", .ordinary), "backslash": ("\\", .ordinary),
    ]

    /// In em, after TeX's mu (18 to the quad).
    static let spaces: [String: Double] = [
        ",": 0.1667, "thinspace": 0.1667, ":": 0.2222, ">": 0.2222, ";": 0.2778, "!": -0.1667, " ": 0.25,
        "enspace": 0.5, "quad": 1, "qquad": 2,
    ]

    /// Marks over or under their argument.
    static let accents: [String: (mark: String, under: Bool, wide: Bool)] = [
        "hat": ("^", false, false), "widehat": ("^", false, true), "bar": ("¯", false, false),
        "overline": ("¯", false, true), "underline": ("_", true, true), "vec": ("→", false, false),
        "tilde": ("~", false, false), "widetilde": ("~", false, true), "dot": ("˙", false, false),
        "ddot": ("¨", false, false), "check": ("ˇ", false, false), "overbrace": ("⏞", false, true),
        "underbrace": ("⏟", true, true), "overrightarrow": ("→", false, true),
    ]

    /// Heights in em of `\big` and its kin.
    static let sizes: [String: Double] = [
        "big": 1.2, "bigl": 1.2, "bigr": 1.2, "bigm": 1.2, "Big": 1.8, "Bigl": 1.8, "Bigr": 1.8, "Bigm": 1.8,
        "bigg": 2.4, "biggl": 2.4, "biggr": 2.4, "Bigg": 3, "Biggl": 3, "Biggr": 3,
    ]

    /// Every command the reader knows, for suggestions.
    static let allNames: [String] = {
        var names = ["frac", "dfrac", "tfrac", "binom", "sqrt", "text", "left", "right", "begin", "end"]
        names += ["mathrm", "mathbf", "mathbb", "mathcal", "operatorname", "limits", "displaystyle"]
        for table in [greek, upright, binary, relations, dots, large] { names += table.keys }
        names += functions.keys
        names += accents.keys
        names += delimiters.keys
        return names.filter { $0.count > 2 }.sorted()
    }()
}
