// A page that nobody looks at asks for nothing.
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
