// What is folded, be it an answer or a block that goes deeper, opens for whoever is led into it: by
// a link, by words that were searched for and stand nowhere else, and on paper.
"use strict";

(() => {
  const open = (element) => {
    for (let fold = element?.closest("details"); fold; fold = fold.parentElement.closest("details")) fold.open = true;
  };

  // Browsers open what is around a target by themselves, but not all of them do yet.
  const follow = () => {
    let id = location.hash.slice(1);
    try {
      id = decodeURIComponent(id);
    } catch {
      // It is no encoding, but may be an id all the same.
    }
    const target = document.getElementById(id);
    if (!target?.closest("article details:not([open])")) return;
    open(target);
    target.scrollIntoView();
  };
  addEventListener("hashchange", follow);
  // A link to where the address already leads changes nothing in it.
  addEventListener("click", (event) => {
    const link = event.target.closest?.("a[href]");
    if (link?.hash && link.href === location.href) setTimeout(follow);
  });

  const printed = new Set();
  addEventListener("beforeprint", () => {
    for (const fold of document.querySelectorAll("article details:not([open])")) {
      printed.add(fold);
      fold.open = true;
    }
  });
  addEventListener("afterprint", () => {
    for (const fold of printed) fold.open = false;
    printed.clear();
  });

  /** Open the folds that alone hold a word that was searched for. */
  const find = () => {
    const places = new Map();
    for (const mark of document.querySelectorAll("article .highlighted")) {
      const word = mark.textContent.toLowerCase();
      places.set(word, [...(places.get(word) ?? []), mark]);
    }
    for (const marks of places.values()) {
      if (marks.every((mark) => mark.closest("details:not([open])"))) marks.forEach(open);
    }
  };
  addEventListener("DOMContentLoaded", () => {
    follow();
    setTimeout(find, 50); // Sphinx marks words 10 milliseconds after this event
  });
})();
