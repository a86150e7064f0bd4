// A link chart as a drawing that stands alone: black on white, with its title, its handling and the
// time on it. It is what is saved and what is printed.
"use strict";
const chartDrawing = (() => {
  const NAMESPACE = "http://www.w3.org/2000/svg";
  const MARGIN = 120;
  const HEAD = 60;

  function make(name, attributes, text) {
    const made = document.createElementNS(NAMESPACE, name);
    for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
    if (text !== undefined) made.textContent = text;
    return made;
  }

  function words(text, x, y, size, attributes = {}) {
    const font = { "font-family": "sans-serif", "font-size": size, "text-anchor": "middle", "unicode-bidi": "plaintext" };
    const halo = { "paint-order": "stroke", stroke: "#fff", "stroke-width": 4, fill: "#000" };
    return make("text", { x, y, ...font, ...halo, ...attributes }, text);
  }

  function shape(kind, x, y, isCentre) {
    const look = { fill: isCentre ? "#124a72" : "#fff", stroke: "#124a72", "stroke-width": 2 };
    if (kind === "document") return make("rect", { x: x - 13, y: y - 13, width: 26, height: 26, ...look });
    if (kind === "event") return make("path", { d: `M${x} ${y - 17}L${x + 17} ${y}L${x} ${y + 17}L${x - 17} ${y}Z`, ...look });
    if (kind === "group") return make("rect", { x: x - 20, y: y - 13, width: 40, height: 26, rx: 13, "stroke-dasharray": "4 3", ...look });
    return make("circle", { cx: x, cy: y, r: kind === "other" ? 9 : 14, ...look });
  }

  // `cy`: the chart as it stands; `title` and `foot`: what is written above and below it.
  return (cy, title, foot) => {
    const box = cy.elements(":visible").boundingBox({ includeLabels: true });
    const width = Math.max(box.w + 2 * MARGIN, 640);
    const height = box.h + 2 * HEAD + 40;
    const left = (box.x1 + box.x2 - width) / 2;
    const top = box.y1 - HEAD - 10;
    const svg = make("svg", { xmlns: NAMESPACE, viewBox: `${left} ${top} ${width} ${height}`, role: "img", "aria-label": title });
    svg.append(make("rect", { x: left, y: top, width, height, fill: "#fff" }));
    for (const edge of cy.edges(":visible")) {
      const [one, other] = [edge.source().position(), edge.target().position()];
      svg.append(make("line", { x1: one.x, y1: one.y, x2: other.x, y2: other.y, stroke: "#505a64", "stroke-width": 1.5 }));
    }
    for (const node of cy.nodes(":visible")) {
      const { x, y } = node.position();
      svg.append(shape(node.data("shape"), x, y, node.data("centre")));
      svg.append(words(node.data("label"), x, y + 32, 13));
    }
    for (const edge of cy.edges(":visible")) {
      const { x, y } = edge.midpoint();
      svg.append(words(edge.data("label"), x, y, 11));
    }
    const middle = left + width / 2;
    svg.append(words(title, middle, top + 30, 18, { "font-weight": 700 }));
    svg.append(words(foot, middle, top + height - 20, 12));
    return svg;
  };
})();
