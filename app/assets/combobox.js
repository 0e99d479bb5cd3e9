// The search field as a combobox (ARIA 1.2): HTMX fills the list, the arrows walk through it.
(() => {
  "use strict";
  const list = () => document.getElementById("voorstellen");
  const field = () => document.getElementById("q");
  const options = () => [...list().querySelectorAll("[role=option]")];
  const isField = (event) => event.target.id === "q" && event.target.hasAttribute("hx-get");

  const show = (open) => {
    list().hidden = !open;
    field().setAttribute("aria-expanded", open);
    if (!open) point(null);
  };
  const point = (option) => {
    for (const other of options()) other.setAttribute("aria-selected", other === option);
    option ? field().setAttribute("aria-activedescendant", option.id) : field().removeAttribute("aria-activedescendant");
    option?.scrollIntoView({ block: "nearest" });
  };
  const current = () => options().find((option) => option.getAttribute("aria-selected") === "true");

  // Without this script it is a plain search field.
  const begin = () => {
    if (!field()?.hasAttribute("hx-get")) return;
    for (const [name, value] of Object.entries({ role: "combobox", "aria-autocomplete": "list", "aria-expanded": "false", "aria-controls": "voorstellen" })) field().setAttribute(name, value);
  };
  begin();
  document.addEventListener("htmx:afterSettle", (event) => {
    if (event.detail.target?.id === "main") begin();
    else if (event.detail.elt?.id === "voorstellen" || event.detail.target?.id === "voorstellen") {
      show(document.activeElement === field() && list().children.length > 0);
      document.getElementById("voorstellen-aantal").textContent = list().dataset.said || "";
    }
  });

  document.addEventListener("keydown", (event) => {
    if (!isField(event) || event.isComposing) return;
    const open = !list().hidden, all = options(), at = all.indexOf(current());
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      if (!all.length) return;
      event.preventDefault();
      show(true);
      const step = event.key === "ArrowDown" ? at + 1 : (at < 0 ? all.length : at) - 1;
      point(all[(step + all.length) % all.length]);
    } else if (event.key === "Enter" && open && at >= 0) {
      event.preventDefault();
      all[at].querySelector("a").click();
    } else if (event.key === "Escape" && open) {
      event.preventDefault();
      show(false);
    } else if (event.key === "Tab" && open) show(false);
  });
  document.addEventListener("input", (event) => {
    if (isField(event) && !event.target.value.trim()) show(false);
    else if (isField(event)) point(null);
  });
  document.addEventListener("click", (event) => {
    if (list() && !list().hidden && !event.target.closest(".combobox")) show(false);
  });
  document.addEventListener("submit", (event) => {
    if (event.target.contains(list())) show(false);
  });
})();
