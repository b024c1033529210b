// On the list of cities: show only those with a name that holds what is typed; a search sent from another page begins it.
import { fold } from "./search.js";

for (const form of document.querySelectorAll("form[data-cp-filter]")) {
  const input = form.querySelector("input");
  const status = form.querySelector("[role=status]");
  const items = [...document.querySelectorAll("[data-cp-find]")].map((element) => ({ element, text: fold(element.dataset.cpFind) }));
  const groups = [...document.querySelectorAll("[data-cp-group]")];
  const jumps = document.querySelector("[data-cp-jumps]");

  const show = () => {
    const asked = fold(input.value);
    let shown = 0;
    for (const { element, text } of items) {
      element.hidden = !text.includes(asked);
      shown += Number(!element.hidden);
    }
    for (const group of groups) group.hidden = !group.querySelector("[data-cp-find]:not([hidden])");
    if (jumps) jumps.hidden = asked !== ""; // they would lead to what is not shown
    status.textContent = asked ? `${shown} of ${items.length} shown` : "";
  };

  form.hidden = false;
  form.addEventListener("submit", (event) => event.preventDefault());
  input.addEventListener("input", show);
  input.value = new URLSearchParams(location.search).get("q") ?? "";
  show();
}
