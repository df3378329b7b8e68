"use strict";
(() => {
  const root = document.documentElement;
  const panel = document.getElementById("panel");
  const content = panel.querySelector(".content");
  let opener = null;
  root.classList.add("script");

  const close = () => {
    panel.hidden = true;
    content.replaceChildren();
    if (opener) opener.focus();
    opener = null;
  };

  const open = (node, hop) => {
    opener = node;
    content.replaceChildren(...hop.cloneNode(true).childNodes);
    for (const details of content.querySelectorAll("details.hop-more")) details.open = true;
    panel.hidden = false;
    panel.scrollTop = 0;
    panel.querySelector(".close").focus();
  };

  panel.querySelector(".close").addEventListener("click", close);
  panel.addEventListener("click", (event) => {
    if (event.target.closest("a")) {
      opener = null;
      close();
    }
  });
  document.addEventListener("click", (event) => {
    if (!panel.hidden && !event.target.closest("#panel, .node")) close();
  });
  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape" && !panel.hidden) close();
  });

  const boxes = new Map(); // of each picture, in the order in which packets meet them
  const shownOf = (picture) => boxes.get(picture).filter((box) => !box.classList.contains("away"));

  const stopAt = (picture, stop) => {
    for (const box of boxes.get(picture)) box.setAttribute("tabindex", box === stop ? "0" : "-1");
  };

  const stopAtFirst = (picture) => {
    const shown = shownOf(picture);
    stopAt(picture, shown.find((box) => box.matches(".stopped, .unknown, .warn")) ?? shown[0]);
  };

  const towards = (box, key) => {
    const shown = shownOf(box.ownerSVGElement);
    const at = shown.indexOf(box);
    if (key === "ArrowRight" || key === "ArrowDown") return shown[at + 1];
    if (key === "ArrowLeft" || key === "ArrowUp") return shown[at - 1];
    if (key === "Home") return shown[0];
    if (key === "End") return shown[shown.length - 1];
    return null;
  };

  for (const picture of document.querySelectorAll(".figure > svg")) {
    picture.setAttribute("role", "group");
    boxes.set(picture, []);
  }
  for (const hop of document.querySelectorAll(".hops > li[data-node]")) {
    const node = document.getElementById(hop.dataset.node);
    if (!node) continue;
    boxes.get(node.ownerSVGElement).push(node);
    node.setAttribute("role", "button");
    node.setAttribute("aria-label", hop.dataset.label);
    node.addEventListener("click", () => open(node, hop));
    node.addEventListener("focus", () => stopAt(node.ownerSVGElement, node));
    node.addEventListener("keydown", (event) => {
      const next = towards(node, event.key);
      if (event.key === "Enter" || event.key === " ") open(node, hop);
      else if (next) next.focus();
      else return;
      event.preventDefault();
    });
  }
  for (const picture of boxes.keys()) stopAtFirst(picture);

  const ways = JSON.parse(document.getElementById("ways").textContent);
  const failures = document.getElementById("failures");

  const show = (path) => {
    const chosen = (kind) => document.getElementById(`${path}-${kind}`)?.value ?? "";
    const matches = (way) =>
      (chosen("from") === "" || way.from === Number(chosen("from"))) &&
      (chosen("to") === "" || way.to === Number(chosen("to"))) &&
      (!failures.checked || way.bad);
    const every = ways[path];
    const picked = every.filter(matches);
    const shown = { n: new Set(), e: new Set() };
    const drawn = { n: new Set(), e: new Set() };
    for (const [into, list] of [[drawn, every], [shown, picked]]) {
      for (const way of list) {
        way.nodes.forEach((index) => into.n.add(index));
        way.edges.forEach((index) => into.e.add(index));
      }
    }
    for (const kind of ["n", "e"]) {
      for (const index of drawn[kind]) {
        const part = document.getElementById(`${path}-${kind}${index}`);
        if (!part) continue;
        part.classList.toggle("away", !shown[kind].has(index));
      }
    }
    stopAtFirst(document.querySelector(`#figure-${path} > svg`));
    const said = document.getElementById(`${path}-said`);
    if (said) said.textContent = picked.length === every.length ? "" : `Showing ${picked.length} of ${every.length} ways`;
  };

  for (const path of Object.keys(ways)) {
    for (const kind of ["from", "to"]) {
      document.getElementById(`${path}-${kind}`)?.addEventListener("change", () => show(path));
    }
  }
  failures.addEventListener("change", () => {
    document.body.classList.toggle("failures", failures.checked);
    Object.keys(ways).forEach(show);
  });

  for (const button of document.querySelectorAll("button[data-fit]")) {
    const figure = document.getElementById(button.dataset.fit);
    const fit = (whole) => {
      figure.classList.toggle("fit", whole);
      button.textContent = whole ? "Actual size" : "Fit to width";
      button.setAttribute("aria-pressed", String(whole));
    };
    const width = Number(figure.querySelector("svg").getAttribute("width"));
    fit(width < 1.6 * root.clientWidth);
    button.hidden = width <= figure.clientWidth;
    button.addEventListener("click", () => fit(!figure.classList.contains("fit")));
  }

  document.getElementById("theme").addEventListener("change", (event) => {
    if (event.target.value) root.dataset.theme = event.target.value;
    else delete root.dataset.theme;
  });

  for (const link of document.querySelectorAll("a[href^='#path-']")) {
    link.addEventListener("click", () => {
      const path = document.querySelector(link.getAttribute("href"));
      if (path.classList.contains("fine") && failures.checked) failures.click();
      path.open = true;
    });
  }

  for (const button of document.querySelectorAll("button.copy")) {
    button.addEventListener("click", () => {
      const range = document.createRange();
      range.selectNodeContents(button.previousElementSibling);
      getSelection().removeAllRanges();
      getSelection().addRange(range);
      button.textContent = document.execCommand("copy") ? "Copied" : "Selected";
    });
  }

  let closed = [];
  window.addEventListener("beforeprint", () => {
    closed = [...document.querySelectorAll("details.path:not([open]), details.printed:not([open])")];
    for (const details of closed) details.open = true;
  });
  window.addEventListener("afterprint", () => closed.forEach((details) => (details.open = false)));
})();
