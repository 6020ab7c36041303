// Lists by keyboard: a convenience. Each page works without it.
(() => {
  "use strict";

  const typing = (target) => target.closest("input:not([type=checkbox]), select, textarea, [contenteditable], dialog");

  const rowsOf = () => [...document.querySelectorAll(".l-rows tbody tr")];

  const moveTo = (rows, index) => {
    rows.forEach((row, i) => row.classList.toggle("l-at", i === index));
    rows[index]?.querySelector("a")?.focus({ preventScroll: true });
    rows[index]?.scrollIntoView({ block: "nearest" });
  };

  const keys = {
    j: (rows, at) => moveTo(rows, Math.min(at + 1, rows.length - 1)),
    k: (rows, at) => moveTo(rows, Math.max(at - 1, 0)),
    x: (rows, at) => rows[at]?.querySelector("input[name=pk]")?.click(),
  };

  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || typing(event.target)) return;
    const rows = rowsOf();
    if (!keys[event.key] || !rows.length) return;
    event.preventDefault();
    keys[event.key](rows, rows.findIndex((row) => row.classList.contains("l-at")));
  });

  // Enter, while nothing in the box is chosen: the one thing found, or the page that shows all of it.
  const answerTo = (text) => {
    const list = document.querySelector("#command-results-list");
    const hits = list?.dataset.text === text ? list.querySelectorAll("a") : [];
    return hits.length === 1 ? hits[0].href : `${document.querySelector(".l-find").action}?q=${encodeURIComponent(text)}`;
  };

  document.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" || event.target.id !== "search-input-command") return;
    if (document.querySelector("#command-results-list .active")) return;
    event.preventDefault();
    event.stopPropagation();
    const text = event.target.value.trim();
    if (text) window.location.assign(answerTo(text));
  }, true);

  const count = (form) => {
    const all = [...form.querySelectorAll("input[name=pk]")];
    const chosen = all.filter((box) => box.checked).length;
    const head = form.querySelector("[data-all]");
    if (head) Object.assign(head, { checked: chosen === all.length, indeterminate: chosen > 0 && chosen < all.length });
    const words = form.querySelector("[data-selected]");
    if (words) words.textContent = chosen === 1 ? "1 selected" : `${chosen} selected`;
  };

  document.addEventListener("change", (event) => {
    const form = event.target.closest(".l-list");
    if (!form || !event.target.closest(".l-pick")) return;
    if (event.target.matches("[data-all]")) {
      form.querySelectorAll("input[name=pk]").forEach((box) => { box.checked = event.target.checked; });
    }
    count(form);
  });

  window.addEventListener("DOMContentLoaded", () => {
    document.querySelectorAll("[data-all]").forEach((box) => { box.hidden = false; });
    document.querySelectorAll(".l-list").forEach(count);
    // The theme writes the headings of its cards all small or all great.
    document.querySelectorAll("[data-label]").forEach(({ dataset }) => {
      dataset.label = dataset.label.charAt(0).toUpperCase() + dataset.label.slice(1);
    });
    document.querySelector(".r-tab[aria-current]")?.scrollIntoView({ inline: "center", block: "nearest" });
  });
})();
