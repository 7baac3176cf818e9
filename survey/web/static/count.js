// The projector's live count. Without this script the page reloads itself.
const shown = document.getElementById("count");
const events = new EventSource(shown.dataset.events);
events.onmessage = (event) => { shown.textContent = event.data; };
events.addEventListener("over", () => events.close());
