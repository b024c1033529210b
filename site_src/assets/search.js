// Find a city under any of its names, an area, a question or a page: a combobox over names.json, read on first focus.
const ROOT = new URL("..", import.meta.url); // this file lies in assets/, whatever folder the site is served from
const SHOWN = 10;
let names; // one promise for the page: every search box shares what was read

/** Lower case, without marks, punctuation as one space: what two spellings of a name have in common. */
export const fold = (text) => text.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase().replace(/[\s\p{P}]+/gu, " ").trim();

const country = (() => {
  const words = new Intl.DisplayNames(["en"], { type: "region", fallback: "code" });
  return (code) => words.of(code);
})();

async function read() {
  const answer = await fetch(new URL("names.json", ROOT));
  if (!answer.ok) throw new Error(`names.json: ${answer.status}`);
  const { cities, areas, questions, pages } = await answer.json();
  const entry = (kind, path, shown, people) => ({ kind, path, shown, people, folded: shown.map(fold) });
  return [
    ...cities.map(([id, code, people, ...all]) => entry(country(code), `cities/${id}/`, all, people)),
    ...areas.map(([id, name]) => entry("Area", `areas/${id}/`, [name], -1)),
    ...questions.map(([id, question]) => entry("Question", `indicators/${id}/`, [question], -2)),
    ...pages.map(([path, title]) => entry("Page", path, [title], -3)),
  ];
}

/** How well a folded name fits a folded query: 0 it is the name, 1 it begins it, 2 it begins a word of it, 3 it is inside; else null. */
function fit(name, query) {
  const at = name.indexOf(query);
  if (at < 0) return null;
  if (at === 0) return name.length === query.length ? 0 : 1;
  return name.includes(` ${query}`) ? 2 : 3;
}

/** The best entries: an exact match of any name first, then by how the name fits, then the larger city. */
export function find(entries, text) {
  const query = fold(text);
  if (!query) return [];
  const found = [];
  for (const entry of entries) {
    let best = null;
    let by = 0;
    entry.folded.forEach((name, i) => {
      const rank = fit(name, query);
      if (rank !== null && (best === null || rank < best)) [best, by] = [rank, i];
    });
    if (best !== null) found.push({ entry, rank: best, by });
  }
  found.sort((a, b) => a.rank - b.rank || b.entry.people - a.entry.people || (a.entry.path < b.entry.path ? -1 : 1));
  return found.slice(0, SHOWN);
}

function make(tag, attributes, text) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
  if (text) element.textContent = text; // never markup: names are what people wrote
  return element;
}

function combobox(form, number) {
  const input = form.querySelector("input[type=search]");
  const id = `cp-found-${number}`;
  const list = make("ul", { id, role: "listbox", class: "cp-found", "aria-label": "Found" });
  const status = make("p", { role: "status", class: "cp-hidden-visually" });
  list.hidden = true;
  input.after(list);
  form.append(status);
  for (const [name, value] of Object.entries({ role: "combobox", "aria-expanded": "false", "aria-autocomplete": "list", "aria-controls": id })) {
    input.setAttribute(name, value);
  }
  let found = [];
  let active = -1;
  let turn = 0;

  const tell = (words, seen) => { // read out always; seen only where no list says it
    status.textContent = words;
    status.className = seen ? "cp-found cp-found--none" : "cp-hidden-visually";
  };
  const close = () => {
    list.hidden = true;
    tell("", false);
    active = -1;
    input.setAttribute("aria-expanded", "false");
    input.removeAttribute("aria-activedescendant");
  };
  const choose = (index) => {
    active = index;
    [...list.children].forEach((option, i) => option.setAttribute("aria-selected", String(i === index)));
    if (index < 0) return input.removeAttribute("aria-activedescendant");
    input.setAttribute("aria-activedescendant", list.children[index].id);
    list.children[index].scrollIntoView({ block: "nearest" });
  };
  const open = (index) => location.assign(new URL(found[index].entry.path, ROOT));
  const show = () => {
    list.replaceChildren(
      ...found.map(({ entry, by }, i) => {
        const option = make("li", { id: `${id}-${i}`, role: "option", "aria-selected": "false" });
        option.append(make("span", { class: "cp-found__name" }, entry.shown[0]));
        // The name that was matched, unless it is the one shown, or only its spelling in plain letters.
        if (by > 0) option.append(make("span", { class: "cp-found__also" }, ` ${entry.shown[by]}`));
        option.append(make("span", { class: "cp-found__kind" }, ` ${entry.kind}`));
        option.addEventListener("click", () => open(i));
        return option;
      }),
    );
    list.hidden = found.length === 0;
    input.setAttribute("aria-expanded", String(found.length > 0));
    choose(-1);
  };
  const load = () => (names ??= read().catch(() => ((names = undefined), []))); // not read: the form still leads to the list
  const look = async () => {
    const mine = ++turn;
    const entries = await load();
    if (mine !== turn) return; // a later letter was typed meanwhile
    found = find(entries, input.value);
    show();
    const said = found.length === 1 ? "1 found" : `${found.length || "Nothing"} found`;
    const asked = input.value.trim() !== "";
    tell(asked ? said : "", asked && found.length === 0);
  };

  input.addEventListener("focus", load);
  input.addEventListener("input", look);
  input.addEventListener("keydown", (event) => {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step && found.length) {
      event.preventDefault();
      if (list.hidden) show();
      const places = found.length + 1; // one of them is "none": back in the box
      choose(((active + 1 + step + places) % places) - 1);
    } else if (event.key === "Enter" && !list.hidden) {
      event.preventDefault();
      open(Math.max(active, 0));
    } else if (event.key === "Escape" && !list.hidden) {
      event.preventDefault(); // closes the list first, and only then empties the box
      close();
    }
  });
  list.addEventListener("pointerdown", (event) => event.preventDefault()); // the box keeps the focus while an option is clicked
  form.addEventListener("focusout", close);
}

document.querySelectorAll("form.cp-search, form[data-cp-finder]").forEach(combobox);
