// Previews: a link to an explainer or to the glossary shows its card, a citation its reference.
// With a mouse after a moment over the link, with the keyboard as soon as the link has focus, by
// touch while a finger rests on it: a tap follows the link as ever. A long press would open the
// browser's menu; where the card is open already, it still does.
"use strict";

const previews = (() => {
  const SHOW = 300, HIDE = 250, PRESS = 450; // milliseconds
  const folder = new URL(".", document.currentScript.src);
  const root = new URL("..", folder).href;
  const main = document.querySelector("#furo-main-content");

  // The data: loaded once, when first asked for; `pages` by address, `terms` by address and name.
  let loading = null;
  const load = () => {
    loading = loading || new Promise((resolve, reject) => {
      const script = document.createElement("script");
      script.src = new URL("preview-data.js", folder).href;
      script.onload = () => {
        const { pages, terms, words } = globalThis.previewData;
        const found = { pages, words, anchors: new Map(), names: new Map() };
        for (const [names, anchors, definition, home] of terms) {
          names.forEach((name, index) => {
            const term = { name, definition, home, id: anchors[0] };
            found.anchors.set(anchors[index], term);
            found.names.set(name.toLowerCase(), term);
          });
        }
        resolve(found);
      };
      script.onerror = reject;
      document.head.append(script);
    });
    return loading;
  };

  /** Return page and fragment of an address within the site, as the data have it; nothing for others. */
  const address = (href) => {
    try {
      const url = new URL(href, document.baseURI);
      if (!url.href.startsWith(root)) return null;
      return { page: url.href.slice(root.length).replace(/[?#].*/s, ""), hash: url.hash };
    } catch {
      return null;
    }
  };
  const here = address(location.href).page;

  const line = (name, text) => {
    const element = document.createElement("p");
    element.className = name;
    element.textContent = text;
    return element;
  };

  const termCard = (term, { pages, words }) => {
    const box = document.createElement("div");
    box.innerHTML = term.definition; // ours: written when the site was built
    const title = pages[term.home]?.[0];
    return [
      line("preview-title", term.name),
      ...box.childNodes,
      ...(title ? [line("preview-facts", words.explained.replace("{title}", title))] : []),
    ];
  };

  /** Return what a citation of this page refers to. */
  const reference = (link) => {
    const note = document.getElementById(decodeURIComponent(link.hash.slice(1)));
    if (!note) return null;
    const copy = note.cloneNode(true);
    copy.querySelectorAll(".label, .backrefs, .headerlink").forEach((part) => part.remove());
    copy.querySelectorAll("a").forEach((part) => part.replaceWith(...part.childNodes));
    copy.querySelectorAll("[id]").forEach((part) => part.removeAttribute("id"));
    return [...copy.childNodes];
  };

  /** Return the content of a link's card and its theme, or nothing where there is no card. */
  const content = async (link) => {
    if (link.matches(".footnote-reference")) return { parts: reference(link) };
    const data = await load();
    const { page, hash } = address(link.getAttribute("href"));
    let term = data.anchors.get(page + hash);
    if (link.matches(".explainer-term")) {
      const text = link.textContent.trim().replace(/\s+/g, " ").toLowerCase();
      term = [text, text.replace(/s$/, ""), text.replace(/es$/, "")].map((name) => data.names.get(name)).find(Boolean);
    }
    if (term) return { parts: termCard(term, data) };
    const [title, description, facts, theme] = data.pages[page] ?? [];
    if (!description || page === here) return { parts: null };
    return {
      theme,
      parts: [line("preview-title", title), line("preview-text", description), ...(facts ? [line("preview-facts", facts)] : [])],
    };
  };

  // One card for the page; `link` is the one it belongs to while it shows.
  const card = document.createElement("div");
  card.className = "preview";
  card.id = "preview";
  card.setAttribute("role", "tooltip");
  card.hidden = true;
  let link = null, wanted = null, timer = 0;

  const hide = () => {
    clearTimeout(timer);
    wanted = null;
    if (link) link.removeAttribute("aria-describedby");
    link = null;
    card.hidden = true;
  };

  /** Put the card under the line of the link that is pointed at, or over it where that fits. */
  const place = (x) => {
    const rows = [...link.getClientRects()];
    const row = rows.find((part) => x >= part.left && x <= part.right) ?? rows[0];
    if (!row) return;
    const width = document.documentElement.clientWidth, gap = 6;
    card.style.left = card.style.top = "0";
    const box = card.getBoundingClientRect();
    const left = Math.max(gap, Math.min((x ?? row.left) - 24, width - box.width - gap));
    const below = row.bottom + gap + box.height <= innerHeight || row.top - gap - box.height < 0;
    card.style.left = `${left - box.left}px`;
    card.style.top = `${(below ? row.bottom + gap : row.top - gap - box.height) - box.top}px`;
  };

  const show = async (next, x) => {
    wanted = next;
    const { parts, theme } = await content(next).catch(() => ({ parts: null }));
    if (wanted !== next) return; // the reader has gone on
    if (!parts?.length) return hide();
    if (link && link !== next) link.removeAttribute("aria-describedby");
    link = next;
    card.className = theme ? `preview explainer-card theme-${theme}` : "preview";
    card.replaceChildren(...parts);
    card.hidden = false;
    link.setAttribute("aria-describedby", card.id);
    place(x);
  };

  /** Return the link with a card that an event is about. */
  const target = (event) => {
    const found = event.target.closest?.("a[href]");
    if (!found || !main?.contains(found) || found.closest(".breadcrumbs")) return null;
    if (found.matches(".headerlink, .explainer-tag")) return null;
    if (found.matches(".footnote-reference")) return found;
    // A card in a list says already what the preview would.
    if (found.closest(".explainer-card:has(> .explainer-description)")) return null;
    const where = address(found.getAttribute("href"));
    if (!where || (where.page === here && !found.matches(".std-term, :has(> .std-term)"))) return null;
    // The browser's own tip would say the same a second time.
    if (found.title) found.removeAttribute("title");
    return found;
  };

  const soon = (what, delay) => {
    clearTimeout(timer);
    timer = setTimeout(what, delay);
  };

  document.addEventListener("pointerover", (event) => {
    if (event.pointerType === "touch") return;
    if (card.contains(event.target)) return clearTimeout(timer);
    const next = target(event);
    if (!next) return;
    if (next === link) return clearTimeout(timer);
    if (!next.matches(".footnote-reference")) load().catch(() => {});
    soon(() => show(next, event.clientX), SHOW);
  });
  document.addEventListener("pointerout", (event) => {
    if (event.pointerType === "touch") return;
    const from = event.target.closest?.("a[href], .preview");
    if (!from || from.contains(event.relatedTarget)) return;
    if (link ? link !== document.activeElement || !link.matches(":focus-visible") : true) soon(hide, HIDE);
  });

  document.addEventListener("focusin", (event) => {
    const next = target(event);
    if (!next?.matches(":focus-visible")) return;
    clearTimeout(timer);
    show(next);
  });
  document.addEventListener("focusout", (event) => {
    if (link === event.target || wanted === event.target) hide();
  });
  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape" && (link || wanted)) hide();
    // Before the keyboard reaches a link: its card is to be there when the link is read out.
    else if (event.key === "Tab") load().catch(() => {});
  });

  let pressed = null;
  const release = () => {
    if (!pressed) return;
    clearTimeout(pressed.timer);
    pressed = null;
  };
  document.addEventListener("pointerdown", (event) => {
    if (event.pointerType !== "touch") return;
    if (link && !card.contains(event.target) && !link.contains(event.target)) hide();
    const next = target(event);
    release();
    if (!next || next === link) return;
    const { clientX: x, clientY: y } = event;
    pressed = { link: next, x, y, done: false };
    pressed.timer = setTimeout(() => {
      pressed.done = true;
      show(next, x);
    }, PRESS);
  });
  document.addEventListener("pointermove", (event) => {
    if (pressed && !pressed.done && Math.hypot(event.clientX - pressed.x, event.clientY - pressed.y) > 10) release();
  });
  document.addEventListener("pointerup", () => {
    if (pressed) setTimeout(release, pressed.done ? 400 : 0); // the click, if there is one, comes first
  });
  document.addEventListener("pointercancel", () => pressed && !pressed.done && release());
  document.addEventListener("contextmenu", (event) => {
    if (pressed && pressed.link.contains(event.target)) event.preventDefault();
  });
  document.addEventListener("click", (event) => {
    const held = pressed?.done && pressed.link.contains(event.target);
    release();
    if (held) event.preventDefault(); // it was a press, no tap
    else if (link?.contains(event.target)) hide();
  }, true);

  addEventListener("resize", hide);
  addEventListener("pagehide", hide);
  (main || document.body).append(card); // within a landmark, where those who skip about find it
  return { load, address };
})();
