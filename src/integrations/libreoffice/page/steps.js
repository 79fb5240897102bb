// Between the viewer and LibreOffice's script that plays slides: takes steps and pages, tells which page is shown.
'use strict';

// The viewer has the keys, the mouse and the fingers.
document.onkeydown = document.onkeypress = document.onmouseup = window.onmousewheel = null;

const tell = message => parent.postMessage(message, '*');
let failed = false;
addEventListener('error', () => { if (!failed) { failed = true; tell({ failed }); } });

// After `init`, which the other script has put there before. The first slide may come in by a transition.
addEventListener('load', () => {
  if (!theMetaDoc) return;
  const set = theMetaDoc.setCurrentSlide;
  theMetaDoc.setCurrentSlide = function (index) {
    set.call(this, index);
    turned();
  };
  if (typeof nCurSlide === 'number') turned();
});

let ready = false;
function turned() {
  tell(ready ? { page: nCurSlide + 1 } : { ready: true });
  ready = true;
}

addEventListener('message', ({ source, data }) => {
  if (source !== parent || failed || !ready) return;
  if (data.step > 0) {
    // The script would begin again after the last slide.
    if (!aSlideShow.nextEffect() && nCurSlide + 1 < theMetaDoc.nNumberOfSlides) switchSlide(1, false);
  } else if (data.step < 0) {
    if (aSlideShow.hasAnyEffectStarted() || nCurSlide > 0) aSlideShow.rewindEffect();
  } else if (data.page - 1 !== nCurSlide) {
    aSlideShow.displaySlide(data.page - 1, true);
  }
});
