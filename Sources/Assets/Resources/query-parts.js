// Parts that the rest of the query interface is put together from: words, elements, and the faces that a page carries.

const words = document.body.dataset;

// A word of the page by its name, each % in it replaced by the next value.
const say = (name, ...values) => (words["wordAsk" + name] || name).replace(/%/g, () => String(values.shift()));

const make = (tag, attributes = {}, ...children) => {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (value === undefined || value === null || value === false) continue;
    if (name.startsWith("on")) element.addEventListener(name.slice(2), value);
    else element.setAttribute(name, value === true ? "" : value);
  }
  element.append(...children);
  return element;
};

// A sentence in which commands stand between backquotes.
const sentenceOf = (text) => text.split("`").map((part, place) => (place % 2 ? make("code", {}, part) : part));

// Numbers as the page's language writes them.
const locale = document.documentElement.lang || "en";
const count = (number) => number.toLocaleString(locale);
const fixed = (number, digits) => number.toLocaleString(
  locale, { minimumFractionDigits: digits, maximumFractionDigits: digits, useGrouping: false });
const milliseconds = (seconds) => fixed(seconds * 1000, 1) + " ms";
// Scales of networks differ by orders of magnitude: as many digits as tell the distances of an answer apart.
const digitsOf = (neighbours) => {
  const largest = neighbours.length > 0 ? neighbours.at(-1).distance : 1;
  if (largest > 0 && largest < 0.001) return (distance) => (distance === 0 ? "0" : distance.toExponential(1));
  const places = largest >= 100 ? 1 : largest >= 0.1 || largest === 0 ? 3 : 5;
  return (distance) => fixed(distance, places);
};
const spaced = (name) => name.replaceAll("_", " ");

// What keeps an answer from being given, as a sentence for the reader.
class Refusal extends Error {}

const bytesOf = (base64) => Uint8Array.from(atob(base64), (letter) => letter.charCodeAt(0));

const numbersOf = (base64) => {
  const view = new DataView(bytesOf(base64).buffer);
  const numbers = new Int16Array(view.byteLength / 2);
  for (let place = 0; place < numbers.length; place += 1) numbers[place] = view.getInt16(2 * place, true);
  return numbers;
};

// The faces of a page: pictures, people, attributes and the vectors of each evaluation.
class Faces {
  constructor({ about, vectors, sheet }) {
    Object.assign(this, about);
    this.size = this.numbers.length;
    this.rows = Math.ceil(this.size / this.columns);
    this.searches = new Map(about.evaluations.map((evaluation, place) =>
      [evaluation.id, { ...evaluation, codes: numbersOf(vectors[place]) }]));
    this.places = new Map(this.paths.map((path, face) => [path, face]));
    // One picture for all: it is needed as long as the page is.
    this.sheet = URL.createObjectURL(new Blob([bytesOf(sheet)], { type: "image/jpeg" }));
  }

  identity(face) { return this.people[this.person[face]]; }

  has(face, attribute) { return (parseInt(this.bits[face][attribute >> 2], 16) >> (3 - (attribute & 3))) & 1; }

  // The picture of a face, at whatever size it is given.
  picture(face) {
    const element = make("span", { class: "query-face", role: "img", "aria-label": this.identity(face) });
    const share = (place, all) => (all > 1 ? (100 * place) / (all - 1) : 0) + "%";
    const { style } = element;
    style.aspectRatio = `${this.cell[0]} / ${this.cell[1]}`;
    style.backgroundSize = `${100 * this.columns}% ${100 * this.rows}%`;
    style.backgroundPosition =
      `${share(face % this.columns, this.columns)} ${share(Math.floor(face / this.columns), this.rows)}`;
    return element;
  }

  // How many attributes two faces share, and which differ; null where one has none.
  shared(face, other) {
    if (!this.bits[face] || !this.bits[other]) return null;
    const differing = this.attributes.filter((_, place) => this.has(face, place) !== this.has(other, place));
    return { same: this.attributes.length - differing.length, of: this.attributes.length, differing };
  }
}

// A script and no request: a page opened from a file may not fetch. Loaded once; after a failure, once more.
const loads = new WeakMap();
const loadFaces = (root) => {
  if (!loads.has(root)) {
    loads.set(root, new Promise((resolve, reject) => {
      const fail = () => {
        loads.delete(root);
        reject(new Refusal(say("Unloaded")));
      };
      const script = make("script", { src: root.querySelector(".query-data").href });
      script.addEventListener("load", () => {
        if (!script.faces) return fail();
        const faces = new Faces(script.faces);
        script.remove();
        root.style.setProperty("--faces", `url("${faces.sheet}")`);
        resolve(faces);
      });
      script.addEventListener("error", fail);
      document.head.append(script);
    }));
  }
  return loads.get(root);
};
