// Search results: one entry for each page, with its description and the sections that were found in
// it, and one for each term of the glossary, with its definition. Sphinx's own script searches and
// lists; it would fetch every page for a summary, which pages opened from a folder cannot.
"use strict";

previews.load().then(({ pages, anchors }) => {
  const results = document.getElementById("search-results");
  const seen = new Map(); // by page or term: its entry

  const describe = (entry, ...parts) => {
    const text = document.createElement("div");
    text.className = "search-description";
    text.append(...parts);
    entry.append(text);
  };

  const arrange = (entry) => {
    const link = entry.querySelector("a");
    const { page, hash } = previews.address(link.getAttribute("href"));
    const term = anchors.get(page + hash);
    if (term) {
      if (seen.has(term.id)) return entry.remove();
      seen.set(term.id, entry);
      link.textContent = term.name;
      entry.querySelector("span")?.remove();
      const definition = document.createElement("div");
      definition.innerHTML = term.definition; // ours: written when the site was built
      return describe(entry, ...definition.childNodes);
    }
    const [title, description, facts] = pages[page] || [];
    if (!title) return undefined;
    if (!seen.has(page)) {
      const first = hash ? document.createElement("li") : entry;
      if (hash) {
        const whole = document.createElement("a");
        whole.href = link.getAttribute("href").replace(/#.*/s, "");
        whole.textContent = title;
        first.append(whole);
        entry.before(first);
      }
      seen.set(page, first);
      describe(first, description);
      if (facts) first.lastChild.append(Object.assign(document.createElement("p"), { className: "explainer-meta", textContent: facts }));
    }
    const first = seen.get(page);
    if (entry === first) return undefined;
    if (!hash) return entry.remove();
    let sections = first.querySelector("ul");
    if (!sections) {
      sections = document.createElement("ul");
      sections.className = "search-sections";
      first.append(sections);
    }
    const known = [...sections.querySelectorAll("a")].some((other) => other.href === link.href);
    if (known) return entry.remove();
    link.textContent = link.textContent.split(" > ").pop();
    entry.className = "search-section";
    sections.append(entry);
  };

  const look = () => {
    observer.disconnect();
    const list = results.querySelector("ul.search");
    for (const entry of list ? [...list.children] : []) {
      if (entry.dataset.arranged) continue;
      entry.dataset.arranged = "yes";
      arrange(entry);
    }
    const status = results.querySelector(".search-summary");
    if (status) {
      status.setAttribute("role", "status");
      const count = list.children.length;
      // Sphinx counts every place that was found, and calls each a page.
      const text = Documentation.ngettext(
        "Search finished, found one page matching the search query.",
        "Search finished, found ${resultCount} pages matching the search query.",
        count,
      ).replace("${resultCount}", count);
      if (count && status.textContent && status.textContent !== text) status.textContent = text;
    }
    observer.observe(results, { childList: true, subtree: true });
  };
  const observer = new MutationObserver(look);
  look();
});
