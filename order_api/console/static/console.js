// A page in the background asks for nothing.
document.addEventListener("htmx:beforeRequest", (event) => {
  const isRefresh = event.detail.elt.matches("[hx-trigger^=every]");
  if (isRefresh && document.hidden) event.preventDefault();
});

// What is shown may be out of date as soon as one refresh fails, and is current again after one that works.
const showStale = (isStale) => {
  document.querySelector(".stale").hidden = !isStale;
};
for (const failed of ["htmx:sendError", "htmx:responseError", "htmx:timeout"]) {
  document.addEventListener(failed, () => showStale(true));
}
document.addEventListener("htmx:afterRequest", (event) => {
  if (event.detail.successful) showStale(false);
});

// When a log-in has ended, the page stays and says so, so that nothing typed is lost.
const isTyped = () =>
  [...document.querySelectorAll("textarea, .own input")].some((field) => field.value !== field.defaultValue);
document.addEventListener("htmx:beforeOnLoad", (event) => {
  if (event.detail.xhr.status !== 401 || !isTyped()) return;
  event.preventDefault();
  document.querySelector(".ended").hidden = false;
});
