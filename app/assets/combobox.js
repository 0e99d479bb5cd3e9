// The search field as a combobox (ARIA 1.2): HTMX fills the list, here it is opened and walked
// through. Without this it is a plain field in a form.
(() => {
  "use strict";
  if (!window.htmx) return;
  const $ = (id) => document.getElementById(id);
  const PATIENCE = 1000; // that an old list stays, dimmed, while its successor is on its way
  const SETTLED = 800; // without typing; then the number found is told
  let stale, settled;

  const list = () => $("voorstellen");
  const field = () => $("q");
  const ours = (event) => event.target.id === "q" && event.target.hasAttribute("hx-get");
  const filled = (event) => event.detail.target?.id === "voorstellen";
  const options = () => list().inert ? [] : [...list().querySelectorAll("[role=option]")];
  const told = () => [field().value, list().dataset.said].every(Boolean);

  const point = (option) => {
    for (const other of options()) other.setAttribute("aria-selected", other === option);
    field().toggleAttribute("aria-activedescendant", !!option);
    if (!option) return;
    field().setAttribute("aria-activedescendant", option.id);
    option.scrollIntoView({ block: "nearest" });
  };
  const show = (open) => {
    open &&= told();
    const opens = open && list().hidden;
    list().hidden = !open;
    field().setAttribute("aria-expanded", open && list().matches("[role=listbox]"));
    clearTimeout(settled);
    if (!open) point();
    // Above the keyboard of a telephone there must be something to see.
    else if (opens && (visualViewport?.height ?? innerHeight) - field().getBoundingClientRect().bottom < 220) field().scrollIntoView();
  };
  const close = () => {
    if (list() && !list().hidden) show(false);
  };
  // What is there is no answer to what stands in the field now.
  const outdate = () => {
    point();
    list().inert = true;
    $("voorstellen-aantal").textContent = "";
    clearTimeout(stale);
    clearTimeout(settled);
    stale = setTimeout(forget, PATIENCE);
  };
  const forget = () => {
    clearTimeout(stale);
    if (!list()?.inert) return;
    show(false);
    list().replaceChildren();
    delete list().dataset.said;
  };

  const begin = () => {
    if (!field()?.hasAttribute("hx-get")) return;
    for (const [name, value] of Object.entries({ role: "combobox", "aria-autocomplete": "list", "aria-expanded": "false", "aria-controls": "voorstellen" })) field().setAttribute(name, value);
  };
  begin();
  document.addEventListener("htmx:afterSettle", (event) => {
    if (event.detail.target?.id === "main") begin();
  });

  document.addEventListener("htmx:configRequest", (event) => {
    if (ours(event) && !field().value.trim()) event.preventDefault();
  });
  // Neither an answer to an earlier text, nor another page: that shows itself at the next step.
  document.addEventListener("htmx:beforeSwap", (event) => {
    if (!filled(event)) return;
    const { requestConfig, serverResponse: html } = event.detail;
    if (requestConfig.parameters.q !== field()?.value || !html.includes('id="voorstellen"')) event.detail.shouldSwap = false;
  });
  document.addEventListener("htmx:afterSwap", (event) => {
    if (!filled(event)) return;
    clearTimeout(stale);
    show(document.activeElement === field());
    settled = setTimeout(() => {
      if (list()) $("voorstellen-aantal").textContent = list().dataset.said || "";
    }, SETTLED);
  });
  for (const failure of ["sendError", "timeout", "responseError"]) document.addEventListener(`htmx:${failure}`, (event) => {
    if (filled(event)) forget();
  });

  document.addEventListener("keydown", (event) => {
    if (!ours(event) || event.isComposing) return;
    const all = options(), at = all.findIndex((option) => option.getAttribute("aria-selected") === "true");
    const open = !list().hidden;
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      if (!all.length) return;
      event.preventDefault();
      show(true);
      const next = event.key === "ArrowDown" ? at + 1 : Math.max(at, 0) - 1;
      point(all.at(next % all.length));
    } else if (event.key === "Enter" && open && at >= 0) {
      event.preventDefault();
      all[at].click();
    } else if (event.key === "Escape" && open) {
      event.preventDefault();
      show(false);
    } else if (event.key === "Tab") close();
    else if (["Home", "End", "ArrowLeft", "ArrowRight"].includes(event.key) && open) point(); // in the text
  });
  document.addEventListener("input", (event) => {
    if (!ours(event)) return;
    outdate();
    if (!event.target.value.trim()) forget();
  });
  // With the mouse on the list, the field keeps the focus, and a telephone its keyboard.
  document.addEventListener("mousedown", (event) => {
    if (event.target.closest("#voorstellen")) event.preventDefault();
  });
  // Not as soon as the field loses the focus: what is below would move away from under the finger.
  document.addEventListener("click", (event) => {
    if (event.target.closest("#voorstellen a")) leave();
    else if (!event.target.closest(".combobox")) close();
  });
  document.addEventListener("submit", (event) => {
    if (event.target.contains(field())) leave();
  });
  const leave = () => {
    htmx.trigger(field(), "htmx:abort");
    close();
  };
})();
