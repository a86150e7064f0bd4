// Deadlines count down beside their time: only the text of `[data-due]` changes, nothing moves.
// Without this script the text stands as it was when the page was made. `data-due`: seconds that
// were left then, by the clock of the node; the clock of this device is not asked.
"use strict";
(() => {
  const UNITS = [["day", 86400], ["hour", 3600], ["minute", 60], ["second", 1]];

  function words(seconds, numbers) {
    const [unit, length] = UNITS.find(([, length]) => seconds >= length) ?? UNITS.at(-1);
    const number = Math.floor(seconds / length);
    return new Intl.NumberFormat(document.documentElement.lang, {
      style: "unit", unit, unitDisplay: "long", numberingSystem: numbers,
    }).format(number);
  }

  function count() {
    for (const one of document.querySelectorAll("[data-due]")) {
      const left = Math.round(Number(one.dataset.due) - performance.now() / 1000);
      const text = (left >= 0 ? one.dataset.left : one.dataset.over).replace("{}", words(Math.abs(left), one.dataset.numbers));
      if (one.textContent !== text) one.textContent = text;
      one.classList.toggle("over", left < 0);
    }
  }

  count();
  setInterval(count, 1000);
})();
