// What HTMX leaves to us, and the end of a session. Every page works without any of this.
(() => {
  "use strict";
  const $ = (id) => document.getElementById(id);
  const main = (event) => event.detail.target?.id === "main";
  const tell = (why, text = why ? $("melding").dataset[why] : "") => {
    if ($("melding").textContent !== text) $("melding").textContent = text;
  };

  // A new page has its focus where reading begins; after mistakes that is their summary, also
  // where a form loaded the page anew.
  $("fouten")?.focus({ preventScroll: true });
  document.addEventListener("htmx:afterSettle", (event) => {
    tell("");
    if (!main(event)) return;
    renewed();
    const begins = $("fouten") || document.querySelector("#main [data-begin]");
    (begins || document.querySelector("#main h1"))?.focus({ preventScroll: true });
  });

  // An answer that isn't a page of ours, in this language and this login, is a page of its own.
  document.addEventListener("htmx:beforeSwap", (event) => {
    const { xhr, requestConfig, serverResponse: html, shouldSwap } = event.detail;
    if (!shouldSwap || !main(event)) return;
    const { lang, mark } = $("main").dataset;
    if (html.includes(`data-lang="${lang}" data-mark="${mark}"`)) return;
    event.detail.shouldSwap = false;
    requestConfig.verb === "get" ? location.assign(xhr.responseURL) : location.reload();
  });

  // Who tries again and fails again is told again.
  document.addEventListener("htmx:beforeRequest", () => tell(""));
  addEventListener("offline", () => document.querySelector("#main form") && tell("offline"));
  addEventListener("online", () => $("melding").textContent === $("melding").dataset.offline && tell(""));
  // An application may have arrived although its answer didn't.
  const failed = (why) => ({ detail }) => {
    const sent = detail.requestConfig.verb === "post" && document.querySelector("#main [data-unsure]");
    tell(why, sent ? sent.dataset.unsure : undefined);
  };
  document.addEventListener("htmx:sendError", failed("offline"));
  document.addEventListener("htmx:timeout", failed("timeout"));
  document.addEventListener("htmx:responseError", failed("error"));

  // The summary leads to the field itself, also when only a hash in the address would change.
  document.addEventListener("click", (event) => {
    const link = event.target.closest("a");
    const field = link?.closest("#fouten") && $(link.hash.slice(1));
    if (field) {
      event.preventDefault();
      field.focus();
      field.scrollIntoView({ block: "center" });
    }
    // The header isn't swapped, so its way back is worked out here.
    if (link?.closest("header") && link.search.startsWith("?terug=")) {
      const address = new URL(link.href);
      // What was searched for goes along; of a school's link we keep it ourselves.
      const query = location.pathname.startsWith("/aanmelding/") ? location.search : "";
      address.searchParams.set("terug", location.pathname + query);
      link.href = address;
    }
  });
  document.addEventListener("keydown", (event) => {
    const menu = document.querySelector(".languages[open]");
    if (event.key === "Escape" && menu) {
      menu.open = false;
      menu.querySelector("summary").focus();
    }
  });
  document.addEventListener("focusin", (event) => {
    const menu = document.querySelector(".languages[open]");
    if (menu && !menu.contains(event.target)) menu.open = false;
  });

  // Nothing personal comes back from the browser's memory after logging out.
  addEventListener("pagehide", () => { document.documentElement.hidden = true; });
  addEventListener("pageshow", (event) => { if (event.persisted) location.reload(); });

  // The session: a warning two minutes before the end, in every tab of this browser.
  const WARN = 120e3;
  const tabs = new BroadcastChannel("sessie");
  const dialog = $("sessie");
  let end = Infinity;
  const starts = (seconds) => {
    end = seconds > 0 && dialog ? Date.now() + seconds * 1000 : Infinity;
    if (dialog?.open) dialog.close();
  };
  const renewed = (seconds = Number($("main")?.dataset.sessionEnds || 0)) => {
    starts(seconds);
    tabs.postMessage(seconds);
  };
  // From another tab: it went on, or it sees that nobody is logged in any more.
  tabs.onmessage = ({ data }) => {
    if (end < Infinity) data ? starts(data) : again();
  };
  const again = () => location.replace(location.pathname + location.search);
  // What was typed and not yet saved is sent along: it is there again after logging in.
  const over = () => {
    end = Infinity;
    const form = document.querySelector("#main form[data-keep]");
    const typed = (e) => e.matches("input") && (e.value !== e.defaultValue || e.checked !== e.defaultChecked);
    form && [...form.elements].some(typed) ? form.submit() : again();
  };
  renewed();
  setInterval(() => {
    const left = end - Date.now();
    if (left <= -2000) over();
    else if (left <= WARN && !dialog.open) dialog.showModal();
  }, 1000);
  dialog?.addEventListener("cancel", (event) => {
    event.preventDefault();
    dialog.querySelector("form").requestSubmit();
  });
  dialog?.addEventListener("submit", async (event) => {
    event.preventDefault();
    const form = event.target;
    try {
      const answer = await fetch(form.action, { method: "POST", body: new FormData(form) });
      answer.status === 204 ? renewed(Number(answer.headers.get("Session-Ends"))) : again();
    } catch {
      tell("offline");
    }
  });
})();
