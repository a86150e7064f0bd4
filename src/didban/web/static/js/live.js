// How much waits is asked for again from time to time: ever less often while nothing changes and not
// at all while nobody looks. Numbers in the margin change in place; of what is new in a list only a
// line at the edge of the window tells, so that nothing moves under anybody's hand.
"use strict";
(() => {
  const places = new Map([...document.querySelectorAll("[data-count]")].map((one) => [one.dataset.count, one]));
  const notice = document.getElementById("news");
  if (!places.size || !notice) return;
  const SHORTEST = 10_000;
  const LONGEST = 160_000;
  const number = new Intl.NumberFormat(document.documentElement.lang, { numberingSystem: notice.dataset.digits });
  const atFirst = new Map([...places].map(([name, one]) => [name, Number(one.dataset.waiting)]));
  let pause = SHORTEST;
  let timer = 0;

  function tell(counts) {
    let isChanged = false;
    let fresh = 0;
    for (const [name, one] of places) {
      const now = counts[name];
      if (now === undefined || now === Number(one.dataset.waiting)) continue;
      isChanged = true;
      one.dataset.waiting = now;
      one.textContent = number.format(now);
      one.hidden = now === 0;
    }
    for (const [name, before] of atFirst) fresh += Math.max((counts[name] ?? before) - before, 0);
    notice.hidden = fresh === 0;
    notice.querySelector("[data-news-number]").textContent = number.format(fresh);
    return isChanged;
  }

  async function ask() {
    if (document.hidden) return;
    try {
      const answer = await fetch(notice.dataset.from, { headers: { accept: "application/json" }, redirect: "error" });
      if (!answer.ok) return;
      pause = tell(await answer.json()) ? SHORTEST : Math.min(pause * 2, LONGEST);
    } catch {
      pause = LONGEST;
    }
    timer = setTimeout(ask, pause);
  }

  document.addEventListener("visibilitychange", () => {
    clearTimeout(timer);
    if (!document.hidden) timer = setTimeout(ask, 500);
  });
  timer = setTimeout(ask, pause);
})();
