// Looking up street and place while one types. Without this there is a button for it.
(() => {
  "use strict";
  const $ = (id) => document.getElementById(id);
  const ours = (event) => event.target.id === "op-nummer";
  const PLAUSIBLE = { postcode: /^\s*\p{Nd}{4}\s*[a-z]{2}\s*$/iu, number: /^\s*\p{Nd}/u };

  // An answer to a page that has gone; nothing of that reaches the document.
  const late = (event) => {
    if (!event.target.isConnected) event.preventDefault();
  };

  document.addEventListener("htmx:configRequest", (event) => {
    if (!ours(event)) return;
    event.target.addEventListener("htmx:beforeOnLoad", late);
    const whole = Object.entries(PLAUSIBLE).every(([id, form]) => form.test($(id).value));
    if (whole) return;
    event.preventDefault();
    $("gevonden").textContent = ""; // it was of another address
  });
  // Not over what was typed meanwhile, nor another page: that shows itself at the next step.
  document.addEventListener("htmx:beforeSwap", (event) => {
    const { requestConfig, serverResponse: html, target } = event.detail;
    if (target?.id !== "opgezocht" || requestConfig.elt.id !== "op-nummer") return;
    const inputs = document.querySelectorAll("#op-nummer input, #opgezocht input[type=text]");
    const same = [...inputs].every(({ name, value }) => requestConfig.parameters[name] === value);
    if (!target.isConnected || !same || !html.includes('id="opgezocht"')) event.detail.shouldSwap = false;
  });
})();
