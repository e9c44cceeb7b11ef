// A photograph on its way in: dropped, pasted, chosen, taken; and as it is shown, with what was found in it.

const mostBytes = 20 * 1024 * 1024;

const makeEntrance = (root, { ask, refuse }) => {
  const take = (file) => {
    if (!file) return refuse(new Refusal(say("NoImage")));
    if (file.size > mostBytes) return refuse(new Refusal(say("Large")));
    return ask(file);
  };

  const file = make("input", { type: "file", accept: "image/jpeg,image/png,.pnm,.ppm,.pgm,.pbm", class: "offscreen" });
  file.addEventListener("change", () => {
    if (file.files.length > 0) take(file.files[0]);
    file.value = "";
  });
  const chooser = make("label", { class: "query-button" }, file, say("File"));
  const place = make("div", { class: "query-camera" });
  const camera = make("button", { type: "button", class: "query-button", onclick: () => start() }, say("Camera"));
  const zone = make("div", { class: "query-drop" }, make("p", {}, say("Drop"), " ", chooser, " ", camera), place);

  // The camera runs only while its picture is shown.
  let stream = null;
  const stop = () => {
    for (const track of stream?.getTracks() ?? []) track.stop();
    stream = null;
    place.replaceChildren();
    camera.hidden = false;
  };
  const start = async () => {
    try {
      stream = await navigator.mediaDevices.getUserMedia({ video: { facingMode: "user" } });
    } catch {
      return refuse(new Refusal(say("NoCamera")));
    }
    const video = make("video", { playsinline: true, muted: true });
    video.muted = true;
    video.srcObject = stream;
    const shot = make("button", { type: "button", class: "query-button", disabled: true }, say("Take"));
    shot.addEventListener("click", () => {
      const canvas = make("canvas", { width: video.videoWidth, height: video.videoHeight });
      canvas.getContext("2d").drawImage(video, 0, 0);
      canvas.toBlob((blob) => {
        stop();
        take(blob);
      }, "image/jpeg", 0.92);
    });
    video.addEventListener("playing", () => { shot.disabled = false; });
    place.replaceChildren(video, make("p", {}, shot, " ",
      make("button", { type: "button", class: "query-button", onclick: stop }, say("Stop"))));
    camera.hidden = true;
    shot.focus();
    return video.play().catch(() => {});
  };
  camera.hidden = !navigator.mediaDevices?.getUserMedia;
  const imageIn = (list) => [...(list ?? [])].find((one) => one.type.startsWith("image/")) ?? list?.[0];
  root.addEventListener("dragover", (event) => {
    event.preventDefault();
    zone.classList.add("over");
  });
  root.addEventListener("dragleave", (event) => {
    if (!root.contains(event.relatedTarget)) zone.classList.remove("over");
  });
  root.addEventListener("drop", (event) => {
    event.preventDefault();
    zone.classList.remove("over");
    take(imageIn(event.dataTransfer.files));
  });
  document.addEventListener("paste", (event) => {
    const files = event.clipboardData?.files ?? [];
    if (files.length === 0 || !root.isConnected) return;
    event.preventDefault();
    take(imageIn(files));
  });
  return { element: zone, stop };
};

// The photograph with its boxes. A face is chosen by its button, or marked: by dragging, or by keys.
const makeStage = ({ choose, mark }) => {
  const image = make("img", { alt: say("Photograph") });
  const found = make("div");
  const boxes = make("div", { class: "query-boxes" }, found);
  const frame = make("div", { class: "query-frame" }, image, boxes);
  const undrawn = make("p", { class: "note", hidden: true }, say("Undrawn"));
  const marking = make("button", { type: "button", class: "query-button", "aria-pressed": "false" }, say("Mark"));
  const element = make("div", { class: "query-stage" }, frame, undrawn, make("p", {}, marking));
  let size = [1, 1];
  let box = null;
  let marker = null;
  let shown = null;

  image.addEventListener("error", () => {
    if (!image.getAttribute("src")) return;
    image.hidden = true;
    undrawn.hidden = false;
  });

  // Of the photograph's pixels, as a share of what is shown.
  const lay = (target, [x, y, width, height]) => {
    const share = (value, all) => (100 * value) / all + "%";
    Object.assign(target.style, {
      left: share(x, size[0]), top: share(y, size[1]), width: share(width, size[0]), height: share(height, size[1]),
    });
    return target;
  };

  const smallest = () => Math.max(1, Math.min(16, ...size));
  const within = (x, y, side) => {
    const fitting = Math.round(Math.max(smallest(), Math.min(side, ...size)));
    const at = (value, all) => Math.round(Math.max(0, Math.min(value, all - fitting)));
    return [at(x, size[0]), at(y, size[1]), fitting, fitting];
  };
  const moveMarker = (next) => {
    box = next;
    lay(marker, box);
  };

  const unmark = () => {
    marker?.remove();
    marker = null;
    marking.setAttribute("aria-pressed", "false");
    marking.textContent = say("Mark");
    frame.classList.remove("marking");
  };
  const startMarking = () => {
    marker = make("button", {
      type: "button", class: "query-marker", "aria-label": say("Marker"), title: say("Marked"),
    });
    // Of a key; a pointer marks when it is lifted.
    marker.addEventListener("click", (event) => { if (event.detail === 0) mark(box); });
    marker.addEventListener("keydown", (event) => {
      const [x, y, side] = box;
      const step = Math.max(1, Math.round(Math.min(...size) / 50));
      const [across, down] = {
        ArrowLeft: [-step, 0], ArrowRight: [step, 0], ArrowUp: [0, -step], ArrowDown: [0, step],
      }[event.key] ?? [0, 0];
      if (across === 0 && down === 0) return;
      event.preventDefault();
      // It grows and shrinks around its middle.
      const grown = side + 2 * (across + down);
      moveMarker(event.shiftKey
        ? within(x + (side - grown) / 2, y + (side - grown) / 2, grown) : within(x + across, y + down, side));
    });
    const side = 0.4 * Math.min(...size);
    boxes.append(marker);
    moveMarker(box ?? within((size[0] - side) / 2, (size[1] - side) / 2, side));
    marking.setAttribute("aria-pressed", "true");
    marking.textContent = say("Unmark");
    frame.classList.add("marking");
    marker.focus({ preventScroll: true });
  };
  marking.addEventListener("click", () => (marker ? unmark() : startMarking()));

  // Dragging draws another square, or takes the marker along.
  let drag = null;
  const pointAt = (event) => {
    const place = boxes.getBoundingClientRect();
    return [
      ((event.clientX - place.left) / place.width) * size[0], ((event.clientY - place.top) / place.height) * size[1],
    ];
  };
  boxes.addEventListener("pointerdown", (event) => {
    if (!marker || event.button !== 0 || event.target.closest(".query-box")) return;
    event.preventDefault();
    drag = { from: pointAt(event), taken: event.target === marker ? box : null, isMoved: false };
    boxes.setPointerCapture(event.pointerId);
  });
  boxes.addEventListener("pointermove", (event) => {
    if (!drag) return;
    const [x, y] = pointAt(event);
    const [across, down] = [x - drag.from[0], y - drag.from[1]];
    const side = Math.max(Math.abs(across), Math.abs(down));
    if (side < (drag.taken ? 1 : smallest())) return;
    drag.isMoved = true;
    if (drag.taken) moveMarker(within(drag.taken[0] + across, drag.taken[1] + down, drag.taken[2]));
    else moveMarker(within(drag.from[0] - (across < 0 ? side : 0), drag.from[1] - (down < 0 ? side : 0), side));
  });
  boxes.addEventListener("pointerup", () => {
    if (!drag) return;
    const { taken, isMoved } = drag;
    drag = null;
    if (taken || isMoved) mark(box);
  });
  boxes.addEventListener("pointercancel", () => { drag = null; });

  // address: of the photograph; null where only what was found in it is known.
  const show = (address, answer) => {
    element.hidden = address === null;
    if (shown !== address) {
      unmark();
      box = null;
      shown = address;
      image.hidden = false;
      undrawn.hidden = true;
      if (address !== null) image.src = address;
      else image.removeAttribute("src");
    }
    size = [answer.photograph.width, answer.photograph.height];
    frame.style.aspectRatio = `${size[0]} / ${size[1]}`;
    frame.style.setProperty("--wide", size[0] / size[1]);
    const faces = answer.faces.map((face, number) => lay(make("button", {
      type: "button", class: "query-box", "aria-label": say("Face", number + 1),
      "aria-pressed": String(answer.face === number), disabled: answer.faces.length === 1,
      onclick: () => choose(number),
    }, make("span", {}, String(number + 1))), face.box));
    const misses = answer.nearMisses.map((miss) => {
      const text = say("Passed", miss.stages, miss.of);
      const mark = make("span", { class: "query-miss", title: text }, make("span", {}, `${miss.stages}/${miss.of}`));
      return lay(mark, miss.box);
    });
    found.replaceChildren(...faces, ...misses);
  };

  // Opens the marker where no face was found.
  const offer = (answer) => {
    if (answer.outcome === "none" && !marker && !element.hidden) startMarking();
  };

  return { element, show, offer };
};
