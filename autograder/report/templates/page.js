const charts = JSON.parse(document.getElementById("charts").textContent);
for (const [id, chart] of Object.entries(charts)) {
  const place = document.getElementById(id);
  vegaEmbed(place, chart, { renderer: "svg", actions: false }).catch((error) => {
    place.textContent = `This plot cannot be drawn here: ${error.message}`;
  });
}

const body = document.body;
const hide = document.getElementById("hide-names");
hide.addEventListener("click", () => {
  const hidden = body.classList.toggle("names-hidden");
  hide.setAttribute("aria-pressed", hidden);
  hide.textContent = hidden ? "Show names" : "Hide names";
});

document.getElementById("print").addEventListener("click", () => window.print());

const showNames = () => {
  const names = document.getElementById(decodeURIComponent(location.hash.slice(1)))?.querySelector(".who");
  if (names) names.open = true;
};
window.addEventListener("hashchange", showNames);
showNames();

const table = document.getElementById("rows").tBodies[0];
const rows = [...table.rows];
const find = document.getElementById("find");
find.addEventListener("input", () => {
  const words = find.value.toLowerCase();
  for (const row of rows) row.hidden = !row.textContent.toLowerCase().includes(words);
  const shown = rows.filter((row) => !row.hidden).length;
  document.getElementById("found").textContent = words ? `${shown} of ${rows.length}.` : "";
});

const headings = [...document.querySelectorAll("#rows thead th")];
const valueOf = (row, column) => {
  const cell = row.cells[column];
  return cell.dataset.value === undefined ? cell.textContent.trim() : Number(cell.dataset.value);
};
headings.forEach((heading, column) => {
  heading.querySelector("button").addEventListener("click", () => {
    const up = heading.getAttribute("aria-sort") !== "ascending";
    for (const other of headings) other.removeAttribute("aria-sort");
    heading.setAttribute("aria-sort", up ? "ascending" : "descending");
    rows.sort((one, other) => {
      const [a, b] = [valueOf(one, column), valueOf(other, column)];
      const order = typeof a === "number" && typeof b === "number" ? a - b : String(a).localeCompare(String(b));
      return up ? order : -order;
    });
    table.append(...rows);
  });
});
