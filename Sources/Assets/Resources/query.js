// The query interface: its settings, what is asked about at the moment, and the answers. A page opened from a file
// answers about the faces that it carries; a served one asks its server, also about photographs.

const isServed = document.querySelector("meta[name=likeness-server]") !== null;
let settingsCount = 0;

const makeSettings = (setup, state, changed) => {
  const models = setup.evaluations.map(({ id, name }) => {
    const box = make("input", { type: "checkbox", value: id });
    box.checked = state.models.includes(id);
    box.addEventListener("change", () => {
      const chosen = models.filter((one) => one.box.checked).map((one) => one.id);
      // One is always asked.
      if (chosen.length === 0) box.checked = true;
      else changed({ models: chosen });
    });
    return { id, box, label: make("label", {}, box, ` ${name} `, make("code", {}, id)) };
  });

  const shown = make("output", {}, String(state.k));
  const slider = make("input", { type: "range", min: 1, max: 100, step: 1, value: state.k, "aria-label": say("K") });
  slider.addEventListener("input", () => {
    shown.textContent = slider.value;
    changed({ k: Number(slider.value) });
  });

  // Of this place alone: a page may have several.
  const group = "query-index-" + settingsCount++;
  const indices = ["tree", "flat"].map((value) => {
    const button = make("input", { type: "radio", name: group, value });
    button.checked = state.index === value;
    button.addEventListener("change", () => changed({ index: value }));
    return make("label", {}, button, " " + say(value === "tree" ? "Tree" : "Flat"));
  });

  const conditions = { with: say("With"), without: say("Without") };
  const filters = Object.entries(conditions).map(([side, title]) => {
    const choice = make("select", { "aria-label": title }, make("option", { value: "" }, say("Any")));
    const chosen = make("span", { class: "query-conditions" });
    choice.addEventListener("change", () => {
      const name = choice.value;
      choice.value = "";
      if (name === "") return;
      const other = side === "with" ? "without" : "with";
      changed({
        [side]: [...new Set([...state[side], name])], [other]: state[other].filter((one) => one !== name),
      });
    });
    const show = () => chosen.replaceChildren(...state[side].map((name) => make("button", {
      type: "button", class: "query-condition", title: say("DropFilter"),
      onclick: () => {
        changed({ [side]: state[side].filter((one) => one !== name) });
        choice.focus();
      },
    }, `${spaced(name)} ×`)));
    return { choice, show, label: make("p", { hidden: true }, make("label", {}, title + " ", choice), " ", chosen) };
  });

  const grouping = make("input", { type: "checkbox" });
  grouping.addEventListener("change", () => changed({ isGrouped: grouping.checked }));

  const element = make("div", { class: "query-settings" },
    make("fieldset", {}, make("legend", {}, say("Models")), ...models.map(({ label }) => label)),
    make("p", {}, make("label", {}, say("K") + " ", slider), " ", shown),
    ...(isServed ? [make("fieldset", { class: "query-index" }, make("legend", {}, say("Index")), ...indices)] : []),
    ...filters.map(({ label }) => label),
    make("p", {}, make("label", {}, grouping, " " + say("Group"))));

  return {
    element,
    // As they are now, where something else than these controls has changed them.
    show: () => {
      for (const { id, box } of models) box.checked = state.models.includes(id);
      slider.value = state.k;
      shown.textContent = String(state.k);
      for (const button of element.querySelectorAll("[type=radio]")) button.checked = button.value === state.index;
      for (const filter of filters) filter.show();
    },
    offer: (attributes) => {
      for (const { choice, label } of filters) {
        if (attributes.length === 0 || choice.options.length > 1) continue;
        choice.append(...attributes.map((name) => make("option", { value: name }, spaced(name))));
        label.hidden = false;
      }
    },
    // Those that cannot be asked, and why.
    close: (problems) => {
      for (const { id, box, label } of models) {
        if (!problems.has(id)) continue;
        box.disabled = true;
        label.title = problems.get(id);
      }
    },
  };
};

const parametersOf = (state, others = []) => {
  const list = (name) => (state[name].length === 0 ? [[name, ""]] : state[name].map((value) => [name, value]));
  return new URLSearchParams([
    ...state.models.map((id) => ["model", id]), ["k", state.k], ["index", state.index], ...list("with"),
    ...list("without"), ...others,
  ]);
};

// The path of a picture of this report; null for every other address.
const pictureAt = (address) => {
  try {
    const [place, folder] = [new URL(address, location.href), new URL("images/", location.href)];
    return place.origin === folder.origin && place.pathname.startsWith(folder.pathname) ? place.pathname : null;
  } catch {
    return null;
  }
};

const start = (root) => {
  const setup = JSON.parse(root.dataset.ask);
  const names = new Map(setup.evaluations.map(({ id, name }) => [id, name]));
  // Where two are called alike, their ids tell them apart.
  const isShared = (name) => [...names.values()].filter((other) => other === name).length > 1;
  const titles = new Map([...names].map(([id, name]) => [id, isShared(name) ? `${name} (${id})` : name]));
  const state = {
    models: setup.evaluations.slice(0, 2).map(({ id }) => id), k: setup.k, index: "tree", with: [], without: [],
    isGrouped: false,
  };
  // What is asked about: a face of the page, or a photograph, by what the server knows of it.
  let asked = null;
  let columns = [];
  let faces = null;
  let address = null;

  const status = make("p", { class: "query-status note", role: "status" });
  const problem = make("p", { class: "query-problem", role: "alert" });
  const results = make("div", { class: "query-columns" });
  const links = make("p", { class: "query-links" });
  const fallback = root.querySelector(".query-fallback");

  // The examples stay until there is an answer, and need no excuse any more.
  fallback.querySelector(".note").hidden = true;

  const tell = (text) => { status.textContent = text; };
  const refuse = (error) => {
    tell("");
    problem.replaceChildren(...sentenceOf(error instanceof Refusal ? error.message : String(error)));
    if (!(error instanceof Refusal)) console.error(error);
  };
  // An answer is shown only where nothing else has been asked since.
  const attempt = async (work) => {
    problem.textContent = "";
    try {
      await work();
    } catch (error) {
      refuse(error);
    }
  };
  const client = makeClient(tell);

  const showAnswers = () => {
    fallback.hidden = true;
    showColumns(results, columns, names, state.isGrouped, again);
    tell(told(columns, titles));
  };

  // Photographs are shown by an address that is given back as soon as another one comes.
  const keepPhotograph = (blob) => {
    if (address !== null) URL.revokeObjectURL(address);
    address = blob === null ? null : URL.createObjectURL(blob);
  };

  const showAnswer = (answer) => {
    asked.id = answer.id ?? null;
    asked.face = answer.face ?? null;
    fallback.hidden = true;
    stage.show(address, answer);
    steps.show(answer, asked.isWhole, titles);
    columns = answersFrom(answer, asked.known, faces);
    if (answer.answers.length > 0) {
      showAnswers();
    } else {
      results.replaceChildren();
      tell(answer.outcome === "none" ? say("None") : say("Several", answer.faces.length));
    }
    showLinks();
    stage.offer(answer);
  };

  const showLinks = () => {
    links.replaceChildren();
    if (!asked.id) return;
    const face = asked.face === null ? [] : [["face", asked.face]];
    const hash = "#" + new URLSearchParams([["answer", asked.id], ...parametersOf(state, face)]);
    history.replaceState(null, "", hash);
    const download = `/api/answers/${asked.id}?${parametersOf(state, [...face, ["download", "1"]])}`;
    links.append(
      make("a", { href: hash }, say("Address")), " · ", make("a", { href: download, download: "" }, say("Download")));
  };

  // Sends a photograph; others: what is said of it beside the settings.
  const send = (blob, others, about) => attempt(async () => {
    tell(say("Asking"));
    const answer = await client.post(blob, parametersOf(state, others));
    if (answer === null) return;
    asked = { known: null, isWhole: false, ...about, blob, others };
    gallery.mark(asked.known);
    if (address === null || !about.isSame) keepPhotograph(blob);
    showAnswer(answer);
  });
  const askPhotograph = (blob) => send(blob, [], {});
  const askMarked = (box) => {
    if (asked?.blob) send(asked.blob, [["box", box.join(",")]], { isSame: true });
  };
  const askCut = (place, known) => attempt(async () => {
    tell(say("Asking"));
    const blob = await client.picture(place);
    if (blob !== null) await send(blob, [["whole", "1"]], { isWhole: true, known });
  });
  const askKnown = (id, change = {}) => attempt(async () => {
    const face = change.face ?? (asked?.id === id ? asked.face : null);
    const answer = await client.answer(id, parametersOf(state, face === null ? [] : [["face", face]]));
    if (answer === null) return;
    if (asked?.id !== id) {
      asked = { blob: null, known: null, isWhole: false };
      gallery.mark(null);
      keepPhotograph(null);
    }
    showAnswer(answer);
  });

  // A face of the page, by its place in it.
  const askFace = (face) => {
    if (isServed) {
      const { id } = setup.evaluations.find((one) => state.models.includes(one.id)) ?? setup.evaluations[0];
      return askCut(`/api/evaluations/${encodeURIComponent(id)}/faces/${faces.numbers[face]}`, face);
    }
    asked = { known: face };
    gallery.mark(face);
    const card = make("div", { class: "query" }, make("span", { class: "title" }, say("Query")), faces.picture(face),
      make("span", { class: "identity", title: faces.paths[face] }, faces.identity(face)));
    steps.showOnly(card);
    columns = answersOf(faces, face, state);
    return showAnswers();
  };
  // An answer becomes the question.
  const again = (neighbour) => {
    const face = faces?.places.get(neighbour.path);
    if (face !== undefined) askFace(face);
    else if (neighbour.address) askCut(neighbour.address, null);
  };

  let timer = 0;
  const changed = (change) => {
    Object.assign(state, change);
    settings.show();
    if (!asked) return;
    if ("isGrouped" in change) {
      if (columns.length > 0) showAnswers();
    } else if (!isServed) {
      problem.textContent = "";
      columns = answersOf(faces, asked.known, state);
      showAnswers();
    } else if (asked.id) {
      // A slider on its way asks for every value: the server hears of those at which it rests.
      clearTimeout(timer);
      timer = setTimeout(() => askKnown(asked.id), "k" in change ? 60 : 0);
    } else if (asked.blob) {
      send(asked.blob, asked.others, { ...asked, isSame: true });
    }
  };

  const settings = makeSettings(setup, state, changed);
  const gallery = makeGallery(root, setup.faces, {
    choose: askFace, refuse,
    loaded: (loadedFaces) => {
      faces = loadedFaces;
      settings.offer(faces.attributes);
    },
  });
  const stage = makeStage({ choose: (face) => askKnown(asked.id, { face }), mark: askMarked });
  const steps = makeSteps(stage);
  const entrance = isServed
    ? makeEntrance(root, { ask: askPhotograph, refuse })
    : { element: make("p", { class: "note" }, ...sentenceOf(say("Static"))) };
  root.prepend(make("div", { class: "query-tool" }, entrance.element, gallery.element, settings.element, status, problem,
    steps.element, results, links));

  // Addresses that ask: `#answer=…` for an answer of this server, `#ask=images/….jpg` for a picture of its report.
  const followAddress = (staysInPlace) => {
    const wanted = new URLSearchParams(location.hash.slice(1));
    const [answer, picture] = [wanted.get("answer"), wanted.get("ask")];
    if (answer === null && picture === null) return;
    if (!staysInPlace) root.scrollIntoView({ block: "start" });
    if (!isServed) return void refuse(new Refusal(say("Static")));
    if (answer !== null) {
      const models = wanted.getAll("model").filter((id) => names.has(id));
      if (models.length > 0) state.models = models;
      const k = Number(wanted.get("k"));
      if (Number.isInteger(k) && k >= 1 && k <= 100) state.k = k;
      if (["tree", "flat"].includes(wanted.get("index"))) state.index = wanted.get("index");
      for (const side of ["with", "without"]) state[side] = wanted.getAll(side).filter((name) => name !== "");
      settings.show();
      const face = wanted.get("face");
      return void askKnown(answer, /^\d+$/.test(face ?? "") ? { face } : {});
    }
    const place = pictureAt(picture);
    if (place === null) return void refuse(new Refusal(say("Elsewhere")));
    return void askCut(place, null);
  };

  if (isServed) {
    readEvaluations().then((list) => {
      const own = list.filter(({ id }) => names.has(id));
      settings.close(new Map(own.filter(({ isReady }) => !isReady).map(({ id, problem: why }) => [id, why])));
      settings.offer(own.find(({ attributes }) => attributes)?.attributes ?? []);
    });
  }
  const release = () => {
    client.abort();
    entrance.stop?.();
    keepPhotograph(null);
  };
  addEventListener("pagehide", (event) => { if (!event.persisted) release(); });
  return { root, followAddress, release };
};

let started = [];
const startAll = () => {
  const former = started[0];
  for (const one of started) if (!one.root.isConnected) one.release();
  started = [...document.querySelectorAll(".face-query")].map((root) =>
    started.find((one) => one.root === root) ?? start(root));
  // An address is for the first one of a page.
  if (started[0] !== former) started[0]?.followAddress(former !== undefined);
};
startAll();
addEventListener("hashchange", () => started[0]?.followAddress(false));
// A served page that was brought up to date, in which a newer one may stand.
document.addEventListener("likeness-updated", startAll);
