// Words to type above a glossary: shows the entries that have all of them, says how many, and hides
// the letters under which there is none.
"use strict";

(() => {
  const form = document.querySelector("form.glossary-filter");
  if (!form) return;
  const [input, status] = [form.querySelector("input"), form.querySelector("[role=status]")];
  const plain = (text) => text.normalize("NFKD").replace(/\p{M}/gu, "").toLowerCase();

  const entries = []; // the names of one thing, and its definition
  for (const element of document.querySelectorAll("dl.glossary > :is(dt, dd)")) {
    const last = entries.at(-1);
    if (!last || last.whole) entries.push({ parts: [element], whole: false });
    else last.parts.push(element);
    entries.at(-1).whole = element.matches("dd");
  }
  for (const entry of entries) entry.text = plain(entry.parts.map((part) => part.textContent).join(" "));

  // The entries of each letter: from the one that its link leads to up to the next letter's.
  const letters = [...document.querySelectorAll(".letters a")].map((link) => ({ link, entries: [] }));
  let at = -1;
  for (const entry of entries) {
    const next = letters[at + 1];
    if (next && entry.parts.some((part) => `#${part.id}` === next.link.getAttribute("href"))) at += 1;
    letters[at]?.entries.push(entry);
  }

  const show = () => {
    const words = plain(input.value).split(/\s+/).filter(Boolean);
    for (const entry of entries) {
      entry.hidden = !words.every((word) => entry.text.includes(word));
      for (const part of entry.parts) part.hidden = entry.hidden;
    }
    for (const letter of letters) letter.link.parentElement.hidden = letter.entries.every((entry) => entry.hidden);
    const some = entries.filter((entry) => !entry.hidden).length;
    const said = words.length ? (some ? form.dataset.some : form.dataset.none) : "";
    status.textContent = said.replace("{some}", some).replace("{all}", entries.length);
  };

  form.addEventListener("input", show);
  form.addEventListener("submit", (event) => event.preventDefault());
  form.addEventListener("keydown", (event) => {
    if (event.key !== "Escape" || event.isComposing) return;
    event.preventDefault();
    input.value = "";
    show();
  });
  // Whoever is led to an entry, be it from one that fits, sees it.
  addEventListener("hashchange", () => {
    if (!document.getElementById(decodeURIComponent(location.hash.slice(1)))?.hidden) return;
    input.value = "";
    show();
    document.getElementById(decodeURIComponent(location.hash.slice(1))).scrollIntoView();
  });

  form.hidden = false;
  show(); // browsers keep what was typed when one comes back
})();
