// Keeps a served page up to date: takes over what changed, in place, and shows problems and progress.
(() => {
  "use strict";
  const mark = document.querySelector('meta[name="likeness-server"]');
  if (!mark) return;
  let tag = mark.content;
  const page = decodeURIComponent(location.pathname.slice(1)) || "index.html";

  const make = (tag, attributes = {}, ...children) => {
    const element = document.createElement(tag);
    for (const [name, value] of Object.entries(attributes)) {
      if (name.startsWith("on")) element.addEventListener(name.slice(2), value);
      else element.setAttribute(name, value);
    }
    element.append(...children);
    return element;
  };

  // The blocks of the page as the server sent them, before other scripts added to them.

  const sent = new WeakMap();
  const remember = (blocks) => { for (const block of blocks) sent.set(block, block.outerHTML); };
  const main = document.querySelector("main");
  remember(main ? main.children : []);
  const lists = ["nav.chapters .report", "nav.chapters ol", "nav.sections", "header.bar > a"];
  const listed = new Map(lists.map((selector) => [selector, document.querySelector(selector)?.outerHTML]));

  // A new state of the page: what is equal stays, with everything that was done to it.

  const assetsOf = (head) => [...head.querySelectorAll("link[rel=stylesheet], script[src]")]
    .map((element) => element.getAttribute("href") || element.getAttribute("src"));

  const focusable = "a[href], button, input, select, textarea, summary, [tabindex]";

  /// What somebody did to a block and where the focus is in it.
  const takeState = (block) => ({
    kept: window.likenessPage?.stateOf(block) ?? {},
    focus: block.contains(document.activeElement) ? [...block.querySelectorAll(focusable)].indexOf(document.activeElement) : -1,
  });

  /// Whether that was possible without reading the page anew.
  const patch = (next) => {
    const old = [...main.children].filter((block) => sent.has(block));
    const texts = [...next.children].map((block) => block.outerHTML);
    const unused = new Map();
    for (const block of old) {
      const text = sent.get(block);
      if (!unused.has(text)) unused.set(text, []);
      unused.get(text).push(block);
    }
    const blocks = [...next.children].map((block, index) => unused.get(texts[index])?.shift() ?? document.importNode(block, true));
    const kept = new Set(blocks.filter((block) => sent.has(block)));
    const fresh = blocks.filter((block) => !sent.has(block));
    // What asks for faces begins with the page.
    if (fresh.some((block) => block.querySelector(".face-query"))) return false;

    // What is looked at stays where it is: the first block in the window that is still there, or comes again.
    const top = (block) => block.getBoundingClientRect().top;
    const seen = old.find((block) => block.getBoundingClientRect().bottom > 0 && top(block) < innerHeight);
    const steady = old.slice(Math.max(old.indexOf(seen), 0)).find((block) => kept.has(block)) || null;
    const before = steady ? top(steady) : 0;

    const states = new Map();
    for (const block of old) {
      if (kept.has(block)) continue;
      if (block.id) states.set(block.id, takeState(block));
      // What other scripts put behind it goes with it.
      while (block.nextElementSibling && !sent.has(block.nextElementSibling)) block.nextElementSibling.remove();
      block.remove();
    }
    remember(fresh);
    let place = null;
    for (const block of blocks) {
      const expected = place ? place.nextElementSibling : main.firstElementChild;
      if (expected !== block) {
        // What other scripts put behind a block stays with it.
        const followers = [];
        if (kept.has(block)) {
          for (let next = block.nextElementSibling; next && !sent.has(next); next = next.nextElementSibling) followers.push(next);
        }
        if (place) place.after(block, ...followers);
        else main.prepend(block, ...followers);
      }
      place = block;
      while (place.nextElementSibling && !sent.has(place.nextElementSibling)) place = place.nextElementSibling;
    }
    for (const block of fresh) {
      const state = states.get(block.id);
      window.likenessPage?.enhance(block);
      if (state) {
        window.likenessPage?.restore(block, state.kept);
        if (state.focus >= 0) block.querySelectorAll(focusable)[state.focus]?.focus({ preventScroll: true });
      } else {
        block.classList.add("is-new");
        block.addEventListener("animationend", () => block.classList.remove("is-new"), { once: true });
      }
    }
    if (steady) scrollBy({ top: top(steady) - before, behavior: "instant" });
    return true;
  };

  const readAnew = () => (window.likenessPage?.readAnew ?? (() => location.reload()))();

  const takeOver = (next) => {
    const assets = assetsOf(document.head);
    if (!main || main.matches(".likeness-waiting") || assetsOf(next.head).some((asset) => !assets.includes(asset))) {
      return readAnew();
    }
    for (const { name, value } of next.body.attributes) document.body.setAttribute(name, value);
    for (const { name } of [...document.body.attributes]) if (!next.body.hasAttribute(name)) document.body.removeAttribute(name);
    // The index that was loaded is of the former state.
    if (Array.isArray(window.likenessIndex)) delete window.likenessIndex;
    document.title = next.title;
    for (const selector of lists) {
      const [here, there] = [document.querySelector(selector), next.querySelector(selector)];
      if (!here !== !there) return readAnew();
      if (there && there.outerHTML !== listed.get(selector)) {
        listed.set(selector, there.outerHTML);
        here.replaceWith(document.importNode(there, true));
      }
    }
    if (!patch(next.querySelector("main"))) return readAnew();
    window.likenessPage?.readSections();
    tag = next.querySelector('meta[name="likeness-server"]')?.content ?? "";
    mark.content = tag;
    showProgress(progress);
    document.dispatchEvent(new CustomEvent("likeness-updated"));
  };

  let isUpdating = false;
  let isWanted = false;
  const update = async () => {
    isWanted = true;
    if (isUpdating) return;
    isUpdating = true;
    try {
      while (isWanted) {
        isWanted = false;
        const response = await fetch(location.pathname, { cache: "no-store" }).catch(() => null);
        // Where the server is away, it tells the state once more when it is back.
        if (response?.ok) takeOver(new DOMParser().parseFromString(await response.text(), "text/html"));
      }
    } finally {
      isUpdating = false;
    }
  };

  // Problems, in front of the last good page.

  const live = make("aside", { class: "live", "aria-label": "Preview" });
  const problemList = make("ol");
  const problemTitle = make("strong");
  const fold = make("button", { type: "button", onclick: () => setFolded(!problemList.hidden) });
  const problems = make("section", { class: "live-problems", role: "alert" }, make("header", {}, problemTitle, fold), problemList);
  problems.hidden = true;
  live.append(problems);

  const setFolded = (isFolded) => {
    problemList.hidden = isFolded;
    fold.textContent = isFolded ? "Show" : "Hide";
    fold.setAttribute("aria-expanded", String(!isFolded));
  };

  const count = (number, word) => (number === 1 ? "1 " + word : number + " " + word + "s");
  const showProblems = (list) => {
    problems.hidden = list.length === 0;
    const errors = list.filter((problem) => problem.severity === "error").length;
    problems.classList.toggle("errors", errors > 0);
    const counts = [errors ? count(errors, "error") : "", list.length > errors ? count(list.length - errors, "warning") : ""];
    problemTitle.textContent = counts.filter(Boolean).join(", ")
      + (errors ? ". The page behind is the last one that could be made." : "");
    problemList.replaceChildren(...list.map((problem) => {
      const [head, ...rest] = problem.text.trimEnd().split("\n");
      const item = make("li", { class: problem.severity }, make("p", {}, head));
      if (rest.length) item.append(make("pre", {}, rest.join("\n")));
      return item;
    }));
    setFolded(errors === 0);
  };

  // Progress: a bar, and what is known in the place of each result that is being computed.

  const now = make("p");
  const bar = make("progress", { max: 1, value: 0, "aria-label": "Results" });
  const whole = make("p", { class: "whole" });
  const box = make("section", { class: "live-progress", "aria-label": "Progress" }, now, bar, whole);
  box.hidden = true;
  live.append(box);

  const clock = (seconds) => Math.floor(seconds / 60) + ":" + String(seconds % 60).padStart(2, "0");
  const roughly = (seconds) => (seconds < 90 ? Math.max(5, 5 * Math.round(seconds / 5)) + " s" : Math.round(seconds / 60) + " min");
  const factsOf = (step) => [
    step.part, step.percent === undefined ? "" : step.percent + " %",
    step.rate === undefined ? "" : step.rate.toFixed(step.rate < 10 ? 1 : 0) + " " + step.unit + "/s",
    step.secondsLeft === undefined ? "" : clock(step.secondsLeft) + " left", step.remark,
  ].filter(Boolean).join(" · ");

  const svg = (name, attributes, ...children) => {
    const element = document.createElementNS("http://www.w3.org/2000/svg", name);
    for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, value);
    element.append(...children);
    return element;
  };

  const height = 190;
  const growing = (step, width) => {
    const values = step.curve;
    const [low, high] = [Math.min(...values), Math.max(...values)];
    const scale = high > low ? high - low : Math.max(high, 1e-9);
    const margin = 8 + 7.5 * Math.max(...[low, high].map((value) => value.toPrecision(3).length));
    const x = (index) => margin + ((width - margin) * (index + 0.5)) / values.length;
    const y = (value) => 10 + (height - 30) * (1 - (value - low) / scale);
    const path = values.map((value, index) => (index ? "L" : "M") + x(index).toFixed(1) + " " + y(value).toFixed(1)).join("");
    const label = (value) => svg("text", { x: margin - 8, y: y(value) + 4, "text-anchor": "end" }, value.toPrecision(3));
    const unit = step.width === 1 ? count(values.length, "batch").replace("batchs", "batches") : values.length * step.width + " batches";
    return svg("svg", { viewBox: `0 0 ${width} ${height}`, role: "img", "aria-label": `Loss so far, ${unit}` },
      svg("line", { x1: margin, y1: y(low), x2: width, y2: y(low) }), label(low), ...(high > low ? [label(high)] : []),
      svg("path", { d: path }),
      svg("text", { x: width, y: height - 4, "text-anchor": "end" }, unit));
  };

  const exhibitOf = (id) => document.getElementById("fig-" + id) || document.getElementById("tbl-" + id);
  let progress = null;
  const showProgress = (told) => {
    progress = told;
    if (!told) return;
    box.hidden = told.isOver && !isAway;
    const step = told.running[0];
    now.textContent = step ? step.title + "  " + factsOf(step)
      : told.awaited ? told.awaited + ": another build is at it" : "looking up results";
    [bar.max, bar.value] = [told.total, told.done];
    whole.textContent = `${told.done} of ${told.total} results`
      + (told.secondsLeft > 0 ? `, about ${roughly(told.secondsLeft)} left` : "");
    for (const step of told.running) {
      const place = exhibitOf(step.id)?.querySelector("p.pending");
      if (!place) continue;
      place.classList.add("running");
      let facts = place.querySelector(".facts");
      if (!facts) {
        facts = make("span", { class: "facts" });
        place.querySelector("strong").after(facts);
      }
      facts.textContent = " " + factsOf(step);
      if (step.curve.length < 2) continue;
      let drawing = place.parentNode.querySelector(":scope > .growing");
      if (!drawing) {
        drawing = make("div", { class: "growing" });
        place.after(drawing);
      }
      drawing.replaceChildren(growing(step, Math.max(240, drawing.clientWidth)));
    }
  };

  // What the server tells; a page that nobody sees does not listen, since a browser has few connections for one server.

  let source = null;
  let isAway = false;
  const setAway = (away) => {
    isAway = away;
    if (!away) return showProgress(progress);
    box.hidden = false;
    now.textContent = "The preview has ended, or cannot be reached.";
    whole.textContent = "'likeness preview' starts it.";
    bar.removeAttribute("value");
  };
  // A chapter that was removed or renamed leaves its page open.
  const gone = make("section", { class: "live-gone", role: "status" },
    make("p", {}, "This page is not in the report any more. ", make("a", { href: "/" }, "The first page")));
  gone.hidden = true;
  live.prepend(gone);
  const showGone = (isGone) => {
    gone.hidden = !isGone;
    main?.classList.toggle("is-gone", isGone);
  };

  const listen = () => {
    if (source) return;
    source = new EventSource("/api/events");
    source.addEventListener("open", () => setAway(false));
    source.addEventListener("error", () => {
      setAway(true);
      // The browser tries again by itself, unless it was refused.
      if (source?.readyState !== EventSource.CLOSED) return;
      source = null;
      setTimeout(attend, 3000);
    });
    source.addEventListener("pages", (event) => {
      const now = JSON.parse(event.data)[page];
      showGone(now === undefined);
      if (now !== undefined && now !== tag) update();
    });
    source.addEventListener("problems", (event) => showProblems(JSON.parse(event.data)));
    source.addEventListener("progress", (event) => showProgress(JSON.parse(event.data)));
  };
  const attend = () => {
    if (!document.hidden) return listen();
    source?.close();
    source = null;
  };
  document.addEventListener("visibilitychange", attend);
  document.body.append(live);
  attend();
})();
