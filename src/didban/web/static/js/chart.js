// Draws the link chart from the tables on the page. Whoever walks the table walks the chart; a node
// that is pressed leads to its row.
"use strict";
(async () => {
  const frame = document.getElementById("chart");
  if (!frame || !window.cytoscape) return;
  const rows = [...document.querySelectorAll("#things [data-thing]")];
  const ties = [...document.querySelectorAll("#ties [data-from]")];
  const colour = (name) => {  // as the theme has it, resolved
    const probe = document.createElement("span");
    probe.hidden = true;
    document.body.append(probe);
    probe.style.color = `var(--${name})`;
    const found = getComputedStyle(probe).color;
    probe.remove();
    return found;
  };
  const font = getComputedStyle(document.body).fontFamily;
  await Promise.all([document.fonts.load(`14px ${font}`, "ا"), document.fonts.load(`14px ${font}`, "Яa")]);

  frame.hidden = false;
  const ink = colour("ink"), paper = colour("paper"), open = colour("link"), edge = colour("edge");
  const cy = window.cytoscape({
    container: frame,
    elements: [
      ...rows.map((row) => ({ data: { id: row.dataset.thing, label: row.dataset.labelText, centre: "centre" in row.dataset } })),
      ...ties.map((row, place) => ({ data: { id: `tie-${place}`, source: row.dataset.from, target: row.dataset.to, label: row.dataset.labelText } })),
    ],
    style: [
      { selector: "node", style: { "background-color": edge, label: "data(label)", color: ink, "font-family": font, "font-size": 14, "text-wrap": "wrap", "text-max-width": 160, "text-valign": "bottom", "text-margin-y": 4, "text-background-color": paper, "text-background-opacity": 0.8 } },
      { selector: "node[?centre]", style: { "background-color": open, shape: "round-rectangle" } },
      { selector: "node:selected", style: { "border-width": 4, "border-color": colour("focus") } },
      { selector: "edge", style: { width: 1.5, "line-color": edge, "target-arrow-color": edge, "curve-style": "bezier", label: "data(label)", "font-family": font, "font-size": 12, color: ink, "text-background-color": paper, "text-background-opacity": 0.8 } },
    ],
    layout: { name: rows.length > 1 ? "fcose" : "grid", animate: false, randomize: true, nodeSeparation: 120, idealEdgeLength: 110, padding: 40 },
    minZoom: 0.2,
    maxZoom: 3,
  });

  const choose = (id) => {
    cy.elements().unselect();
    cy.getElementById(id).select();
  };
  for (const row of rows) row.addEventListener("focusin", () => choose(row.dataset.thing));
  cy.on("tap", "node", (event) => {
    const row = rows.find((each) => each.dataset.thing === event.target.id());
    row?.querySelector("a")?.focus();
  });
})();
