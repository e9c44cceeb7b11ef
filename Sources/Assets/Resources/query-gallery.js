// The gallery's faces by person, to choose one from. They are loaded when it is opened first.

const makeGallery = (root, size, { choose, refuse, loaded }) => {
  const strip = make("div", { class: "query-strip", role: "group", "aria-label": say("Faces") });
  const field = make("input", {
    type: "search", placeholder: say("Find"), "aria-label": say("Find"), autocomplete: "off", spellcheck: "false",
  });
  const remark = make("p", { class: "note", role: "status" });
  const details = make("details", { class: "query-gallery" },
    make("summary", {}, say("Choose", count(size))), field, strip, remark);
  let people = [];
  let current = null;

  const buttons = () => [...strip.querySelectorAll("button:not([hidden])")].filter((one) => !one.parentNode.hidden);

  // One of them is a stop of the tab key; arrow keys lead to the others.
  const stopAt = (button, isFocused) => {
    if (current) current.tabIndex = -1;
    current = button ?? null;
    if (!current) return;
    current.tabIndex = 0;
    if (isFocused) current.focus();
  };

  const fill = (faces) => {
    const byPerson = faces.people.map((identity, number) => ({ identity, number, faces: [] }));
    faces.person.forEach((number, face) => byPerson[number].faces.push(face));
    people = byPerson.map(({ identity, faces: own }) => {
      const element = make("div", { class: "query-person" }, make("span", { class: "identity" }, identity));
      const all = own.map((face) => {
        const button = make("button", {
          type: "button", tabindex: -1, "data-face": face, title: faces.paths[face], "aria-pressed": "false",
        }, faces.picture(face));
        return { button, path: faces.paths[face].toLowerCase() };
      });
      element.append(...all.map(({ button }) => button));
      return { element, name: identity.toLowerCase(), all };
    });
    strip.replaceChildren(...people.map(({ element }) => element));
    stopAt(buttons()[0], false);
    remark.textContent = "";
  };

  details.addEventListener("toggle", async () => {
    if (!details.open || people.length > 0) return;
    remark.textContent = say("Loading");
    try {
      const faces = await loadFaces(root);
      if (people.length > 0) return;
      fill(faces);
      loaded(faces);
    } catch (error) {
      remark.textContent = "";
      details.open = false;
      refuse(error);
    }
  });

  field.addEventListener("input", () => {
    const wanted = field.value.trim().toLowerCase();
    for (const { element, name, all } of people) {
      const isPerson = name.includes(wanted);
      for (const { button, path } of all) button.hidden = !isPerson && !path.includes(wanted);
      element.hidden = all.every(({ button }) => button.hidden);
    }
    const left = buttons();
    remark.textContent = left.length === 0 ? say("Unfound") : "";
    if (!left.includes(current)) stopAt(left[0], false);
  });

  strip.addEventListener("click", (event) => {
    const button = event.target.closest("button");
    if (!button) return;
    stopAt(button, true);
    choose(Number(button.dataset.face));
  });

  strip.addEventListener("keydown", (event) => {
    const all = buttons();
    const at = all.indexOf(document.activeElement);
    if (at < 0) return;
    const own = (button) => button.parentNode;
    const firstOf = (person) => all.find((button) => own(button) === person);
    const next = {
      ArrowRight: () => all[at + 1], ArrowLeft: () => all[at - 1], Home: () => all[0], End: () => all.at(-1),
      ArrowDown: () => all.slice(at).find((button) => own(button) !== own(all[at])),
      ArrowUp: () => {
        const before = all.slice(0, at).findLast((button) => own(button) !== own(all[at]));
        return before && firstOf(own(before));
      },
    }[event.key];
    if (!next) return;
    event.preventDefault();
    const button = next();
    if (button) stopAt(button, true);
  });

  // Which face is asked about; null for a photograph of the reader's own.
  const mark = (face) => {
    for (const pressed of strip.querySelectorAll("[aria-pressed=true]")) pressed.setAttribute("aria-pressed", "false");
    if (face !== null) strip.querySelector(`[data-face="${face}"]`)?.setAttribute("aria-pressed", "true");
  };

  return { element: details, mark };
};
