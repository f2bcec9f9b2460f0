// Texts cut into tokens: a button under each that lets readers type their own. The click alone loads
// the tokenizer, from this site and as a script, which pages opened from a folder may load. What is
// typed stays in the page. It is cut as `_ext/figures/cutting.py` cuts it.
"use strict";

const tokenizers = {}; // filled by scripts of data: { words, spaces, merges }

(() => {
  const { src, dataset: words } = document.currentScript;
  const longest = Number(words.longest);
  const loaded = new Map();
  const utf8 = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

  const load = (name) => {
    if (!loaded.has(name)) {
      const script = document.createElement("script");
      const done = new Promise((resolve, reject) => {
        script.addEventListener("load", resolve);
        script.addEventListener("error", reject);
      });
      script.src = new URL(`tokenizers/${name}.js`, src);
      document.head.append(script);
      loaded.set(name, done);
      done.catch(() => (loaded.delete(name), script.remove())); // so that another click tries again
    }
    return loaded.get(name);
  };

  const make = (tag, properties = {}, ...children) => {
    const element = Object.assign(document.createElement(tag), properties);
    element.append(...children);
    return element;
  };

  /** Return the bytes of a text as a string with a character for each. */
  const bytes = (text) => Array.from(new TextEncoder().encode(text), (byte) => String.fromCharCode(byte));

  /** Return what cuts a text into tokens, strings of bytes. */
  const encoder = ({ words, merges }) => {
    const pieces = Array.from({ length: 256 }, (_, byte) => String.fromCharCode(byte));
    const ranks = new Map(); // by the left part, then by the right one
    for (let at = 0; at < merges.length; at += 2) {
      const [left, right] = [pieces[merges[at]], pieces[merges[at + 1]]];
      if (!ranks.has(left)) ranks.set(left, new Map());
      ranks.get(left).set(right, at);
      pieces.push(left + right);
    }
    const pattern = new RegExp(words, "gu");
    const cut = (word) => {
      let parts = bytes(word);
      for (;;) {
        const rank = (at) => ranks.get(parts[at])?.get(parts[at + 1]) ?? Infinity;
        const best = parts.reduce((least, _, at) => Math.min(least, rank(at)), Infinity);
        if (best === Infinity) return parts;
        const [left, right] = [pieces[merges[best]], pieces[merges[best + 1]]];
        const glued = [];
        for (const part of parts) {
          if (part === right && glued.at(-1) === left) glued[glued.length - 1] += part;
          else glued.push(part);
        }
        parts = glued;
      }
    };
    return (text) => (text.match(pattern) ?? []).flatMap(cut);
  };

  const visible = { " ": "␣", "\n": "↵", "\t": "⇥" };
  const hex = (byte) => `⟨${byte.toString(16).toUpperCase().padStart(2, "0")}⟩`;

  /** Return a token with everything visible, bytes that are no whole character as numbers. */
  const shown = (token) => {
    let text = "";
    for (let at = 0; at < token.length; ) {
      const lead = token.charCodeAt(at);
      const size = lead < 0x80 ? 1 : lead < 0xe0 ? 2 : lead < 0xf0 ? 3 : 4;
      const codes = Array.from(token.slice(at, at + size), (byte) => byte.charCodeAt(0));
      try {
        const char = utf8.decode(Uint8Array.from(codes));
        text += visible[char] ?? (lead < 0x20 || lead === 0x7f ? hex(lead) : char);
        at += size;
      } catch {
        text += hex(lead);
        at += 1;
      }
    }
    return text;
  };

  const printed = (number) => number.toLocaleString("en-US");

  /** Return the sentence on what was counted. */
  const facts = (text, tokens, spaces) => {
    const between = text.split(new RegExp(spaces, "u")).filter(Boolean).length;
    const counts = {
      characters: printed(Array.from(text).length),
      bytes: printed(tokens.join("").length),
      tokens: printed(tokens.length),
      ratio: between && (Math.floor((200 * tokens.length + between) / (2 * between)) / 100).toFixed(2),
    };
    return (between ? words.facts : words.wordless).replace(/\{(\w+)\}/g, (_, name) => counts[name]);
  };

  const boxes = (tokens) =>
    tokens.flatMap((token, number) => [
      ...(number ? [make("span", { className: "token-bar", textContent: " | " })] : []),
      make("span", { className: "token", textContent: shown(token) }),
    ]);

  document.querySelectorAll(".tokenizer").forEach((box, number) => {
    const place = box.querySelector(".tokenizer-controls");
    const tokens = box.querySelector(".tokens");
    const says = box.querySelector(".tokenizer-facts");
    const figure = box.closest("figure")?.querySelector(".caption-number")?.textContent.trim();
    const { name, script, text: first } = box.dataset;
    const button = (textContent) => {
      const made = make("button", { type: "button", className: "tokenizer-button", textContent });
      if (figure) made.setAttribute("aria-label", `${textContent}: ${figure}`);
      return made;
    };
    const begin = button(words.begin);
    place.append(begin);
    says.setAttribute("role", "status");

    const open = () => {
      const encode = encoder(tokenizers[name]);
      const id = `tokenizer-text-${number + 1}`;
      const field = make("textarea", { id, rows: 3, value: first, spellcheck: false, autocomplete: "off" });
      field.setAttribute("autocapitalize", "none");
      const typed = make("p", { className: "tokenizer-typed" }, make("label", { htmlFor: id, textContent: words.label }), field);
      let later;
      const show = (wait) => {
        const whole = Array.from(field.value.toWellFormed?.() ?? field.value);
        const text = whole.slice(0, longest).join("");
        const found = encode(text);
        tokens.replaceChildren(...boxes(found));
        // What scrolls can be scrolled by keyboard.
        if (tokens.scrollHeight > tokens.clientHeight) tokens.tabIndex = 0;
        else tokens.removeAttribute("tabindex");
        clearTimeout(later); // who hears the sentence is told once they stop typing
        later = setTimeout(() => {
          const sentence = facts(text, found, tokenizers[name].spaces);
          says.textContent = whole.length > longest ? `${sentence} ${words.long}` : sentence;
        }, wait);
      };
      const reset = button(words.reset);
      field.addEventListener("input", () => show(400));
      reset.addEventListener("click", () => {
        field.value = first;
        show(0);
        field.focus();
      });
      const focused = document.activeElement === begin;
      tokens.before(typed);
      tokens.setAttribute("role", "group");
      tokens.setAttribute("aria-label", words.tokens);
      begin.replaceWith(reset);
      show(0);
      if (focused) field.focus();
    };

    begin.addEventListener("click", async () => {
      if (begin.getAttribute("aria-busy") === "true") return;
      const before = says.textContent;
      begin.setAttribute("aria-busy", "true"); // it keeps the focus, so it is not disabled
      begin.textContent = words.loading;
      try {
        await load(script);
        open();
      } catch {
        says.textContent = before.endsWith(words.failed) ? before : `${before} ${words.failed}`;
      }
      begin.removeAttribute("aria-busy");
      begin.textContent = words.begin;
    });
  });
})();
