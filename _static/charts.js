// Live charts: a button under each picture that can be one. The click alone loads Vega and the
// chart, both from this site, and both as scripts, which pages opened from a folder may load.
"use strict";

const liveCharts = {}; // filled by the charts' own scripts: [specification, controls], and what phones change

(() => {
  const { src, dataset: words } = document.currentScript;
  const loaded = new Map();
  const phone = matchMedia("(max-width: 30em)"); // as in the stylesheet

  const load = (name) => {
    if (!loaded.has(name)) {
      const script = document.createElement("script");
      const done = new Promise((resolve, reject) => {
        script.addEventListener("load", resolve);
        script.addEventListener("error", reject);
      });
      script.src = new URL(`charts/${name}`, src);
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
  const button = (textContent) => make("button", { type: "button", className: "chart-button", textContent });

  let count = 0;

  /** Make one control: what is put into the page, what takes the focus, and how to show a value. */
  const control = ({ signal, input, label, min, max, step, options = [], labels = options }, value, set) => {
    const id = `chart-control-${++count}`;
    const chosen = Math.max(options.findIndex((option) => option === value), 0);
    if (input === "range") {
      const field = make("input", { type: "range", id, min, max, step, value });
      const decimals = (String(step).split(".")[1] || "").length;
      const output = make("span", { className: "chart-value" });
      output.setAttribute("aria-hidden", "true"); // the slider says it
      field.addEventListener("input", () => set(signal, field.valueAsNumber));
      const show = (now, text = now.toFixed(decimals).replace("-", "\u2212")) => {
        output.textContent = text;
        field.setAttribute("aria-valuetext", text);
      };
      return { field, show, element: make("p", { className: "chart-slider" }, make("label", { htmlFor: id, textContent: label }), field, output) };
    }
    if (input === "checkbox") {
      const field = make("input", { type: "checkbox", id, checked: value });
      field.addEventListener("change", () => set(signal, field.checked));
      return { field, element: make("p", {}, make("label", {}, field, ` ${label}`)) };
    }
    if (input === "select") {
      const choices = labels.map((text, index) => new Option(text, index, false, index === chosen));
      const field = make("select", { id }, ...choices);
      field.addEventListener("change", () => set(signal, options[field.selectedIndex]));
      return { field, element: make("p", {}, make("label", { htmlFor: id, textContent: label }), field) };
    }
    const fields = options.map((option, index) => {
      const field = make("input", { type: "radio", name: id, checked: index === chosen });
      field.addEventListener("change", () => set(signal, option));
      return field;
    });
    const choices = fields.map((field, index) => make("label", {}, field, ` ${labels[index]}`));
    const element = make("fieldset", {}, make("legend", { textContent: label }), ...choices);
    return { field: fields[chosen], element };
  };

  for (const box of document.querySelectorAll(".chart-live")) {
    const picture = box.querySelector(".chart-picture");
    const place = box.querySelector(".chart-controls");
    const figure = box.closest("figure")?.querySelector(".caption-number")?.textContent.trim();
    const said = box.dataset.explore;
    const explore = button(said);
    if (figure) explore.setAttribute("aria-label", `${said}: ${figure}`);
    const says = make("p", { className: "chart-says" });
    says.setAttribute("role", "status");
    place.append(explore, says);

    /** Draw the chart, and return it with what it is set by. */
    const draw = async () => {
      const name = box.dataset.chart;
      const narrow = phone.matches && picture.querySelector(".chart-phone");
      const scripts = [`${name}.js`, ...(narrow ? [`${name}-phone.js`] : [])];
      await Promise.all([words.bundle, ...scripts].map(load));
      const [wide, controls] = liveCharts[name];
      const spec = narrow ? { ...wide, ...liveCharts[`${name}-phone`] } : wide;
      const drawn = make("div");
      const options = { mode: "vega", ast: true, renderer: "svg", actions: false, hover: false, tooltip: false };
      const { view, finalize } = await vegaEmbed(drawn, spec, { ...options, defaultStyle: false, logLevel: 1 });
      drawn.className = narrow ? "chart chart-drawn chart-forms" : "chart chart-drawn";
      for (const { name } of [...drawn.attributes].filter(({ name }) => /^aria|^role/.test(name))) drawn.removeAttribute(name);
      drawn.setAttribute("role", "img");
      drawn.setAttribute("aria-label", picture.getAttribute("aria-label"));
      const still = narrow || picture.querySelector("svg");
      const moving = drawn.querySelector("svg");
      if (narrow) moving.classList.add("chart-phone");
      moving.setAttribute("aria-hidden", "true");
      drawn.replaceChildren(moving);
      moving.style.setProperty("--chart-width", still.style.getPropertyValue("--chart-width"));

      const signals = new Set(spec.signals.map(({ name }) => name));
      const show = () => {
        for (const { show, signal } of made) {
          const text = signals.has(`${signal}_label`) ? String(view.signal(`${signal}_label`)) : undefined;
          show?.(view.signal(signal), text);
        }
        if (signals.has("summary")) says.textContent = view.signal("summary");
      };
      const set = (signal, value) => view.signal(signal, value).runAsync().then(show);
      const made = controls.map((one) => ({ signal: one.signal, ...control(one, view.signal(one.signal), set) }));
      show();
      return { drawn, made, finalize };
    };

    explore.addEventListener("click", async () => {
      if (explore.getAttribute("aria-busy") === "true") return;
      explore.setAttribute("aria-busy", "true"); // it keeps the focus, so it is not disabled
      explore.textContent = words.loading;
      says.textContent = "";
      try {
        const { drawn, made, finalize } = await draw();
        const focused = document.activeElement === explore;
        const back = button(words.back);
        const controls = make("div", { className: "chart-set" }, ...made.map(({ element }) => element), back);
        controls.setAttribute("role", "group");
        controls.setAttribute("aria-label", figure ? `${words.controls}: ${figure}` : words.controls);
        picture.after(drawn);
        drawn.scrollLeft = picture.scrollLeft;
        box.classList.add("chart-is-live");
        explore.replaceWith(controls);
        if (focused) made[0].field.focus();
        const leave = () => {
          phone.removeEventListener("change", leave);
          const inside = controls.contains(document.activeElement);
          finalize();
          drawn.remove();
          box.classList.remove("chart-is-live");
          says.textContent = "";
          controls.replaceWith(explore);
          if (inside) explore.focus();
        };
        back.addEventListener("click", leave);
        if (picture.querySelector(".chart-phone")) phone.addEventListener("change", leave); // it is of the other form
      } catch {
        says.textContent = words.failed;
      }
      explore.removeAttribute("aria-busy");
      explore.textContent = said;
    });
  }
})();
