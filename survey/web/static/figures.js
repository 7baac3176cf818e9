// Draws a figure when it comes into view: Plotly's script and the figure's numbers are asked for only then.
(() => {
  "use strict";
  const figures = document.querySelectorAll("figure[data-figure]");
  let script;

  const plotly = (address) => script ??= new Promise((done, failed) => {
    const element = document.createElement("script");
    element.src = address;
    element.onload = () => done(window.Plotly);
    element.onerror = () => failed(new Error("script"));
    document.head.append(element);
  });

  const numbers = async (address) => {
    const answer = await fetch(address, { headers: { accept: "application/json" } });
    if (!answer.ok) throw new Error(String(answer.status));
    return answer.json();
  };

  const draw = async (figure) => {
    const words = figure.querySelector("p");
    figure.setAttribute("aria-busy", "true");
    try {
      const [library, { data, layout }] = await Promise.all([plotly(figure.dataset.script), numbers(figure.dataset.figure)]);
      const place = document.createElement("div");
      place.className = "drawing";
      // The table says the same in words; the drawing itself is an image to a screen reader.
      place.setAttribute("role", "img");
      place.setAttribute("aria-label", figure.querySelector("figcaption").textContent);
      words.replaceWith(place);
      await library.newPlot(place, data, layout, { responsive: true, displayModeBar: false });
    } catch {
      words.textContent = words.dataset.failed;
    }
    figure.removeAttribute("aria-busy");
  };

  const watch = new IntersectionObserver((entries) => {
    for (const entry of entries) {
      if (!entry.isIntersecting) continue;
      watch.unobserve(entry.target);
      draw(entry.target);
    }
  }, { rootMargin: "200px" });
  figures.forEach((figure) => watch.observe(figure));
})();
