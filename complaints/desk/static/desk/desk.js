// Everything here is a convenience: each page works without it.
(() => {
  "use strict";

  // The theme looks for parts of its own file field beside every file field and stumbles where there are none.
  document.addEventListener("change", (event) => {
    if (event.target.matches?.("input[type=file]")) event.stopPropagation();
  }, true);

  const FIELD = ":is(input:not([type=hidden]), select, textarea)";
  const FRAGMENT = { "X-Desk-Dialog": "1" };
  let box = null;
  let typed = false;

  const boxOf = () => {
    if (box) return box;
    box = document.createElement("dialog");
    box.className = "r-dialog";
    box.setAttribute("aria-labelledby", "r-do-title");
    box.addEventListener("cancel", (event) => {
      if (typed && !window.confirm("Leave without saving what you typed?")) event.preventDefault();
    });
    box.addEventListener("input", () => { typed = true; });
    document.body.append(box);
    return box;
  };

  const show = (html) => {
    boxOf().innerHTML = html;
    if (!box.open) box.showModal();
    prepare(box);
    const said = box.querySelector("[role=alert]");
    if (said && !said.matches(".r-error")) return turnTo(said);
    const field = (said?.parentElement || box).querySelector(FIELD);
    // With nothing to fill in the browser would choose whatever link comes first.
    return field ? field.focus() : turnTo(box.querySelector(".r-do__title"));
  };

  // Whoever works by keyboard goes on from what the form says of itself, and not from the top of the page.
  const turnTo = (said) => {
    said.tabIndex = -1;
    said.focus({ preventScroll: true });
    said.scrollIntoView({ block: "start" });
  };

  const open = async (link) => {
    try {
      const answer = await fetch(link.href, { headers: FRAGMENT });
      if (answer.redirected || !answer.headers.get("content-type")?.includes("html")) throw new Error("not a dialog");
      const html = await answer.text();
      if (!html.includes("r-do__title") || html.includes("<html")) throw new Error("not a dialog");
      typed = false;
      show(html);
    } catch {
      window.location.assign(link.href);
    }
  };

  const leave = (address) => {
    const target = new URL(address, window.location.href);
    if (target.pathname + target.search === window.location.pathname + window.location.search) window.location.reload();
    else window.location.assign(target);
  };

  const send = async (form, button) => {
    const typedIn = new FormData(form, button);
    button.disabled = true;
    try {
      const answer = await fetch(form.action, { method: "POST", body: typedIn, headers: FRAGMENT, redirect: "manual" });
      if (answer.type === "opaqueredirect") return leave(form.dataset.back);
      if (![403, 409, 422].includes(answer.status) || answer.headers.get("content-type")?.includes("html") !== true) throw new Error(answer.status);
      const html = await answer.text();
      if (!html.includes("r-do__title")) throw new Error("not ours");
      show(html);
    } catch {
      button.disabled = false;
      failed(form);
    }
    return undefined;
  };

  const failed = (form) => {
    form.querySelector("[data-failed]")?.remove();
    const line = document.createElement("div");
    line.className = "r-errors";
    line.role = "alert";
    line.dataset.failed = "";
    line.textContent = "This could not be sent. What you typed is still here: please try again.";
    form.prepend(line);
    line.scrollIntoView({ block: "center" });
  };

  // One more row of a set of rows: its <template> has __prefix__ where the number goes.
  const addRow = (button) => {
    const set = button.closest("[data-rows]");
    const folded = set.querySelector("[data-row][hidden]");
    if (folded) {
      folded.hidden = false;
      folded.querySelector("input, select, textarea")?.focus();
      return;
    }
    const total = set.querySelector("input[name$=TOTAL_FORMS]");
    const number = Number(total.value);
    if (number >= Number(set.dataset.most || 20)) return;
    const row = set.querySelector("template").innerHTML.replaceAll("__prefix__", String(number));
    button.closest("[data-add-row-line]").insertAdjacentHTML("beforebegin", row);
    total.value = String(number + 1);
    const rows = set.querySelectorAll("[data-row]");
    rows[rows.length - 1].querySelector("input, select, textarea")?.focus();
  };

  const isUntouched = (row) => !row.querySelector(".r-error") && [...row.querySelectorAll("input")].every((field) => !field.value);

  const prepare = (place) => {
    place.querySelectorAll("[data-rows]").forEach((set) => {
      [...set.querySelectorAll("[data-row]")].slice(1).forEach((row) => { row.hidden = isUntouched(row); });
    });
    place.querySelectorAll("[data-print]").forEach((button) => { button.hidden = false; });
    place.querySelectorAll("[data-rows]").forEach((set) => { set.querySelector("[data-add-row-line]").hidden = false; });
    place.querySelectorAll("[data-room]").forEach(weigh);
  };

  // Says beside the amounts, before anything is sent, whether they stay within the person's authority.
  const weigh = (place) => {
    const total = [...place.querySelectorAll("input[name$=-amount]")].reduce((sum, field) => sum + (Number(field.value.replace(",", "")) || 0), 0);
    const line = place.querySelector("[data-room-line]");
    if (!line) return;
    const currency = place.querySelector("[name=currency]").value;
    const above = total > Number(JSON.parse(place.dataset.room)[currency] || 0);
    line.hidden = total === 0;
    line.classList.toggle("r-error", above);
    const sum = total.toLocaleString("en-GB", { style: "currency", currency });
    line.textContent = above ? `${sum} is above your authority: ${place.dataset.above}` : `${sum} together, within your authority.`;
  };

  document.addEventListener("click", (event) => {
    const link = event.target.closest("a[data-dialog]");
    if (link && !(event.metaKey || event.ctrlKey || event.shiftKey || event.button)) {
      event.preventDefault();
      open(link);
    }
    const close = event.target.closest("[data-close]");
    if (close && box?.contains(close)) {
      event.preventDefault();
      box.close();
    }
    if (event.target.closest("[data-print]")) window.print();
    const add = event.target.closest("[data-add-row]");
    if (add) addRow(add);
  });

  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (event.defaultPrevented || !form.matches("[data-do], [data-once]")) return;
    const button = event.submitter || form.querySelector("[type=submit]");
    if (box?.contains(form)) {
      event.preventDefault();
      send(form, button);
    } else if (form.dataset.sent) {
      event.preventDefault();
    } else {
      form.dataset.sent = "1";
    }
  });

  // A page taken from the browser's memory may be sent again.
  window.addEventListener("pageshow", () => {
    document.querySelectorAll("[data-sent]").forEach((form) => { delete form.dataset.sent; });
  });

  document.addEventListener("input", (event) => {
    const place = event.target.closest("[data-room]");
    if (place) weigh(place);
  });

  if (document.readyState === "loading") document.addEventListener("DOMContentLoaded", () => prepare(document));
  else prepare(document);
})();
