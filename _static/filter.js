// The filter above a listing: shows the cards that fit, says how many, and keeps its state in the
// address. Tags widen each other; words and choices of different kinds narrow.
"use strict";

(() => {
  const form = document.querySelector("form.filter");
  const status = form.querySelector("[role=status]");
  const selects = [...form.querySelectorAll("select")];
  const boxes = [...form.querySelectorAll("input[type=checkbox]")];
  const choices = [...form.querySelectorAll("option[data-name], input[data-name]")].map((element) => ({
    element,
    facet: (element.closest("select") ?? element).name,
    value: element.value,
    label: element.dataset.name,
  }));
  const facets = [...new Set(choices.map((choice) => choice.facet))];
  const isChosen = ({ element }) => (element.value && element.selected) || element.checked;
  const plain = (text) => text.normalize("NFKD").replace(/\p{M}/gu, "").toLowerCase();
  const names = new Map(choices.map(({ facet, value, label }) => [`${facet}-${value}`, label]));

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
      facets.map((name) => [name, choices.filter((choice) => choice.facet === name && isChosen(choice)).map((choice) => choice.value)]),
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
    for (const { element, facet, value, label } of choices) {
      const count = cards.filter((card) => card.has.contains(`${facet}-${value}`) && fits(card, state, facet)).length;
      if (element.matches("option")) element.textContent = `${label} (${count})`;
      else {
        element.parentElement.querySelector(".filter-count").textContent = count;
        element.parentElement.classList.toggle("filter-empty", !count && !element.checked);
      }
    }
    form.querySelector("[type=reset]").hidden = !state.words.length && !choices.some(isChosen);
    const some = cards.filter((card) => !card.element.hidden).length;
    const { all, some: part, none } = form.dataset;
    status.textContent = (some === cards.length ? all : some ? part : none)
      .replace("{some}", some)
      .replace("{all}", cards.length);
  };

  // Phones have room for the words only, and nobody for all tags: buttons show the rest.
  const [narrow, more] = [".filter-narrow", ".filter-more"].map((name) => form.querySelector(name));
  const unfold = (button, open) => {
    if (!button) return;
    button.setAttribute("aria-expanded", open);
    const part = document.getElementById(button.getAttribute("aria-controls"));
    if (button === more) part.hidden = !open;
  };
  for (const button of [narrow, more]) {
    button?.addEventListener("click", () => unfold(button, button.getAttribute("aria-expanded") !== "true"));
  }

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
    for (const select of selects) {
      const known = [...select.options].map((option) => option.value);
      select.value = query.getAll(select.name).find((value) => known.includes(value)) ?? "";
    }
    for (const box of boxes) box.checked = query.getAll(box.name).includes(box.value);
    if (choices.some(isChosen)) unfold(narrow, true);
    if (boxes.some((box) => box.checked)) unfold(more, true);
    show();
  };
  const clear = () => {
    form.elements.q.value = "";
    for (const select of selects) select.value = "";
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
    if (event.target.name !== "q") note("pushState");
    else typing = setTimeout(note, 300, "replaceState");
  });
  form.addEventListener("submit", (event) => event.preventDefault());
  form.addEventListener("reset", (event) => {
    event.preventDefault();
    clear();
  });
  form.addEventListener("keydown", (event) => {
    if (event.key !== "Escape" || event.isComposing || event.target.matches("select")) return; // it shuts a list
    event.preventDefault();
    clear();
  });
  addEventListener("popstate", restore);

  form.hidden = false;
  restore();
})();
