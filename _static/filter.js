// The filter above a listing: shows the cards that fit, says how many, and keeps its state in the
// address. Choices of one kind widen, choices of different kinds and words narrow.
"use strict";

(() => {
  const form = document.querySelector("form.filter");
  const status = form.querySelector("[role=status]");
  const boxes = [...form.querySelectorAll("input[type=checkbox]")];
  const facets = [...new Set(boxes.map((box) => box.name))];
  const plain = (text) => text.normalize("NFKD").replace(/\p{M}/gu, "").toLowerCase();
  const names = new Map(boxes.map((box) => [`${box.name}-${box.value}`, box.nextSibling.data]));

  const cards = [...form.parentElement.querySelectorAll(".explainer-card")].map((element) => ({
    element,
    has: element.classList,
    // What the card says, and what it only has: its theme, which a heading may say for it.
    text: plain([element.textContent, ...[...element.classList].map((name) => names.get(name) ?? "")].join(" ")),
  }));
  const groups = [...new Set(cards.map((card) => card.element.parentElement))].map((list) => ({
    list,
    heading: list.previousElementSibling?.matches(".rubric") ? list.previousElementSibling : null,
  }));

  const read = () => ({
    words: plain(form.elements.q.value).split(/\s+/).filter(Boolean),
    chosen: new Map(
      facets.map((name) => [name, boxes.filter((box) => box.name === name && box.checked).map((box) => box.value)]),
    ),
  });

  const fits = (card, state, without) =>
    state.words.every((word) => card.text.includes(word)) &&
    facets.every((name) => {
      const values = name === without ? [] : state.chosen.get(name);
      return !values.length || values.some((value) => card.has.contains(`${name}-${value}`));
    });

  const show = () => {
    const state = read();
    for (const card of cards) card.element.hidden = !fits(card, state);
    for (const { list, heading } of groups) {
      list.hidden = [...list.children].every((item) => item.hidden);
      if (heading) heading.hidden = list.hidden;
    }
    for (const box of boxes) {
      const count = cards.filter(
        (card) => card.has.contains(`${box.name}-${box.value}`) && fits(card, state, box.name),
      ).length;
      const label = box.closest("label");
      label.querySelector(".filter-count").textContent = count;
      label.classList.toggle("filter-empty", !count && !box.checked);
    }
    const some = cards.filter((card) => !card.element.hidden).length;
    const { all, some: part, none } = form.dataset;
    status.textContent = (some === cards.length ? all : some ? part : none)
      .replace("{some}", some)
      .replace("{all}", cards.length);
  };

  // The address says what is chosen, so that it can be kept, sent and gone back to.
  const address = () => {
    const query = new URLSearchParams([...new FormData(form)].filter(([, value]) => value)).toString();
    return location.pathname + (query && `?${query}`) + location.hash;
  };
  const note = (how) => {
    try {
      if (address() !== location.pathname + location.search + location.hash) history[how](null, "", address());
    } catch {
      // Some browsers forbid it for files; the filter works all the same.
    }
  };
  const restore = () => {
    const query = new URLSearchParams(location.search);
    form.elements.q.value = query.get("q") ?? "";
    for (const box of boxes) box.checked = query.getAll(box.name).includes(box.value);
    for (const folded of form.querySelectorAll("details")) folded.open = folded.open || !!folded.querySelector(":checked");
    show();
  };
  const clear = () => {
    form.elements.q.value = "";
    for (const box of boxes) box.checked = false;
    form.elements.q.focus();
    note("pushState");
    show();
  };

  let typing = 0;
  form.addEventListener("input", (event) => {
    show();
    clearTimeout(typing);
    // One entry in the history for each choice, none for each letter.
    if (event.target.type === "checkbox") note("pushState");
    else typing = setTimeout(note, 300, "replaceState");
  });
  form.addEventListener("submit", (event) => event.preventDefault());
  form.addEventListener("reset", (event) => {
    event.preventDefault();
    clear();
  });
  form.addEventListener("keydown", (event) => {
    if (event.key !== "Escape" || event.isComposing) return;
    event.preventDefault();
    clear();
  });
  addEventListener("popstate", restore);

  form.querySelector(".filter-more").open = matchMedia("(min-width: 46rem)").matches; // there is room
  form.hidden = false;
  restore();
})();
