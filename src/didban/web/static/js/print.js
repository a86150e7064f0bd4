// Shows the buttons that print a page, which do nothing without a script, and prints. A part of the
// page that came later may have one, too.
"use strict";
(() => {
  const show = () => {
    for (const button of document.querySelectorAll("[data-print]")) button.hidden = false;
  };
  document.addEventListener("click", (event) => {
    if (event.target.closest("[data-print]")) window.print();
  });
  document.addEventListener("htmx:after:swap", show);
  show();
})();
