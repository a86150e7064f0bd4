// A passport scanner types like a keyboard: two or three lines, each ended by Enter. A number ends
// with one. Here Enter sends what is whole, a scan that begins anywhere on the page lands in the
// field, and letters come out Latin whatever layout the keyboard is set to.
"use strict";
(() => {
  const field = document.querySelector("[data-scan]");
  const answer = document.getElementById("answer");
  const BURST = 35; // milliseconds between two keys of a scanner; nobody types as fast
  const isWhole = (text) => {
    const lines = text.split("\n").map((line) => line.trim()).filter(Boolean);
    if (!lines.length) return false;
    const isZone = lines[0].length >= 28 || lines[0].includes("<");
    const isOneLine = lines.join("").length >= 72; // some scanners leave out what ends the lines
    return !isZone || isOneLine || lines.length >= (lines[0].length <= 32 ? 3 : 2);
  };

  const latin = (event) => {
    if (event.ctrlKey || event.altKey || event.metaKey || /^[\x20-\x7e]$/.test(event.key)) return "";
    if (/^Key[A-Z]$/.test(event.code)) return event.code.slice(3);
    if (/^Digit[0-9]$/.test(event.code)) return event.code.slice(5);
    return event.code === "IntlBackslash" || (event.code === "Comma" && event.shiftKey) ? "<" : "";
  };

  function write(text) {
    field.setRangeText(text, field.selectionStart, field.selectionEnd, "end");
  }

  function next() {
    answer?.replaceChildren();
    field.form.reset();
    field.focus();
  }

  field?.addEventListener("keydown", (event) => {
    if (event.key === "Enter" && !event.shiftKey && !event.isComposing) {
      if (!isWhole(field.value)) return;
      event.preventDefault();
      field.form.requestSubmit();
      return;
    }
    const letter = latin(event);
    if (!letter) return;
    event.preventDefault();
    write(letter);
  });

  // While somebody reads the answer, the first key of a scan looks like a shortcut: it is held back
  // for as long as a scanner takes to its second key, and passed on if none follows.
  let held = null;
  let timer = 0;
  const release = () => {
    const event = held;
    held = null;
    if (event) event.target.dispatchEvent(new KeyboardEvent("keydown", { key: event.key, code: event.code, shiftKey: event.shiftKey, bubbles: true }));
  };
  document.addEventListener("keydown", (event) => {
    if (!event.isTrusted || event.ctrlKey || event.altKey || event.metaKey) return;
    if (event.target.closest("input, select, textarea")) return;
    if (!field) {
      if (event.key === "Enter" && !event.target.closest("a, button, summary")) document.querySelector("[data-scan-next]")?.click();
      return;
    }
    if (event.key === "Enter" && !event.target.closest("a, button, summary")) {
      event.preventDefault();
      next();
      return;
    }
    const letter = /^[\x21-\x7e]$/.test(event.key) ? event.key : latin(event);
    if (!letter) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    clearTimeout(timer);
    if (held) {
      const first = /^[\x21-\x7e]$/.test(held.key) ? held.key : latin(held);
      held = null;
      next();
      write(first + letter);
    } else {
      held = event;
      timer = setTimeout(release, BURST);
    }
  }, true);

  const prepare = () => {
    if (answer?.querySelector("[data-answered]")) field?.form.reset();
  };
  document.addEventListener("click", (event) => {
    if (field && event.target.closest("[data-scan-next]")) {
      event.preventDefault();
      next();
    }
  });
  if (answer) new MutationObserver(prepare).observe(answer, { childList: true });
  prepare();
  // A browser gives the focus that a page asks for only when it paints: a scan may come before.
  if (field?.autofocus) field.focus();
})();
