// Light or dark: as the system says, or as the reader chose; read before anything is painted.
(() => {
  const root = new URL("..", document.currentScript.src).pathname;
  const key = `${root}.__palette`; // the theme's own key and form, so a choice made under it still holds
  const system = matchMedia("(prefers-color-scheme: dark)");
  const chosen = () => {
    try {
      return JSON.parse(localStorage.getItem(key)).color.scheme;
    } catch {
      return null; // nothing chosen yet, or this browser keeps nothing
    }
  };
  const button = () => document.querySelector(".cp-palette");
  const show = (scheme) => {
    document.body.dataset.mdColorScheme = scheme;
    button()?.setAttribute("aria-pressed", String(scheme === "slate"));
  };
  const now = () => chosen() ?? (system.matches ? "slate" : "default");

  document.documentElement.classList.replace("no-js", "js");
  show(now());
  system.addEventListener("change", () => show(now()));
  document.addEventListener("DOMContentLoaded", () => {
    show(now());
    button().hidden = false;
    button().addEventListener("click", () => {
      const scheme = now() === "slate" ? "default" : "slate";
      const media = `(prefers-color-scheme: ${scheme === "slate" ? "dark" : "light"})`;
      try {
        localStorage.setItem(key, JSON.stringify({ index: Number(scheme === "slate"), color: { media, scheme, primary: "custom", accent: "custom" } }));
      } catch {
        return show(scheme); // not kept, but shown
      }
      show(scheme);
    });
  });
})();
