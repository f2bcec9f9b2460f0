// Copying: a button after everything that has `data-copy`, which names what is copied; and for
// these as for the buttons on code, an announcement of what has happened.
"use strict";

(() => {
  const words = document.currentScript.dataset;
  const status = document.createElement("p");
  status.className = "visually-hidden";
  status.setAttribute("role", "status");
  document.body.append(status);

  const say = (text) => {
    status.textContent = "";
    setTimeout(() => (status.textContent = text), 50); // the same words twice are news as well
  };

  /** Copy without the clipboard's interface, which browsers may refuse, for files above all. */
  const copySelected = (element) => {
    getSelection().selectAllChildren(element);
    const done = document.execCommand("copy");
    if (done) getSelection().removeAllRanges(); // else it stays selected, ready to be copied by hand
    return done;
  };
  const copy = async (element) => {
    try {
      await navigator.clipboard.writeText(element.textContent);
      return true;
    } catch {
      return copySelected(element);
    }
  };

  for (const element of document.querySelectorAll("[data-copy]")) {
    const button = document.createElement("button");
    button.type = "button";
    button.className = "copy-button";
    button.textContent = words.label.replace("{what}", element.dataset.copy);
    const label = button.textContent;
    let timer = 0;
    button.addEventListener("click", async () => {
      const text = (await copy(element)) ? words.copied : words.failed;
      button.textContent = text;
      say(text);
      clearTimeout(timer);
      timer = setTimeout(() => (button.textContent = label), 2000);
    });
    element.after(button);
  }

  // sphinx-copybutton shows what has happened in this attribute, and tells nobody else.
  document.addEventListener(
    "click",
    (event) => {
      const button = event.target.closest(".copybtn");
      if (button) setTimeout(() => say(button.dataset.tooltip));
    },
    true, // before the icon that was clicked is replaced
  );
})();
