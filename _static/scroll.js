// What is wider than the page scrolls in its own box; a box that scrolls can be reached with the
// keyboard, as some browsers do by themselves. One that shows everything is no stop on the way.
"use strict";

(() => {
  const boxes = "article :is(pre, .math-body, span.math, .table-wrapper, .diagram, .chart)";
  const observer = new ResizeObserver((entries) => {
    for (const { target } of entries) {
      const scrolls = target.scrollWidth > target.clientWidth && getComputedStyle(target).overflowX !== "visible";
      if (scrolls) target.tabIndex = 0;
      else target.removeAttribute("tabindex");
    }
  });
  for (const box of document.querySelectorAll(boxes)) observer.observe(box);
})();
