// The console works without this script. It shows times in the time zone of the browser, and sends the token of a link.
"use strict";

function localTimes(root) {
  const format = new Intl.DateTimeFormat(document.documentElement.lang, { dateStyle: "medium", timeStyle: "medium" });
  for (const time of root.querySelectorAll("time[datetime]")) {
    const at = new Date(time.dateTime);
    if (!Number.isNaN(at.getTime())) {
      time.title = time.dateTime;
      time.textContent = format.format(at);
    }
  }
}

localTimes(document);
document.addEventListener("htmx:load", (event) => localTimes(event.detail.elt.parentElement ?? document));

// The token of a link leaves the address, so that it does not stay in the history.
const link = document.querySelector("form[data-link]");
const token = location.hash.slice(1);
if (link && token) {
  history.replaceState(null, "", location.pathname);
  link.elements.token.value = token;
  link.requestSubmit();
}
