// The console works without this script. It shows times in the time zone of the browser, asks for the day of that time zone, scrolls to
// the section of the page, and sends the token of a link.
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

// On a phone, not all sections are seen at once.
document.querySelector(".section[aria-current]")?.scrollIntoView({ block: "nearest", inline: "center" });

// "Today" is that of the browser.
for (const anchor of document.querySelectorAll("a[data-zone]")) {
  const url = new URL(anchor.href);
  url.searchParams.set("zone", -new Date().getTimezoneOffset());
  anchor.href = url;
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
