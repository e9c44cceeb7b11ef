// What a server is asked, one request at a time, and the steps that it tells of.

const makeClient = (tell) => {
  let running = null;

  const pause = (seconds, signal) => new Promise((resolve) => {
    const timer = setTimeout(resolve, 1000 * seconds);
    signal.addEventListener("abort", () => {
      clearTimeout(timer);
      resolve();
    });
  });

  // What was wrong, in the server's own sentence.
  const refusalOf = async (response) => {
    try {
      return new Refusal((await response.json()).detail || response.statusText);
    } catch {
      return new Refusal(response.statusText);
    }
  };

  // The answer, read; null where another request took this one's place.
  const request = async (address, options, read) => {
    running?.abort();
    const control = new AbortController();
    running = control;
    const { signal } = control;
    try {
      for (let attempt = 1; ; attempt += 1) {
        const response = await fetch(address, { ...options, signal });
        if (response.status === 503 && attempt < 6) {
          const seconds = Math.min(30, Math.max(1, Number(response.headers.get("Retry-After")) || 1));
          tell(say("Busy", seconds));
          await pause(seconds, signal);
          if (signal.aborted) return null;
          continue;
        }
        if (!response.ok) throw await refusalOf(response);
        return await read(response);
      }
    } catch (error) {
      if (signal.aborted) return null;
      throw error instanceof Refusal ? error : new Refusal(say("Unreached"));
    }
  };

  const json = (response) => response.json();
  return {
    abort: () => running?.abort(),
    post: (photograph, parameters) => request(`/api/query?${parameters}`, {
      method: "POST", body: photograph, headers: { "Content-Type": photograph.type || "application/octet-stream" },
    }, json),
    answer: (id, parameters) => request(`/api/answers/${encodeURIComponent(id)}?${parameters}`, {}, json),
    picture: (address) => request(address, {}, (response) => response.blob()),
  };
};

// Beside the requests about photographs: what can be asked at all.
const readEvaluations = async () => {
  try {
    const response = await fetch("/api/evaluations");
    return response.ok ? (await response.json()).evaluations : [];
  } catch {
    return [];
  }
};

const timesOf = (stages) => stages.map(({ name, seconds }) => {
  const key = name.replace(/(^|\s)(\w)/g, (_, blank, letter) => letter.toUpperCase());
  return `${say("Stage" + key)} ${milliseconds(seconds)}`;
}).join(" · ");

// From a photograph to the search, each step with what it saw and how long it took. The photograph's own step stays in
// its place, so that whoever marks a face keeps the marker.
const makeSteps = (stage) => {
  const times = (stages) => make("p", { class: "query-times" }, timesOf(stages));
  const step = (title, ...parts) => make("section", { class: "query-step" }, make("p", { class: "query-title" }, title), ...parts);
  const picture = (address, title, ...more) => make("div", { class: "query-seen" },
    make("img", { src: address, alt: title }), make("p", {}, title), ...more);

  const [sentence, reading, rest] = [make("p", { class: "note" }), times([]), make("div", { class: "query-rest" })];
  const photograph = step(say("Photograph"), sentence, stage.element, reading);
  photograph.hidden = true;
  const element = make("div", { class: "query-steps", hidden: true }, photograph, rest);

  const seenIn = (answer, nameOf) => {
    const seen = answer.answers.filter((part) => part.seen).map((part) => picture(
      part.seen, say("Seen", nameOf(part)), times(part.stages.filter(({ name }) => name === "embed"))));
    const crop = answer.crop ? [picture(answer.crop, say("Crop"))] : [];
    return make("div", { class: "query-pictures" }, ...crop, ...seen);
  };

  const searchOf = (part, name) => {
    const { search } = part;
    const facts = [say("Dimensions", count(part.dimensions))];
    if (part.admitted < part.gallery) facts.push(say("Admitted", count(part.admitted), count(part.gallery)));
    if (search.nodes !== undefined) {
      facts.push(say("Nodes", count(search.nodesVisited), count(search.nodes), count(search.nodesPruned)));
    }
    facts.push(say("Distances", count(search.distancesComputed), count(part.gallery)));
    facts.push(search.isExact ? say("Exact") : say("Inexact"));
    return make("div", {}, make("p", { class: "query-facts" }, make("strong", {}, name), ": " + facts.join(", ")),
      times(part.stages.filter(({ name: stageName }) => stageName === "search")));
  };

  return {
    element,
    // What the page itself answers has one step.
    showOnly: (part) => {
      rest.replaceChildren(part);
      element.hidden = false;
    },
    show: (answer, isWhole, names) => {
      const nameOf = (part) => names.get(part.evaluation) ?? part.evaluation;
      // What else is to be said of a photograph is the state of things, which stands above.
      sentence.hidden = answer.answers.length === 0;
      sentence.textContent = isWhole ? say("Whole") : answer.isMarked ? say("ByHand")
        : answer.faces.length > 1 ? say("Face", answer.face + 1) : say("One");
      reading.textContent = timesOf(answer.stages);
      rest.replaceChildren(...(answer.answers.length === 0 ? [] : [
        step(say("Sees"), seenIn(answer, nameOf)),
        step(say("Search"), ...answer.answers.map((part) => searchOf(part, nameOf(part)))),
      ]));
      photograph.hidden = false;
      element.hidden = false;
    },
  };
};
