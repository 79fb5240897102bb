// Ticks every second, also while the tab is hidden: browsers throttle the timers of hidden pages, but not those of workers.

setInterval(() => postMessage(0), 1000);
