// Search results: the definition of the term that fits best; an entry for each page, with its
// description and the sections that were found in it; the other terms. Sphinx's own script searches
// and lists; it would fetch every page for a summary, which pages opened from a folder cannot.
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

  // Terms come after the pages, but for the one whose name is what was searched for, or begins so.
  const wanted = new URLSearchParams(location.search).get("q")?.trim().toLowerCase() ?? "";
  const fit = (name) => (name.toLowerCase() === wanted ? 2 : name.toLowerCase().startsWith(wanted) ? 1 : 0);
  const fits = new Map(); // by entry of a term
  let lead = null;

  /** Put an entry where it belongs, after those of its kind. */
  const place = (entry) => {
    const rank = (other) => (other === lead ? 0 : fits.has(other) ? 2 : 1);
    const list = entry.parentElement;
    const next = [...list.children].find((other) => other !== entry && rank(other) > rank(entry));
    entry.classList.toggle("search-lead", entry === lead);
    list.insertBefore(entry, next ?? null);
  };

  const rate = (entry, term) => {
    const link = entry.querySelector("a");
    if (fits.has(entry) && fits.get(entry) >= fit(term.name)) return;
    fits.set(entry, fit(term.name)); // of several names of one thing, the one that was meant
    link.textContent = term.name;
    if (entry === lead || fits.get(entry) <= (fits.get(lead) ?? 0)) return place(entry);
    const before = lead;
    lead = entry;
    place(entry);
    if (before) place(before);
  };

  const arrange = (entry) => {
    const link = entry.querySelector("a");
    const { page, hash } = previews.address(link.getAttribute("href"));
    const term = anchors.get(page + hash);
    if (term) {
      const known = seen.get(term.id);
      if (known) {
        entry.remove();
        return rate(known, term);
      }
      seen.set(term.id, entry);
      entry.classList.add("search-term");
      entry.querySelector("span")?.remove();
      const definition = document.createElement("div");
      definition.innerHTML = term.definition; // ours: written when the site was built
      describe(entry, ...definition.childNodes);
      return rate(entry, term);
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
      place(first);
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
