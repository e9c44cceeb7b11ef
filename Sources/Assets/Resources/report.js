// Additions to a page that is complete without them: search, keys, sorting, copying, enlarging.
(() => {
  "use strict";
  const words = document.body.dataset;
  const say = (name, fallback) => words["word" + name] || fallback;

  const make = (tag, attributes = {}, ...children) => {
    const element = document.createElement(tag);
    for (const [name, value] of Object.entries(attributes)) {
      if (name.startsWith("on")) element.addEventListener(name.slice(2), value);
      else element.setAttribute(name, value);
    }
    element.append(...children);
    return element;
  };

  /// The elements of a part of the page, itself included.
  const within = (part, selector) => [...(part.matches?.(selector) ? [part] : []), ...part.querySelectorAll(selector)];

  // What somebody did to an element, for the next version of it: how to tell it, and how to do it again.
  const states = new WeakMap();

  // Tables: sort by a column, copy as CSV.

  const valueOf = (cell) => {
    if (!cell) return "";
    if (cell.dataset.value !== undefined) return cell.dataset.value === "" ? null : Number(cell.dataset.value);
    return cell.textContent.trim();
  };

  const compare = (a, b) => {
    if (a === null || b === null) return (a === null) - (b === null);
    if (typeof a === "number" && typeof b === "number") return a - b;
    return String(a).localeCompare(String(b), undefined, { numeric: true });
  };

  const sortTable = (table, column, header, wasAscending = header.getAttribute("aria-sort") === "ascending") => {
    const body = table.tBodies[0];
    const rows = [...body.rows].filter((row) => !row.classList.contains("summary"));
    const summaries = [...body.rows].filter((row) => row.classList.contains("summary"));
    rows.sort((a, b) => {
      const [x, y] = [valueOf(a.cells[column]), valueOf(b.cells[column])];
      const order = compare(x, y);
      return wasAscending && x !== null && y !== null ? -order : order;
    });
    for (const other of header.parentNode.cells) other.removeAttribute("aria-sort");
    header.setAttribute("aria-sort", wasAscending ? "descending" : "ascending");
    body.append(...rows, ...summaries);
  };

  const csvOf = (table) => {
    const quote = (text) => (/[",\n]/.test(text) ? '"' + text.replaceAll('"', '""') + '"' : text);
    const header = [...table.tHead.rows[table.tHead.rows.length - 1].cells].map((cell) => {
      const title = cell.textContent.trim();
      return quote(cell.dataset.group ? cell.dataset.group + " " + title : title);
    });
    const rows = [...table.tBodies[0].rows].map((row) =>
      [...row.cells].map((cell) => quote(String(valueOf(cell) ?? ""))).join(","));
    return [header.join(","), ...rows].join("\n") + "\n";
  };

  const copy = async (text) => {
    try {
      await navigator.clipboard.writeText(text);
    } catch {
      const area = make("textarea", { class: "offscreen" });
      area.value = text;
      document.body.append(area);
      area.select();
      document.execCommand("copy");
      area.remove();
    }
  };

  const enhanceTable = (table) => {
    const headers = table.tHead.rows[table.tHead.rows.length - 1].cells;
    states.set(table, {
      get: () => {
        const column = [...headers].findIndex((header) => header.hasAttribute("aria-sort"));
        return column < 0 ? null : [column, headers[column].getAttribute("aria-sort") === "descending"];
      },
      set: ([column, isDescending]) => { if (headers[column]) sortTable(table, column, headers[column], isDescending); },
    });
    [...headers].forEach((header, column) => {
      if (!header.textContent.trim()) return;
      const button = make("button", { type: "button", class: "sort", onclick: () => sortTable(table, column, header) });
      button.append(...header.childNodes);
      header.append(button);
    });
    const button = make("button", { type: "button", class: "tool" }, say("Csv", "Copy as CSV"));
    button.addEventListener("click", async () => {
      await copy(csvOf(table));
      button.textContent = say("Copied", "Copied");
      setTimeout(() => (button.textContent = say("Csv", "Copy as CSV")), 1600);
    });
    table.parentNode.after(make("p", { class: "tools" }, button));
  };

  // Frames: one at a time, chosen by a slider, by buttons or by the arrow keys.

  const enhanceFrames = (frames) => {
    const items = [...frames.children];
    const name = (index) => items[index].querySelector(".title")?.textContent || String(index + 1);
    const slider = make("input", { type: "range", min: 0, max: items.length - 1, step: 1, value: 0, "aria-label": say("Frame", "Step") });
    const back = make("button", { type: "button", "aria-label": say("Back", "One step back"), onclick: () => go(Number(slider.value) - 1) }, "←");
    const on = make("button", { type: "button", "aria-label": say("On", "One step on"), onclick: () => go(Number(slider.value) + 1) }, "→");
    const go = (index) => {
      slider.value = index;
      slider.setAttribute("aria-valuetext", name(index));
      items.forEach((item, other) => item.classList.toggle("current", other === index));
      [back.disabled, on.disabled] = [index === 0, index === items.length - 1];
    };
    slider.addEventListener("input", () => go(Number(slider.value)));
    // All are fetched with the first one: a step should not wait.
    for (const image of frames.querySelectorAll("img")) image.removeAttribute("loading");
    frames.classList.add("stepped");
    frames.before(make("div", { class: "stepper" }, back, slider, on));
    states.set(frames, { get: () => Number(slider.value), set: (index) => go(Math.min(index, items.length - 1)) });
    go(0);
  };

  // Pictures: larger, in a dialog; the arrow keys go on to the neighbours.

  let pictures = [];
  let shown = -1;
  const stage = make("div", { class: "stage" });
  const legend = make("p", { class: "legend" });
  // Where the pages are served, a face can be looked for.
  const ask = make("a", { class: "ask" }, say("Ask", "Find similar faces"));
  const isServed = document.querySelector('meta[name="likeness-server"]') !== null;
  const viewer = make("dialog", { class: "viewer" }, stage, legend, ask,
    make("button", { type: "button", class: "close", "aria-label": say("Close", "Close"), onclick: () => viewer.close() }, "×"));

  const show = (index) => {
    if (index < 0 || index >= pictures.length) return;
    shown = index;
    const copies = [...pictures[index].childNodes].map((node) => node.cloneNode(true));
    stage.replaceChildren(...copies);
    const image = stage.querySelector("img");
    image.removeAttribute("loading");
    // A large picture is shown smaller on the page; here it is fetched whole, where it has a file of its own.
    const link = pictures[index];
    const hasFile = link.dataset.width && link.getAttribute("href") !== "#";
    if (hasFile) image.src = link.href;
    const [width, height] = hasFile
      ? [Number(link.dataset.width), Number(link.dataset.height)]
      : [Number(image.getAttribute("width")), Number(image.getAttribute("height"))];
    const scale = Math.min((innerWidth * 0.94) / width, (innerHeight * 0.84) / height, Math.max(1, 560 / width) * 2);
    stage.style.width = Math.round(width * scale) + "px";
    legend.textContent = image.alt;
    const address = new URL(image.src, location.href).pathname.slice(1);
    ask.hidden = !isServed || !words.query || !address.endsWith(".jpg");
    ask.href = words.query + "#ask=" + encodeURIComponent(address);
    if (!viewer.open) viewer.showModal();
  };

  document.addEventListener("click", (event) => {
    const link = event.target.closest?.("main a.zoom");
    if (!link || event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    pictures = [...document.querySelectorAll("main a.zoom")];
    show(pictures.indexOf(link));
  });
  ask.addEventListener("click", () => viewer.close());
  viewer.addEventListener("click", (event) => { if (event.target === viewer || event.target.closest(".stage")) viewer.close(); });
  viewer.addEventListener("keydown", (event) => {
    if (event.key === "ArrowRight") show(shown + 1);
    if (event.key === "ArrowLeft") show(shown - 1);
  });
  viewer.addEventListener("close", () => pictures[shown]?.focus());

  // Search over all pages: the index is a script, loaded on the first use.

  const field = make("input", { type: "search", placeholder: say("Hint", "Search"), "aria-label": say("Hint", "Search"), autocomplete: "off", spellcheck: "false" });
  const results = make("ol", { class: "results" });
  const finder = make("dialog", { class: "finder" }, field, results, make("p", { class: "keys" }, say("Keys", "")));
  document.body.append(viewer, finder);

  const loadIndex = () => new Promise((resolve) => {
    // An element of that id would be found here, too.
    if (Array.isArray(window.likenessIndex)) return resolve(window.likenessIndex);
    const script = make("script", { src: words.search });
    script.onload = () => resolve(Array.isArray(window.likenessIndex) ? window.likenessIndex : []);
    script.onerror = () => resolve([]);
    document.head.append(script);
  });

  // Letters without their marks: "khuon mat" finds "khuôn mặt".
  const fold = (text) => text.toLowerCase().replaceAll("đ", "d").normalize("NFD").replace(/\p{M}/gu, "");

  const excerpt = (text, terms) => {
    const folded = fold(text.normalize("NFC"));
    const place = Math.max(0, Math.min(...terms.map((term) => folded.indexOf(term)).filter((at) => at >= 0), text.length));
    const start = place === text.length ? 0 : Math.max(0, place - 50);
    const piece = (start > 0 ? "… " : "") + text.slice(start, start + 150) + (start + 150 < text.length ? " …" : "");
    return piece;
  };

  const search = async () => {
    const index = await loadIndex();
    const terms = fold(field.value).split(/\s+/).filter(Boolean);
    results.replaceChildren();
    if (terms.length === 0) return;
    const found = index
      .map((entry, order) => {
        const [title, text] = [fold(entry.section || entry.chapter), fold(entry.text)];
        if (!terms.every((term) => title.includes(term) || text.includes(term))) return null;
        return { entry, order, weight: terms.reduce((sum, term) => sum + (title.includes(term) ? 10 : 1), 0) };
      })
      .filter(Boolean)
      .sort((a, b) => b.weight - a.weight || a.order - b.order)
      .slice(0, 12);
    for (const { entry } of found) {
      const link = make("a", { href: entry.page + "#" + entry.anchor, onclick: () => finder.close() },
        make("strong", { dir: "auto" }, entry.section || entry.chapter),
        make("span", { class: "where", dir: "auto" }, entry.section ? entry.chapter : ""),
        make("span", { class: "excerpt", dir: "auto" }, excerpt(entry.text, terms)));
      results.append(make("li", {}, link));
    }
    if (found.length === 0) results.append(make("li", { class: "nothing" }, say("Nothing", "Nothing found")));
  };

  const openFinder = () => {
    finder.showModal();
    field.select();
    loadIndex();
  };

  field.addEventListener("input", search);
  finder.addEventListener("click", (event) => { if (event.target === finder) finder.close(); });
  finder.addEventListener("keydown", (event) => {
    const links = [...results.querySelectorAll("a")];
    const at = links.indexOf(document.activeElement);
    if (event.key === "ArrowDown" && links.length) { event.preventDefault(); links[Math.min(at + 1, links.length - 1)].focus(); }
    if (event.key === "ArrowUp" && links.length) { event.preventDefault(); (at <= 0 ? field : links[at - 1]).focus(); }
    if (event.key === "Enter" && document.activeElement === field && links.length) { event.preventDefault(); links[0].click(); }
  });

  const opener = () => make("button", { type: "button", class: "search", onclick: openFinder },
    say("Search", "Search"), make("kbd", {}, "/"));
  document.querySelector("nav.chapters .report")?.after(opener());
  document.querySelector("header.bar")?.append(opener());

  // Keys, except while something is being typed.

  const allHeadings = () => [...document.querySelectorAll("main h1, main h2, main h3")];
  const step = (direction) => {
    const edge = 24;
    const headings = allHeadings();
    const tops = headings.map((heading) => heading.getBoundingClientRect().top);
    const target = direction > 0
      ? headings.find((_, index) => tops[index] > edge + 2)
      : headings.findLast((_, index) => tops[index] < edge - 2);
    if (!target) return;
    scrollTo({ top: target.getBoundingClientRect().top + scrollY - edge });
    if (target.id) history.replaceState(null, "", "#" + target.id);
  };

  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || viewer.open || finder.open) return;
    if (event.target.closest?.("input, textarea, select, [contenteditable]")) return;
    if (event.key === "/") { event.preventDefault(); openFinder(); }
    if (event.key === "j") step(1);
    if (event.key === "k") step(-1);
  });

  // The section being read is marked in the contents.

  let entries = new Map();
  let marked = [];
  const markSection = () => {
    const current = marked.findLast((heading) => heading.getBoundingClientRect().top < 120);
    for (const [id, link] of entries) {
      if (current && id === current.id) link.setAttribute("aria-current", "true");
      else link.removeAttribute("aria-current");
    }
  };
  const readSections = () => {
    entries = new Map([...document.querySelectorAll("nav.sections a")].map((link) => [decodeURIComponent(link.hash.slice(1)), link]));
    marked = allHeadings().filter((heading) => entries.has(heading.id));
    markSection();
  };
  let isScheduled = false;
  addEventListener("scroll", () => {
    if (isScheduled || entries.size === 0) return;
    isScheduled = true;
    requestAnimationFrame(() => { isScheduled = false; markSection(); });
  }, { passive: true });

  // In another language the reader goes on at the same place: its pages have the same ids.

  const placeNow = () => {
    const top = (element) => element.getBoundingClientRect().top;
    const places = [...document.querySelectorAll("main [id]")].filter(
      (element) => element.checkVisibility() && !element.closest("svg, dialog"));
    return places.findLast((element) => top(element) < 40) ?? places.find((element) => top(element) < innerHeight / 2);
  };
  for (const link of document.querySelectorAll(".languages a")) {
    const keep = () => { link.hash = scrollY > 0 ? placeNow()?.id ?? "" : ""; };
    for (const kind of ["click", "auxclick", "contextmenu"]) link.addEventListener(kind, keep);
  }

  // Numbers as the page's language writes them.
  const fixed = (value, digits) => value.toLocaleString(
    document.documentElement.lang || "en", { minimumFractionDigits: digits, maximumFractionDigits: digits, useGrouping: false });

  // A tree over the plane: descend by S, scan the leaf, backtrack while a plane is nearer than the k-th answer.

  const enhanceExplorer = (root) => {
    const tree = JSON.parse(root.dataset.tree);
    const svg = root.querySelector("svg");
    const dots = [...svg.querySelectorAll("circle:not(.reach)")];
    const cells = new Map([...svg.querySelectorAll("polygon")].map((cell) => [Number(cell.dataset.node), cell]));
    const [reach, asker] = [svg.querySelector(".reach"), svg.querySelector(".asker")];
    const readout = make("ol");
    const summary = make("p", { class: "note", "aria-live": "polite" });
    root.append(summary, readout);
    let query = tree.query;
    let k = 3;

    const search = () => {
      const path = [];
      const visited = [];
      let best = [];
      const walk = (index, bound, isHome) => {
        if (best.length === k && bound > best[k - 1].d) return;
        const node = tree.nodes[index];
        if (!node.w) {
          visited.push(index);
          for (const point of node.points) {
            const [x, y] = tree.points[point];
            best.push({ point, d: (x - query[0]) ** 2 + (y - query[1]) ** 2 });
          }
          best = best.sort((a, b) => a.d - b.d || a.point - b.point).slice(0, k);
          return;
        }
        const projection = node.w[0] * query[0] + node.w[1] * query[1];
        const response = 1 / (1 + Math.exp(node.t - projection)) - node.t;
        const right = projection >= node.theta;
        if (isHome) path.push({ node, projection, response, right });
        walk(right ? node.right : node.left, bound, isHome);
        walk(right ? node.left : node.right, Math.max(bound, (projection - node.theta) ** 2), false);
      };
      walk(0, 0, true);
      return { path, visited, best };
    };

    const show = () => {
      const { path, visited, best } = search();
      const place = [tree.x + tree.scale * query[0], tree.y - tree.scale * query[1]];
      asker.setAttribute("transform", `translate(${place[0]} ${place[1]})`);
      reach.setAttribute("cx", place[0]);
      reach.setAttribute("cy", place[1]);
      reach.setAttribute("r", tree.scale * Math.sqrt(best[best.length - 1].d));
      for (const [node, cell] of cells) {
        cell.classList.toggle("visited", visited.includes(node));
        cell.classList.toggle("home", node === visited[0]);
      }
      dots.forEach((dot, index) => dot.classList.toggle("found", best.some(({ point }) => point === index)));
      const computed = visited.reduce((sum, node) => sum + tree.nodes[node].points.length, 0);
      const figures = [k, visited.length, cells.size, computed, tree.points.length];
      summary.textContent = root.dataset.said.replace(/\{(\d)\}/g, (_, place) => figures[place]);
      readout.replaceChildren(...path.map(({ node, projection, response, right }) => make("li", {},
        `W = (${node.w.map((part) => fixed(part, 2)).join("; ")}), t = ${fixed(node.t, 3)}: `
        + `σ(${fixed(projection, 2)} − t) − t = ${fixed(response, 3)} ${right ? "≥ 0 → " + root.dataset.right : "< 0 → " + root.dataset.left}`)));
    };

    const moveTo = (x, y) => {
      query = [(x - tree.x) / tree.scale, (tree.y - y) / tree.scale];
      show();
    };
    svg.addEventListener("click", (event) => {
      const box = svg.getBoundingClientRect();
      const view = svg.viewBox.baseVal;
      moveTo(((event.clientX - box.left) * view.width) / box.width, ((event.clientY - box.top) * view.height) / box.height);
    });
    svg.addEventListener("keydown", (event) => {
      const step = { ArrowLeft: [-8, 0], ArrowRight: [8, 0], ArrowUp: [0, -8], ArrowDown: [0, 8] }[event.key];
      if (step) {
        event.preventDefault();
        moveTo(tree.x + tree.scale * query[0] + step[0], tree.y - tree.scale * query[1] + step[1]);
      }
      if (event.key === "+") { k = Math.min(k + 1, 20, tree.points.length); show(); }
      if (event.key === "-") { k = Math.max(k - 1, 1); show(); }
    });
    states.set(root, {
      get: () => ({ query, k }),
      set: (state) => { [query, k] = [state.query, Math.min(state.k, tree.points.length)]; show(); },
    });
    show();
  };

  // What is scrolled sideways is reached by keys.

  const reachScrolled = () => {
    for (const element of document.querySelectorAll(".formula, .diagram, .scroll")) {
      if (element.scrollWidth > element.clientWidth) element.tabIndex = 0;
      else element.removeAttribute("tabindex");
    }
  };
  addEventListener("resize", reachScrolled);
  addEventListener("toggle", reachScrolled, true);

  // A part of the page as it comes from the file gets what is added to it; and what somebody did to an earlier version of
  // the part is done to this one.

  const enhance = (part) => {
    within(part, "table.data").forEach(enhanceTable);
    within(part, ".frames").forEach(enhanceFrames);
    within(part, ".tree-explorer").forEach(enhanceExplorer);
  };
  // By kind, since another version may have other parts. The query interface comes later, and finds its answer again by
  // the page's address.
  const stateful = {
    "details:not(.query-gallery)": { get: (element) => element.open, set: (element, isOpen) => { element.open = isOpen; } },
    "input.misses-only": { get: (element) => element.checked, set: (element, isOn) => { element.checked = isOn; } },
  };
  for (const kind of ["table.data", ".frames", ".tree-explorer"]) {
    stateful[kind] = {
      get: (element) => states.get(element)?.get() ?? null,
      set: (element, state) => states.get(element)?.set(state),
    };
  }
  const stateOf = (part) => Object.fromEntries(
    Object.entries(stateful).map(([kind, { get }]) => [kind, within(part, kind).map(get)]));
  const restore = (part, kept) => {
    for (const [kind, { set }] of Object.entries(stateful)) {
      within(part, kind).forEach((element, index) => {
        const state = kept[kind]?.[index] ?? null;
        if (state !== null) set(element, state);
      });
    }
  };
  enhance(document.body);
  reachScrolled();
  readSections();
  // For a script that brings later versions of parts.
  window.likenessPage = { enhance, stateOf, restore, readSections };

  // A report that is still being computed: its mark goes when a later state has been published, and the page is read again
  // at the same place, with what was opened, sorted and moved as it was.

  const storage = "likeness " + location.pathname;
  const anchors = () => [...document.querySelectorAll("main [id]")];
  const figures = () => [...document.querySelectorAll("main figure[id]")];
  const keepPlace = () => {
    // What stands in the window stays where it is; what lies above may grow.
    const top = (element) => element.getBoundingClientRect().top;
    const above = anchors().find((element) => top(element) >= 0 && top(element) < innerHeight)
      || anchors().findLast((element) => top(element) < 0) || document.body;
    const kept = figures().map((figure) => [figure.id, stateOf(figure)]);
    sessionStorage.setItem(storage, JSON.stringify({ id: above.id, top: above.getBoundingClientRect().top, kept }));
  };
  const takePlace = () => {
    const place = JSON.parse(sessionStorage.getItem(storage));
    sessionStorage.removeItem(storage);
    if (!place) return;
    history.scrollRestoration = "manual";
    for (const [id, state] of place.kept) {
      const figure = document.getElementById(id);
      if (figure) restore(figure, state);
    }
    const element = place.id ? document.getElementById(place.id) : document.body;
    if (element) scrollBy({ top: element.getBoundingClientRect().top - place.top, behavior: "instant" });
  };
  try { takePlace(); } catch { /* no storage: the page begins where the browser wants */ }

  // For a script that brings later versions of the whole page.
  window.likenessPage.readAnew = () => {
    try { keepPlace(); } catch { /* the same */ }
    location.reload();
  };

  if (words.unfinished) {
    const later = () => setTimeout(ask, 2000);
    const load = (element, onload, onerror) => {
      element.addEventListener("load", () => { element.remove(); onload(); });
      element.addEventListener("error", () => { element.remove(); onerror(); });
      document.head.append(element);
    };
    const ask = () => load(make("script", { src: words.unfinished + "?" + Date.now() }), later, () => {
      // Where the style sheet is gone, too, there is no page to read anew: it may come back.
      const style = document.querySelector("link[rel=stylesheet]").getAttribute("href").split("?")[0];
      load(make("link", { rel: "stylesheet", href: style + "?" + Date.now() }), window.likenessPage.readAnew, later);
    });
    later();
  }

  // A link to something inside a fold, or to a folded result, opens it.

  const unfold = () => {
    const target = document.querySelector(":target");
    if (!target) return;
    const folds = [target.querySelector(":scope > details"), target.closest("details")];
    if (target.matches("figure.fold") || folds[1]) for (const fold of folds) if (fold) fold.open = true;
  };
  addEventListener("hashchange", unfold);
  unfold();

  // Paper shows folded results; data behind plots and provenance stay a line. Tables are set as small as a sheet is wide.

  const sheet = 672;
  let closed = [];
  let tables = [];
  addEventListener("beforeprint", () => {
    closed = [...document.querySelectorAll(
      "figure.fold > details:not([open]), details.folded:not(.data, .long, [open])")];
    for (const details of closed) details.open = true;
    // What a mark says is read once.
    const told = new Set();
    for (const mark of document.querySelectorAll(".mark")) {
      mark.classList.toggle("told", told.has(mark.textContent));
      told.add(mark.textContent);
    }
    for (const image of document.querySelectorAll("img[loading]")) image.loading = "eager";
    tables = [...document.querySelectorAll("main table")];
    for (const table of tables) {
      // As wide as the sheet's own font makes it.
      Object.assign(table.style, { width: "min-content", fontSize: "9pt" });
      const width = table.offsetWidth;
      Object.assign(table.style, { width: "", fontSize: "" });
      if (width > sheet) table.style.zoom = sheet / width;
    }
  });
  addEventListener("afterprint", () => {
    for (const details of closed) details.open = false;
    for (const table of tables) table.style.zoom = "";
  });
})();
