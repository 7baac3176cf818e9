// The figures are drawn when they come near the window; until then, and without this script, the tables say it all.
const draw = (figure) => {
  const { data, layout } = JSON.parse(figure.querySelector('script').textContent);
  Plotly.newPlot(figure.querySelector('.plot'), data, layout, { responsive: true, displayModeBar: false });
};
const seen = new IntersectionObserver((entries) => {
  for (const { isIntersecting, target } of entries) {
    if (isIntersecting) { seen.unobserve(target); draw(target); }
  }
}, { rootMargin: '600px' });
for (const figure of document.querySelectorAll('figure')) {
  const { layout } = JSON.parse(figure.querySelector('script').textContent);
  figure.querySelector('.plot').style.minHeight = `${layout.height}px`;
  figure.hidden = false;
  seen.observe(figure);
}
