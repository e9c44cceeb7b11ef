// Answers: found by the page itself among the faces that it carries, and shown, whoever found them.

// The k faces nearest to one of them, which does not answer itself; equal distances in the order of faces. Squared
// distances are sums of whole numbers below 2^53: nothing is rounded.
const nearest = (faces, evaluation, query, k, admits) => {
  const { codes, columns } = evaluation;
  const found = [];
  for (let face = 0; face < faces.size; face += 1) {
    if (face === query || !admits(face)) continue;
    let square = 0;
    for (let column = 0, a = query * columns, b = face * columns; column < columns; column += 1) {
      const difference = codes[a + column] - codes[b + column];
      square += difference * difference;
    }
    if (found.length === k && found[k - 1].square <= square) continue;
    const later = found.findIndex((other) => other.square > square);
    found.splice(later < 0 ? found.length : later, 0, { face, square });
    if (found.length > k) found.pop();
  }
  return found;
};

// What the page answers about one of its faces: a column for each evaluation.
const answersOf = (faces, query, asked) => {
  const places = (names) => names.map((name) => faces.attributes.indexOf(name)).filter((place) => place >= 0);
  const [having, lacking] = [places(asked.with), places(asked.without)];
  const admits = (face) => having.length + lacking.length === 0 || (faces.bits[face] !== ""
    && having.every((place) => faces.has(face, place)) && lacking.every((place) => !faces.has(face, place)));
  return asked.models.map((id) => {
    const evaluation = faces.searches.get(id);
    const neighbours = nearest(faces, evaluation, query, asked.k, admits).map(({ face, square }, place) => ({
      rank: place + 1, distance: evaluation.scale * Math.sqrt(square), identity: faces.identity(face),
      path: faces.paths[face], isSame: faces.person[face] === faces.person[query], shared: faces.shared(query, face),
      picture: () => faces.picture(face),
    }));
    const { threshold } = evaluation;
    const isNobody = threshold !== undefined && neighbours.length > 0 && neighbours[0].distance > threshold;
    return { id, threshold, isNobody, neighbours };
  });
};

// What a server answered, in the same form.
//
// known: the face of the page that was asked about, where it is one.
const answersFrom = (answer, known, faces) => answer.answers.map((part) => {
  const identity = part.identity ?? (known === null ? undefined : faces.identity(known));
  const path = known === null ? null : faces.paths[known];
  const neighbours = part.neighbours.map((neighbour) => {
    const other = known === null ? undefined : faces.places.get(neighbour.path);
    return {
      rank: neighbour.rank, distance: neighbour.distance, identity: neighbour.identity, path: neighbour.path,
      isItself: neighbour.isPhotograph || neighbour.path === path,
      isSame: identity === undefined ? null : neighbour.identity === identity,
      shared: known === null ? neighbour.attributes ?? null : other === undefined ? null : faces.shared(known, other),
      picture: () => make("img", { src: neighbour.picture, alt: neighbour.identity, loading: "lazy" }),
      address: neighbour.picture,
    };
  });
  return {
    id: part.evaluation, remark: part.remark, threshold: part.threshold, isNobody: part.isNobody === true, neighbours,
    isMajority: known === null && part.attributesOf === "answers",
  };
});

// One answer as pages show it: a tick and a solid border for the same person, a cross and a dashed one for another.
const hitOf = (neighbour, former, { ask, digits }) => {
  const kind = neighbour.isSame === null ? "unknown" : neighbour.isSame ? "same" : "other";
  const verdict = { same: say("Same"), other: say("Other"), unknown: "" }[kind];
  const tick = make("span", { class: "tick", role: "img", "aria-label": verdict, title: verdict },
    kind === "same" ? "✓" : "✗");
  const item = make("li", { class: `hit ${kind}`, value: neighbour.rank, "data-path": neighbour.path },
    make("button", {
      type: "button", class: "query-again", title: say("About", neighbour.identity), onclick: () => ask(neighbour),
    }, neighbour.picture()),
    make("span", { class: "verdict" }, ...(kind === "unknown" ? [] : [tick, " "]),
      make("span", { class: "rank", title: say("Rank") }, String(neighbour.rank)), " ",
      make("span", { class: "distance", title: say("Distance") }, digits(neighbour.distance))),
    make("span", { class: "identity", title: neighbour.path }, neighbour.identity));
  if (neighbour.isItself) item.append(make("span", { class: "itself" }, say("Itself")));
  const { shared } = neighbour;
  if (shared && shared.of > 0) {
    const line = make("span", { class: "matching", title: say("Matching") }, `${shared.same}/${shared.of}`);
    if (shared.differing.length > 0) {
      line.removeAttribute("title");
      line.tabIndex = 0;
      line.append(make("span", { class: "differing" }, "≠ " + shared.differing.map(spaced).join(", ")));
    }
    item.append(line);
  }
  if (former !== undefined && former !== neighbour.rank) {
    const arrow = former > neighbour.rank ? "↑" : "↓";
    item.append(make("span", { class: "movement" }, `${arrow} ${say("From")} ${former}`));
  }
  return item;
};

const listOf = (neighbours, former, how) =>
  make("ol", { class: "hits" }, ...neighbours.map((one) => hitOf(one, former.get(one.path), how)));

const byPerson = (neighbours, former, how) => {
  const people = new Map();
  for (const neighbour of neighbours) {
    if (!people.has(neighbour.identity)) people.set(neighbour.identity, []);
    people.get(neighbour.identity).push(neighbour);
  }
  return [...people].map(([identity, own]) => make("section", { class: "query-person" },
    make("p", { class: "group-title" }, make("bdi", {}, identity),
      make("span", { class: "note" }, ` ${say("Ranks")} ${own.map(({ rank }) => rank).join(", ")}`)),
    listOf(own, former, how)));
};

// Columns side by side; from the second one on, with the rank that a face has in the first.
const showColumns = (place, columns, names, isGrouped, ask) => {
  const first = new Map((columns[0]?.neighbours ?? []).map(({ path, rank }) => [path, rank]));
  place.style.setProperty("--count", columns.length);
  place.replaceChildren(...columns.map((column, number) => {
    const former = number === 0 ? new Map() : first;
    const how = { ask, digits: digitsOf(column.neighbours) };
    const section = make("section", { class: "query-column", "data-evaluation": column.id },
      make("p", { class: "query-title" }, names.get(column.id) ?? column.id, " ", make("code", {}, column.id)));
    const note = (text, name = "note") => section.append(make("p", { class: name }, text));
    if (column.remark) note(column.remark);
    if (column.isNobody) note(say("Nobody", how.digits(column.threshold)), "query-nobody");
    if (column.neighbours.length === 0) note(say("Nothing"));
    if (column.isMajority) note(say("Majority"));
    if (isGrouped) section.append(...byPerson(column.neighbours, former, how));
    else section.append(listOf(column.neighbours, former, how));
    return section;
  }));
};

// The answers in a line, for who hears them.
const told = (columns, names) => columns.filter(({ neighbours }) => neighbours.length > 0).map((column) => say("Told",
  names.get(column.id) ?? column.id, column.neighbours.length, column.neighbours[0].identity,
  digitsOf(column.neighbours)(column.neighbours[0].distance))).join(" ");
