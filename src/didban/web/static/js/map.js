// Whoever walks the table of places sees each on the map: its mark is highlighted while its row has
// the focus or lies under the pointer; a mark that is pressed leads to its row.
"use strict";
for (const row of document.querySelectorAll("[data-mark]")) {
  const mark = document.getElementById(row.dataset.mark);
  const show = (isHere) => () => mark.classList.toggle("here", isHere);
  for (const name of ["focusin", "pointerenter"]) row.addEventListener(name, show(true));
  for (const name of ["focusout", "pointerleave"]) row.addEventListener(name, show(false));
  mark.addEventListener("click", () => row.querySelector("a").focus());
}
