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

  for (const hop of document.querySelectorAll(".hops > li[data-node]")) {
    const node = document.getElementById(hop.dataset.node);
    if (!node) continue;
    node.setAttribute("tabindex", "0");
    node.setAttribute("role", "button");
    node.setAttribute("aria-label", hop.dataset.label);
    node.addEventListener("click", () => open(node, hop));
    node.addEventListener("keydown", (event) => {
      if (event.key === "Enter" || event.key === " ") {
        event.preventDefault();
        open(node, hop);
      }
    });
  }
  for (const picture of document.querySelectorAll(".figure > svg")) picture.setAttribute("role", "group");

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
        const away = !shown[kind].has(index);
        part.classList.toggle("away", away);
        if (part.getAttribute("role") === "button") part.setAttribute("tabindex", away ? "-1" : "0");
      }
    }
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
