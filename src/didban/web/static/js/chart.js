// Draws the link chart from the tables on the page. Whoever walks the chart by the arrow keys walks
// the table: what is pressed there is what its row offers. Where things lay is kept while the window
// is open, so that what is opened out or hidden moves nothing else.
"use strict";
(async () => {
  const frame = document.getElementById("chart");
  if (!frame || !window.cytoscape) return;
  const rows = new Map([...document.querySelectorAll("#things [data-thing]")].map((row) => [row.dataset.thing, row]));
  const ties = [...document.querySelectorAll("#ties [data-from]")];
  const years = document.querySelector("[data-years]");
  const PLACES = `chart ${location.pathname}`;
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

  document.getElementById("chart-figure").hidden = false;
  const before = JSON.parse(sessionStorage.getItem(PLACES) ?? "{}");
  const known = [...rows.keys()].filter((id) => before.places?.[id]);
  const ink = colour("ink"), paper = colour("paper"), open = colour("link"), edge = colour("edge");
  const label = { label: "data(label)", color: ink, "font-family": font, "text-background-color": paper, "text-background-opacity": 0.85 };
  const onGroups = [...rows.values()].flatMap((row) => (row.dataset.on ?? "").split(" ").filter(Boolean).map((id) => [row.dataset.thing, id]));
  const cy = window.cytoscape({
    container: frame,
    elements: [
      ...[...rows].map(([id, row]) => ({ data: { id, label: row.dataset.labelText, centre: "centre" in row.dataset, shape: row.dataset.shape }, position: { ...before.places?.[id] } })),
      ...ties.map((row, place) => ({ data: { id: `tie-${place}`, source: row.dataset.from, target: row.dataset.to, label: row.dataset.labelText } })),
      ...onGroups.map(([group, id]) => ({ data: { id: `${group}-${id}`, source: group, target: id, label: "" } })),
    ],
    style: [
      { selector: "node", style: { ...label, "background-color": paper, "border-width": 2, "border-color": edge, "font-size": 14, "text-wrap": "wrap", "text-max-width": 160, "text-valign": "bottom", "text-margin-y": 4 } },
      { selector: "node[shape='document']", style: { shape: "rectangle" } },
      { selector: "node[shape='event']", style: { shape: "diamond", width: 36, height: 36 } },
      { selector: "node[shape='other']", style: { width: 20, height: 20 } },
      { selector: "node[shape='group']", style: { shape: "round-rectangle", width: 44, "border-style": "dashed" } },
      { selector: "node[?centre]", style: { "background-color": open, "border-color": open } },
      { selector: "node:selected", style: { "border-width": 5, "border-color": colour("focus") } },
      { selector: "edge", style: { ...label, width: 1.5, "line-color": edge, "curve-style": "bezier", "font-size": 12 } },
    ],
    layout: {
      name: rows.size > 1 ? "fcose" : "grid",
      animate: false,
      randomize: known.length < 2,
      fixedNodeConstraint: known.length < 2 ? undefined : known.map((nodeId) => ({ nodeId, position: before.places[nodeId] })),
      nodeSeparation: 160,
      idealEdgeLength: 160,
      padding: 40,
    },
    minZoom: 0.2,
    maxZoom: 3,
    userZoomingEnabled: false,  // the wheel belongs to the page
  });

  const here = document.getElementById("chart-here");
  const chosen = () => cy.nodes(":selected")[0];
  const row = () => rows.get(chosen()?.id());
  function choose(id) {
    cy.elements().unselect();
    cy.getElementById(id).select();
    here.textContent = [...row().cells].map((cell) => cell.innerText.trim()).filter(Boolean).join(" · ");
  }
  function keep(hasFocus) {
    const places = Object.fromEntries(cy.nodes().map((node) => [node.id(), node.position()]));
    sessionStorage.setItem(PLACES, JSON.stringify({ places, hasFocus }));
  }

  // The nearest in a direction: what lies aside counts double.
  function step(dx, dy) {
    const from = chosen()?.position();
    let nearest = null;
    let least = Infinity;
    for (const node of cy.nodes(":visible")) {
      const x = node.position("x") - from?.x, y = node.position("y") - from?.y;
      const ahead = x * dx + y * dy, aside = Math.abs(x * dy) + Math.abs(y * dx);
      if (ahead > 1 && ahead + 2 * aside < least) [nearest, least] = [node, ahead + 2 * aside];
    }
    if (nearest) choose(nearest.id());
  }
  function follow(what) {
    const link = row()?.querySelector(`[data-${what}]`);
    if (!link) return;
    keep(what !== "opens");
    link.click();
  }
  const walks = { ArrowRight: () => step(1, 0), ArrowLeft: () => step(-1, 0), ArrowDown: () => step(0, 1), ArrowUp: () => step(0, -1), Enter: () => follow("opens") };
  const letters = { KeyE: () => follow("expand"), KeyH: () => follow("hide"), KeyT: () => row()?.querySelector("a")?.focus() };
  const areLettersOn = document.body.dataset.keys !== "off";
  frame.addEventListener("keydown", (event) => {
    const does = walks[event.code] ?? (areLettersOn ? letters[event.code] : undefined);
    if (!does || event.ctrlKey || event.altKey || event.metaKey) return;
    event.preventDefault();
    event.stopPropagation();  // on the chart these letters are its own
    does();
  });
  frame.addEventListener("focus", () => chosen() ?? choose((cy.nodes("[?centre]")[0] ?? cy.nodes()[0]).id()));
  for (const [id, each] of rows) each.addEventListener("focusin", () => choose(id));
  cy.on("tap", "node", (event) => { choose(event.target.id()); frame.focus(); });
  cy.on("dbltap", "node", () => follow("opens"));
  window.addEventListener("pagehide", () => { if (!sessionStorage.getItem(PLACES)?.includes('"hasFocus":true')) keep(false); });
  if (before.hasFocus) {
    keep(false);
    const wanted = decodeURIComponent(location.hash.slice("#thing-".length));
    if (rows.has(wanted)) choose(wanted);
    frame.focus();
  }

  // Ties of other years go, and things that then hang on nothing: from the drawing and the tables.
  years?.addEventListener("input", () => {
    const [since, until] = [Number(years.since.value), Number(years.until.value)];
    ties.forEach((tie, place) => {
      const isOut = (tie.dataset.first && Number(tie.dataset.first) > until) || (tie.dataset.last && Number(tie.dataset.last) < since);
      tie.hidden = isOut;
      cy.getElementById(`tie-${place}`).style("display", isOut ? "none" : "element");
    });
    for (const node of cy.nodes()) {
      const isOut = !node.data("centre") && node.connectedEdges().every((tie) => tie.style("display") === "none");
      rows.get(node.id()).hidden = isOut;
      node.style("display", isOut ? "none" : "element");
    }
  });

  cy.on("resize", () => cy.fit(40));
  for (const button of document.querySelectorAll("[data-zoom]")) {
    button.addEventListener("click", () => {
      const factor = Number(button.dataset.zoom);
      if (factor) cy.zoom({ level: cy.zoom() * factor, renderedPosition: { x: cy.width() / 2, y: cy.height() / 2 } });
      else cy.fit(40);
    });
  }
  const drawing = () => chartDrawing(cy, document.querySelector("h1 .name").textContent, document.getElementById("chart-foot").innerText);
  const save = document.querySelector("[data-save]");
  save.addEventListener("click", () => {
    const link = document.createElement("a");
    link.download = save.dataset.save;
    link.href = URL.createObjectURL(new Blob([drawing().outerHTML], { type: "image/svg+xml" }));
    link.click();
    URL.revokeObjectURL(link.href);
  });
  window.addEventListener("beforeprint", () => document.getElementById("chart-print").replaceChildren(drawing()));
})();
