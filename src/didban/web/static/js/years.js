// Says beside each slider the year at which it stands.
"use strict";
for (const slider of document.querySelectorAll("[data-years] input[type=range]")) {
  const output = slider.form.querySelector(`output[for="${slider.id}"]`);
  slider.addEventListener("input", () => { output.value = slider.value; });
}
