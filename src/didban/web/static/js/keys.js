// Keys by their place on the keyboard, whatever the language: J and K walk the rows, X ticks one,
// Enter opens, G then a letter goes to a task, a marked button or link is pressed by its own key,
// ? lists them. In the preferences they are switched off, or made to need Alt (WCAG 2.2, 2.1.4); they
// never act while somebody types.
"use strict";
(() => {
  if (document.body.dataset.keys === "off") return;
  const withAlt = document.body.dataset.keys === "alt";
  let isGoing = false;

  const isTyping = (target) =>
    target.isContentEditable ||
    (target.matches("input, select, textarea") && !target.matches("[type=checkbox], [type=radio], [type=submit]"));
  const rows = () => [...document.querySelectorAll("[data-row] a, a[data-row]")];

  function walk(step) {
    const all = rows();
    const here = all.findIndex((row) => row === document.activeElement || row.closest("[data-row]")?.contains(document.activeElement));
    all[Math.min(Math.max(here + step, 0), all.length - 1)]?.focus();
  }

  function tick() {  // the box of the row where one is
    document.activeElement.closest("[data-row]")?.querySelector("[data-tick]")?.click();
  }

  function press(selector) {
    const found = document.querySelector(selector);
    if (!found) return false;
    if (found.matches("input:not([type=submit], [type=radio]), textarea, select")) found.focus();
    else found.click();
    return true;
  }

  // Each button and link shows its key, also to who reads the page aloud.
  function mark() {
    for (const one of document.querySelectorAll("[data-key]:not([aria-keyshortcuts])")) {
      one.setAttribute("aria-keyshortcuts", (withAlt ? "Alt+" : "") + one.dataset.key.replace(/^(Key|Digit)/, ""));
    }
  }
  document.addEventListener("htmx:after:swap", mark);
  mark();

  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || isTyping(event.target)) return;
    if (event.altKey !== withAlt && event.code !== "Escape") return;
    const code = event.code;
    if (isGoing) {
      isGoing = false;
      if (press(`[data-go="${code}"]`)) event.preventDefault();
      return;
    }
    if (event.key === "?" || (code === "Slash" && event.shiftKey)) {
      if (press("[data-help]")) event.preventDefault();
    } else if (code === "KeyG") isGoing = true;
    else if (code === "KeyJ") walk(1);
    else if (code === "KeyK") press('[data-key="KeyK"]') || walk(-1);  // a page may keep by K
    else if (code === "KeyX") tick();
    else if (code === "Slash") { if (press("[data-search]")) event.preventDefault(); }
    else if (code === "Escape") press("[data-back]");
    else if (/^(Key[A-Z]|Digit[0-9])$/.test(code) && press(`[data-key="${code}"]`)) event.preventDefault();
  });
})();
